import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, openAde, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';

const ade = shareAde();

test('a dialog gives the focus back to the button that opened it, by Esc and by its own button', async () => {
  const page = await openIris();
  const openers: readonly [Locator, string][] = [
    [page.getByRole('button', { name: 'Import', exact: true }), 'Import'],
    [page.getByRole('button', { name: 'Export', exact: true }), 'Export Iris'],
    [page.getByRole('button', { name: 'Add a block' }), 'Add a block'],
  ];
  for (const [opener, name] of openers) {
    const dialog = page.getByRole('dialog', { name });
    await opener.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    expect(await comesBack(dialog, opener)).toBe(true);
    await opener.press('Enter');
    await dialog.getByRole('button', { name: 'Cancel' }).press('Enter');
    expect(await comesBack(dialog, opener)).toBe(true);
  }
});

test('a drawer gives the focus back to what opened it', async () => {
  const page = await openIris();
  const opener = page.getByRole('region', { name: 'Block human' }).getByRole('button', { name: 'History' });
  const drawer = page.getByRole('dialog', { name: 'History of human' });
  await opener.press('Enter');
  await drawer.waitFor();
  await page.keyboard.press('Escape');
  expect(await comesBack(drawer, opener)).toBe(true);
  await opener.press('Enter');
  await drawer.getByRole('button', { name: 'Close' }).press('Enter');
  expect(await comesBack(drawer, opener)).toBe(true);
});

test('a dialog that a line of a menu opened gives the focus back to the button of the menu', async () => {
  const page = await openIris();
  const menus: readonly [string, string, string][] = [
    ['More for human', 'Settings', 'Settings of human'],
    ['More for Iris', 'Export', 'Export Iris'],
  ];
  for (const [button, line, name] of menus) {
    const opener = page.getByRole('button', { name: button, exact: true });
    const dialog = page.getByRole('dialog', { name });
    await opener.press('Enter');
    await page.getByRole('menuitem', { name: line, exact: true }).press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    expect(await comesBack(dialog, opener)).toBe(true);
  }
});

test('where the opener is gone with what it belonged to, the focus goes to the composer', async () => {
  const page = await openIris();
  const opener = page.getByRole('button', { name: 'More for Second', exact: true });
  await opener.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete', exact: true }).press('Enter');
  await eventually(() => opener.count()).toBe(0);
  await eventually(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Message');
});

async function comesBack(dialog: Locator, opener: Locator): Promise<boolean> {
  await eventually(() => dialog.count()).toBe(0);
  await eventually(() => isFocused(opener)).toBe(true);
  return isFocused(opener);
}

function isFocused(opener: Locator): Promise<boolean> {
  return opener.evaluate((element) => element === element.ownerDocument.activeElement);
}

async function openIris(): Promise<Page> {
  const { url, browser } = ade();
  const { agents } = await call(url, 'agents.list', {});
  for (const { id } of agents) await call(url, 'agents.delete', { agent_id: id });
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const { id } = await call(url, 'agents.create', { name: 'Iris', blocks });
  await call(url, 'conversations.create', { agent_id: id, title: 'Second' });
  const page = await openAde(url, { browser, agent_id: id });
  await eventually(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Message');
  // What fills the window was read; later it may be of a conversation that is deleted.
  await page.getByRole('meter', { name: 'Context window' }).waitFor();
  return page;
}
