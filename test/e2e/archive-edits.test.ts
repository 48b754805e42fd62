import { expect, onTestFinished, test } from 'vitest';
import { block, choose, eventually, openAde, openPage, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { openRelay } from '../helpers/relay.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const ade = shareAde();

test('an entry edited during a search stays selected and in sight, though it no longer matches', async () => {
  const { url, browser } = ade();
  const iris = await agentNamed('Iris');
  for (const text of ['The lease ends in May', 'The lease costs 900', 'The cat is Figo']) {
    await call(url, 'archive.add', { agent_id: iris, text, tags: [] });
  }
  const page = await openPage(url, { browser, path: `#/archive/${iris}` });
  await page.getByRole('searchbox', { name: 'Search archive' }).fill('lease costs');
  const list = page.getByRole('list', { name: 'Archive entries' });
  await eventually(() => list.textContent()).not.toContain('Figo');
  await list.getByText('costs').first().click();
  const detail = page.getByRole('complementary', { name: 'Entry' });
  await detail.getByRole('button', { name: 'Edit' }).click();
  await detail.getByRole('textbox', { name: 'Text of the entry' }).fill('Rent: nine hundred');
  await detail.getByRole('button', { name: 'Save entry' }).click();
  await eventually(() => detail.getByRole('textbox').count()).toBe(0);
  await call(url, 'archive.add', { agent_id: iris, text: 'Another lease', tags: [] });
  await eventually(() => list.textContent()).toContain('Another lease');
  expect(await list.textContent()).toContain('Rent: nine hundred');
  expect(await detail.textContent()).toContain('Rent: nine hundred');
  await page.getByRole('searchbox', { name: 'Search archive' }).fill('lease');
  await eventually(() => list.textContent()).not.toContain('Rent: nine hundred');
});

test('commas make tags, typed and pasted', async () => {
  const { url, browser } = ade();
  const iris = await agentNamed('Iris');
  const page = await openPage(url, { browser, path: `#/archive/${iris}` });
  await page.getByRole('button', { name: 'Add entry' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add entry' });
  const tags = dialog.getByRole('textbox', { name: 'Tags' });
  await dialog.getByRole('textbox', { name: 'Text of the entry' }).fill('The lease ends in May');
  await tags.pressSequentially('home, b');
  await tags.evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', 'x, y');
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await tags.fill('2026, rent');
  await dialog.getByRole('button', { name: 'Save entry' }).click();
  await eventually(() => dialog.count()).toBe(0);
  const { passages } = await call(url, 'archive.list', { agent_id: iris });
  expect(passages[0]?.tags).toEqual(['2026', 'b', 'home', 'rent', 'x', 'y']);
});

test('after the backend was away the pane lists what the archive holds now', async () => {
  const dataDir = tempDir();
  const first = await spawnServer(dataDir, {});
  onTestFinished(() => first.kill());
  const relay = await openRelay(first.url);
  const page = await openAde(relay.url, { browser: ade().browser, may_lose_backend: true });
  await first.kill();
  await page.getByRole('status').filter({ hasText: 'this window tries again by itself' }).waitFor();
  const second = await spawnServer(dataDir, {});
  onTestFinished(() => second.kill());
  const { agents } = await call(second.url, 'agents.list', {});
  const agent_id = agents[0]?.id ?? '';
  await call(second.url, 'archive.add', { agent_id, text: 'Filed meanwhile', tags: [] });
  relay.lead(second.url);
  const peek = page.getByRole('region', { name: 'Archive', exact: true });
  await eventually(() => peek.textContent()).toContain('Filed meanwhile');
  await eventually(() => peek.textContent()).toContain('1 entry');
  expect(await peek.textContent()).not.toContain('files things here');
});

test('recent changes are those of this agent and name the act', async () => {
  const { url, browser } = ade();
  const iris = await agentNamed('Iris');
  const otto = await agentNamed('Otto');
  const page = await openAde(url, { browser, agent_id: iris });
  const feed = page.getByRole('list', { name: 'Recent changes' });
  const first = (): Promise<string | null> => feed.getByRole('listitem').first().textContent();
  await call(url, 'blocks.create', { agent_id: otto, label: 'secret', value: 'Of Otto alone' });
  const shared = await call(url, 'blocks.create', { agent_id: otto, label: 'house', value: 'Quiet' });
  await choose(page, 'human', 'Make it read-only');
  await eventually(first).toContain('human set read-only');
  expect(await feed.textContent()).not.toContain('secret');
  expect(await feed.textContent()).not.toContain('house');

  await call(url, 'blocks.attach', { agent_id: iris, block_id: shared.id });
  await eventually(() => feed.textContent()).toContain('house created');
  await choose(page, 'house', 'Settings');
  const settings = page.getByRole('dialog', { name: 'Settings of house' });
  await settings.getByLabel('Limit in characters').fill('900');
  await settings.getByRole('button', { name: 'Save' }).click();
  await eventually(first).toContain('house limit changed to 900');
  await choose(page, 'persona', 'Delete');
  await eventually(() => block(page, 'persona').count()).toBe(0);
  await eventually(first).toContain('persona deleted');
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await eventually(() => block(page, 'persona').count()).toBe(1);
  await eventually(() => feed.textContent()).toContain('persona undone');
  expect(await feed.textContent()).not.toContain('no words');
  expect(await feed.textContent()).not.toContain('secret');
});

async function agentNamed(name: string): Promise<string> {
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  return (await call(ade().url, 'agents.create', { name, blocks })).id;
}
