import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { choose, eventually, openAde, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';

const ade = shareAde();

const COUNT = 120;

test('of many conversations those in sight are in the page, and each says which one of all it is', async () => {
  const { page, rows } = await openMany();
  await eventually(() => rows.count()).toBeGreaterThan(5);
  expect(await rows.count()).toBeLessThan(60);
  const all = `${COUNT + 1}`;
  expect(await rows.first().getAttribute('aria-setsize')).toBe(all);
  await page.getByRole('list', { name: 'Conversations' }).locator('..').evaluate(toEnd);
  await eventually(() => rows.last().getAttribute('aria-posinset')).toBe(all);
  expect(await rows.count()).toBeLessThan(60);
});

test('the arrows lead through all conversations, Tab stops at one, and the focus survives the way', async () => {
  const { page, agent_id } = await openMany();
  const list = page.getByRole('list', { name: 'Conversations' });
  const stops = list.locator('button:not([tabindex="-1"])');
  await eventually(() => stops.count()).toBe(2);
  await list.locator('[aria-current=true]').focus();
  await page.keyboard.press('End');
  await eventually(() => focusedPlace(page)).toBe(COUNT + 1);
  await page.keyboard.press('ArrowUp');
  await eventually(() => focusedPlace(page)).toBe(COUNT);
  expect(await stops.count()).toBe(2);
  // The row with the focus stays, however far one scrolls.
  await list.locator('..').evaluate(toStart);
  await eventually(() => list.getByRole('listitem').first().getAttribute('aria-posinset')).toBe('1');
  expect(await focusedPlace(page)).toBe(COUNT);
  const title = await page.evaluate<string>('document.activeElement.title');
  await page.keyboard.press('Enter');
  const { conversations } = await call(ade().url, 'conversations.list', { agent_id });
  const id = conversations.find((each) => each.title === title)?.id ?? '';
  await eventually(() => page.url()).toContain(id);
});

test('a conversation far down is renamed in its place', async () => {
  const { page, agent_id } = await openMany();
  const list = page.getByRole('list', { name: 'Conversations' });
  const oldest = list.getByRole('button', { name: 'More for Talk 2', exact: true });
  await eventually(async () => {
    // Rows are measured as they come into sight, so the end moves away until the last of them was.
    await list.locator('..').evaluate(toEnd);
    return oldest.count();
  }).toBe(1);
  await choose(page, 'Talk 2', 'Rename');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Kept');
  await page.keyboard.press('Enter');
  await eventually(() => list.getByRole('button', { name: 'Kept' }).first().isVisible()).toBe(true);
  const row = list.locator('.held', { hasText: 'Kept' }).getByRole('button').first();
  await eventually(() => row.evaluate((each) => each === document.activeElement)).toBe(true);
  await choose(page, 'Kept', 'Delete');
  // The row that came into its place has the focus.
  await eventually(() => row.count()).toBe(0);
  await eventually(() => list.evaluate((all) => all.contains(document.activeElement))).toBe(true);
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await row.waitFor();
  const { conversations } = await call(ade().url, 'conversations.list', { agent_id });
  expect(conversations.map(({ title }) => title)).toContain('Kept');
});

test('of many agents those in sight are in the page, and the search finds any', async () => {
  const { url, browser } = ade();
  for (let at = 1; at <= 60; at += 1) {
    await call(url, 'agents.create', { name: `Agent number ${at}`, blocks: [{ label: 'human' }] });
  }
  const page = await openAde(url, { browser });
  const list = page.getByRole('list', { name: 'Agents' });
  await eventually(() => list.getByRole('listitem').count()).toBeGreaterThan(3);
  expect(await list.getByRole('listitem').count()).toBeLessThan(40);
  await page.getByRole('button', { name: 'Search agents' }).click();
  await page.getByRole('searchbox', { name: 'Search agents' }).fill('number 1');
  await eventually(() => list.getByRole('listitem').first().getAttribute('aria-setsize')).toBe('11');
  await list.getByRole('button', { name: 'Agent number 1', exact: true }).click();
  await eventually(() => page.getByRole('main').getByRole('heading', { level: 1 }).textContent()).toBe(
    'Agent number 1',
  );
});

type Many = {
  readonly page: Page;
  readonly rows: ReturnType<Page['getByRole']>;
  readonly agent_id: string;
};

/** An agent of its own with many conversations. */
async function openMany(): Promise<Many> {
  const { url, browser } = ade();
  const name = `Agent ${crypto.randomUUID().slice(0, 8)}`;
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const { id } = await call(url, 'agents.create', { name, blocks });
  for (let at = 1; at <= COUNT; at += 1) {
    await call(url, 'conversations.create', { agent_id: id, title: `Talk ${at}` });
  }
  const page = await openAde(url, { browser, agent_id: id });
  const rows = page.getByRole('list', { name: 'Conversations' }).getByRole('listitem');
  return { page, rows, agent_id: id };
}

/** Which conversation of all has the focus, from 1. */
function focusedPlace(page: Page): Promise<number> {
  return page.evaluate<number>(
    "Number(document.activeElement.closest('[aria-posinset]')?.getAttribute('aria-posinset'))",
  );
}

function toEnd(box: { scrollTop: number; scrollHeight: number }): void {
  box.scrollTop = box.scrollHeight;
}

function toStart(box: { scrollTop: number }): void {
  box.scrollTop = 0;
}
