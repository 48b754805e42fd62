import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, openAde, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const ade = shareAde();

test('a new agent opens without a complaint, and its row is in sight among many', async () => {
  const { url, browser } = ade();
  for (let at = 0; at < 30; at += 1) await call(url, 'agents.create', { name: `Filler ${at}` });
  const page = await openAde(url, { browser });
  const asked: string[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('agents.context') && response.status() >= 400) asked.push(response.url());
  });
  const list = page.getByRole('list', { name: 'Agents' });
  for (let at = 0; at < 3; at += 1) {
    const before = await countOf(list);
    await page.getByRole('button', { name: 'New agent' }).click();
    await eventually(() => countOf(list)).toBe(before + 1);
    const row = list.locator('[aria-current=true]');
    await eventually(() => row.textContent()).toContain('Agent ');
    const box = await row.boundingBox();
    const room = await list.boundingBox();
    if (box === null || room === null) throw new Error('No row is drawn.');
    expect(box.y).toBeGreaterThanOrEqual(room.y - 1);
    expect(box.y + box.height).toBeLessThanOrEqual(room.y + room.height + 1);
    expect(await page.locator('.toast').count()).toBe(0);
  }
  expect(asked).toEqual([]);
});

test('an import counts in the singular, says which model is missing, and can be undone', async () => {
  const { url, browser } = ade();
  const file = join(tempDir(), 'Clio.af');
  writeFileSync(file, JSON.stringify(agentFile()));
  const page = await openAde(url, { browser });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(file);
  await eventually(() => dialog.textContent()).toContain('1 source in the file is kept');
  await dialog.getByRole('button', { name: 'Import 1 agent' }).click();
  const row = page.getByRole('list', { name: 'Agents' }).getByRole('button', { name: 'Clio', exact: true });
  await eventually(() => row.getAttribute('aria-description')).toBe('anthropic/claude-x not connected');

  const toast = page.locator('.toast');
  await eventually(() => toast.textContent()).toContain('1 agent was imported');
  await toast.getByRole('button', { name: 'Undo' }).click();
  await eventually(() => row.count()).toBe(0);
  await eventually(() => toast.textContent()).toContain('1 agent is in the trash');
  expect((await call(url, 'agents.list', {})).agents.map(({ name }) => name)).not.toContain('Clio');
});

test('a file this app exported is imported without a word about embedding models', async () => {
  const { url, browser } = ade();
  const agent = await call(url, 'agents.create', { name: 'Iris' });
  const { text } = await call(url, 'agents.export', { agent_id: agent.id });
  const file = join(tempDir(), 'Iris.af');
  writeFileSync(file, text);
  const page = await openAde(url, { browser });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(file);
  await dialog.getByRole('button', { name: 'Import 1 agent' }).waitFor();
  expect(await dialog.textContent()).not.toContain('embedding');
});

test('a long name breaks inside the title of a dialog', async () => {
  const { url, browser } = ade();
  const agent = await call(url, 'agents.create', { name: 'W'.repeat(90) });
  const page = await openAde(url, { browser, agent_id: agent.id });
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = await page.getByRole('dialog').boundingBox();
  const title = await page.getByRole('dialog').getByRole('heading').boundingBox();
  if (dialog === null || title === null) throw new Error('No dialog is open.');
  expect(title.height).toBeGreaterThan(30);
  const fits = await page.getByRole('dialog').evaluate((box) => box.scrollWidth <= box.clientWidth);
  expect(fits).toBe(true);
});

function agentFile(): object {
  const prompt = { id: 'message-0', role: 'system', content: [{ type: 'text', text: 'You remember.' }] };
  return {
    agents: [
      {
        id: 'agent-0',
        name: 'Clio',
        model: 'anthropic/claude-x',
        agent_type: 'letta_v1_agent',
        block_ids: ['block-0'],
        tool_ids: [],
        in_context_message_ids: ['message-0'],
        messages: [prompt],
      },
    ],
    blocks: [{ id: 'block-0', label: 'human', value: '', limit: 5000 }],
    tools: [],
    groups: [],
    files: [],
    sources: [{ id: 'source-0', name: 'Papers' }],
    mcp_servers: [],
  };
}

/** How many agents there are, as the list says: those out of sight are not in the page. */
async function countOf(list: Locator): Promise<number> {
  return Number(await list.getByRole('listitem').first().getAttribute('aria-setsize'));
}
