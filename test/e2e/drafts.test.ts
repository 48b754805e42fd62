import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { block, eventually, openAde, send, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { openRelay } from '../helpers/relay.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const ade = shareAde();

test('what was typed and not sent waits in its conversation, through other ones, other pages and a reload', async () => {
  const { page, agent_id } = await openIris();
  await call(ade().url, 'conversations.create', { agent_id, title: 'Second' });
  const rows = page.getByRole('list', { name: 'Conversations' });
  await message(page).fill('Half a sentence');
  await rows.getByText('Second').click();
  await eventually(() => message(page).inputValue()).toBe('');
  await message(page).fill('Words for the second');
  await rows.getByText('New conversation').click();
  await eventually(() => message(page).inputValue()).toBe('Half a sentence');
  await page.getByRole('link', { name: 'Archive' }).click();
  await page.getByRole('link', { name: 'Chat' }).click();
  await eventually(() => message(page).inputValue()).toBe('Half a sentence');
  await page.reload();
  await eventually(() => message(page).inputValue()).toBe('Half a sentence');
  await rows.getByText('Second').click();
  await eventually(() => message(page).inputValue()).toBe('Words for the second');
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('an open block edit survives another page, a reload and Esc; Cancel gives it up', async () => {
  const { page } = await openIris();
  const value = page.getByRole('textbox', { name: 'Value of human' });
  await block(page, 'human').getByRole('button', { name: 'Edit human' }).click();
  await value.fill('Lives in Lisbon');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.goBack();
  await eventually(() => value.inputValue()).toBe('Lives in Lisbon');
  await page.reload();
  await eventually(() => value.inputValue()).toBe('Lives in Lisbon');
  await value.press('Escape');
  await block(page, 'human').getByRole('button', { name: 'Edit human' }).click();
  await eventually(() => value.inputValue()).toBe('Lives in Lisbon');
  await block(page, 'human').getByRole('button', { name: 'Cancel' }).click();
  await block(page, 'human').getByRole('button', { name: 'Edit human' }).click();
  await eventually(() => value.inputValue()).toBe('');
  await value.fill('Lives in Porto');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await eventually(() => block(page, 'human').textContent()).toContain('Lives in Porto');
  await eventually(() => value.count()).toBe(0);
  await page.reload();
  await block(page, 'human').waitFor();
  expect(await value.count()).toBe(0);
});

test('unsaved settings of an agent survive a visit to another page', async () => {
  const { page } = await openIris();
  await page.getByRole('link', { name: 'Settings' }).click();
  const description = page.getByRole('textbox', { name: 'Description' });
  await description.fill('Keeps the plan');
  await page.getByRole('link', { name: 'Chat' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await eventually(() => description.inputValue()).toBe('Keeps the plan');
  await page.getByRole('button', { name: 'Save Identity' }).click();
  await eventually(() => page.getByRole('button', { name: 'Revert' }).count()).toBe(0);
  await page.reload();
  await eventually(() => description.inputValue()).toBe('Keeps the plan');
  expect(await page.getByRole('button', { name: 'Revert' }).count()).toBe(0);
});

test('Esc in the dialog for an entry keeps its text and tags, also through another page', async () => {
  const { page } = await openIris();
  await page.getByRole('link', { name: 'Archive' }).click();
  await page.getByRole('button', { name: 'Add entry' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add entry' });
  await dialog.getByRole('textbox', { name: 'Text of the entry' }).fill('The lease ends in May');
  await dialog.getByRole('textbox', { name: 'Tags' }).fill('home, ');
  await page.keyboard.press('Escape');
  await eventually(() => dialog.count()).toBe(0);
  await page.getByRole('link', { name: 'Chat' }).click();
  await page.getByRole('link', { name: 'Archive' }).click();
  await page.getByRole('button', { name: 'Add entry' }).first().click();
  expect(await dialog.getByRole('textbox', { name: 'Text of the entry' }).inputValue()).toBe(
    'The lease ends in May',
  );
  await dialog.getByRole('button', { name: 'Remove the tag home' }).waitFor();
});

test('a message that could not be sent is back in its box, and the notice goes with the return of the backend', async () => {
  const dataDir = tempDir();
  const first = await spawnServer(dataDir, {});
  onTestFinished(() => first.kill());
  const relay = await openRelay(first.url);
  const page = await openAde(relay.url, { browser: ade().browser, may_lose_backend: true });
  await eventually(() => message(page).isEnabled()).toBe(true);
  await first.kill();
  await send(page, 'Are you there?');
  const notice = page.getByRole('alert').filter({ hasText: 'Not sent' });
  await eventually(() => notice.count()).toBe(1);
  expect(await message(page).inputValue()).toBe('Are you there?');
  const second = await spawnServer(dataDir, {});
  onTestFinished(() => second.kill());
  relay.lead(second.url);
  await eventually(() => notice.count()).toBe(0);
  expect(await message(page).inputValue()).toBe('Are you there?');
});

test('where the browser forbids or has no room for storage, the window opens and works', async () => {
  const { url, browser } = ade();
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(`for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, { get() { throw new DOMException('Denied', 'SecurityError'); } })`);
  await works(page, url);
  const full = await context.newPage();
  full.on('pageerror', (error) => errors.push(error.message));
  await full.addInitScript(
    `Storage.prototype.setItem = () => { throw new DOMException('Full', 'QuotaExceededError'); }`,
  );
  await works(full, url);
  expect(errors).toEqual([]);
});

async function works(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/ade/`);
  await message(page).waitFor();
  await eventually(() => message(page).isEnabled()).toBe(true);
  await send(page, 'My name is Kit');
  await eventually(() => page.getByRole('article', { name: 'You' }).last().textContent()).toContain('Kit');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('group', { name: 'Theme' }).getByText('Dark').click();
  await eventually(() => page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
}

async function openIris(): Promise<{ page: Page; agent_id: string }> {
  const { url, browser } = ade();
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const { id } = await call(url, 'agents.create', { name: 'Iris', blocks });
  const page = await openAde(url, { browser, agent_id: id });
  await eventually(() => message(page).isEnabled()).toBe(true);
  return { page, agent_id: id };
}

function message(page: Page): ReturnType<Page['getByRole']> {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}
