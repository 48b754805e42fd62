import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, openAde, openPage, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';

const ade = shareAde();

test('the address names the agent, the conversation and the page, and opens them again', async () => {
  const { iris, otto } = await twoAgents();
  const page = await openAde(ade().url, { browser: ade().browser, agent_id: iris.id });
  await eventually(() => hashOf(page)).toMatch(new RegExp(`^#/chat/${iris.id}/conv-`));
  const atIris = hashOf(page);
  await page.getByRole('button', { name: 'Otto', exact: true }).first().click();
  await eventually(() => hashOf(page)).toMatch(new RegExp(`^#/chat/${otto.id}/conv-`));
  const atOtto = hashOf(page);
  await page.getByRole('link', { name: 'Settings' }).click();
  await eventually(() => hashOf(page)).toBe(`#/settings/${otto.id}`);

  await page.reload();
  await eventually(() => page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Otto');
  await page.goBack();
  await eventually(() => hashOf(page)).toBe(atOtto);
  await heading(page, 'Otto');
  await page.goBack();
  await eventually(() => hashOf(page)).toBe(atIris);
  await heading(page, 'Iris');
  await page.goForward();
  await heading(page, 'Otto');
  expect(hashOf(page)).toBe(atOtto);

  const other = await openPage(ade().url, { browser: ade().browser, path: atIris });
  await heading(other, 'Iris');
  expect(hashOf(other)).toBe(atIris);
});

test('a conversation has an address of its own, and Back returns to the one before', async () => {
  const { iris } = await twoAgents();
  const { conversations } = await call(ade().url, 'conversations.list', { agent_id: iris.id });
  const second = await call(ade().url, 'conversations.create', { agent_id: iris.id, title: 'Second' });
  const first = `#/chat/${iris.id}/${conversations[0]?.id}`;
  const page = await openAde(ade().url, { browser: ade().browser, path: first });
  await heading(page, 'Iris');
  await page.getByRole('list', { name: 'Conversations' }).getByText('Second').click();
  await eventually(() => hashOf(page)).toBe(`#/chat/${iris.id}/${second.id}`);
  await page.reload();
  await eventually(() => current(page, 'Conversations')).toContain('Second');
  await page.goBack();
  await eventually(() => hashOf(page)).toBe(first);
  await eventually(() => current(page, 'Conversations')).not.toContain('Second');
  expect(hashOf(page)).toBe(first);
});

test('an archive entry has an address, also one far down, and Back leaves it', async () => {
  const { iris } = await twoAgents();
  const { url, browser } = ade();
  const old = await call(url, 'archive.add', { agent_id: iris.id, text: 'The oldest entry', tags: [] });
  for (let at = 0; at < 60; at += 1) {
    await call(url, 'archive.add', { agent_id: iris.id, text: `Entry ${at}`, tags: [] });
  }
  const page = await openPage(url, { browser, path: `#/archive/${iris.id}/${old.id}` });
  const detail = page.getByRole('complementary', { name: 'Entry' });
  await eventually(() => detail.textContent()).toContain('The oldest entry');
  expect(hashOf(page)).toBe(`#/archive/${iris.id}/${old.id}`);

  const list = await openPage(url, { browser, path: `#/archive/${iris.id}` });
  await list.getByRole('list', { name: 'Archive entries' }).getByText('Entry 59').click();
  await eventually(() => hashOf(list)).toMatch(new RegExp(`^#/archive/${iris.id}/passage-`));
  await list.reload();
  const shown = list.getByRole('complementary', { name: 'Entry' });
  await eventually(() => shown.textContent()).toContain('Entry 59');
  await list.goBack();
  await eventually(() => shown.textContent()).toContain('No entry is chosen');
});

test('an address that names no page, or an agent that is not here, leads to the start', async () => {
  const { iris } = await twoAgents();
  const { url, browser } = ade();
  const page = await openAde(url, { browser, agent_id: iris.id, path: '#/nonsense' });
  await eventually(() => hashOf(page)).toMatch(new RegExp(`^#/chat/${iris.id}/conv-`));

  await page.evaluate("location.hash = '#/more/nonsense'");
  await eventually(() => hashOf(page)).toMatch(new RegExp(`^#/chat/${iris.id}/conv-`));

  const path = '#/archive/agent-00000000-0000-4000-8000-000000000000';
  const lost = await openAde(url, { browser, agent_id: iris.id, path });
  await eventually(() => lost.locator('.toast').textContent()).toContain(
    'The agent of this address is not here',
  );
  await eventually(() => hashOf(lost)).toMatch(new RegExp(`^#/chat/${iris.id}/conv-`));
  await heading(lost, 'Iris');
  expect(await lost.getByRole('dialog').count()).toBe(0);
});

/** Two agents of this test alone. */
async function twoAgents(): Promise<{ iris: { id: string }; otto: { id: string } }> {
  const { url } = ade();
  const { agents } = await call(url, 'agents.list', {});
  for (const { id } of agents) await call(url, 'agents.delete', { agent_id: id });
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const otto = await call(url, 'agents.create', { name: 'Otto', blocks });
  const iris = await call(url, 'agents.create', { name: 'Iris', blocks });
  return { iris, otto };
}

function hashOf(page: Page): string {
  return new URL(page.url()).hash;
}

async function heading(page: Page, name: string): Promise<void> {
  await eventually(() => page.getByRole('main').getByRole('heading', { level: 1 }).textContent()).toBe(name);
}

async function current(page: Page, list: string): Promise<string | null> {
  return page.getByRole('list', { name: list }).locator('[aria-current=true]').first().textContent();
}
