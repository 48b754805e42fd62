import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Agent } from '../../shared/contract/agents.ts';
import { block, choose, eventually, lastAnswer, openAde, say, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const shared = shareAde();

test('an imported agent whose provider is missing answers with the demo model, and the window says so and why', async () => {
  const page = await importThroughWindow({
    name: 'Clio',
    model: 'anthropic/claude-x',
    agent_type: 'letta_v1_agent',
  });
  const head = page.getByRole('main');
  await eventually(() => head.getByText('anthropic not connected').count()).toBe(1);
  const why = page.getByRole('status').filter({ hasText: 'ANTHROPIC_API_KEY' });
  await eventually(() => why.count()).toBe(1);
  expect(await why.textContent()).toContain('The built-in demo model answers until then.');

  await say(page, 'My name is Kit', 'Clio');
  await eventually(() => lastAnswer(page, 'Clio').textContent()).toContain('Kit');
  expect(await head.getByText('anthropic not connected').isVisible()).toBe(true);
});

test('an agent whose key is missing names the key', async () => {
  const page = await importThroughWindow({
    name: 'Gaia',
    model: 'openai/gpt-4o-mini',
    agent_type: 'letta_v1_agent',
  });
  const why = page.getByRole('status').filter({ hasText: 'OPENAI_API_KEY' });
  await eventually(() => why.count()).toBe(1);
  expect(await page.getByRole('main').getByText('openai not connected').isVisible()).toBe(true);
});

test('an agent of the MemGPT type speaks through send_message, and the talk shows plain speech', async () => {
  const { url, browser } = shared();
  const { id } = await call(url, 'agents.create', {
    name: 'Mnemosyne',
    agent_type: 'memgpt_agent',
    blocks: [{ label: 'human' }, { label: 'persona' }],
  });
  const page = await openAde(url, { browser, agent_id: id });
  await say(page, 'My name is Kit', 'Mnemosyne');
  const answer = lastAnswer(page, 'Mnemosyne');
  await eventually(() => answer.textContent()).toContain('Kit');
  const conversation = await firstConversation(url, id);
  const { messages } = await call(url, 'messages.list', { conversation_id: conversation });
  const spoken = messages.filter((message) =>
    message.tool_calls.some((each) => each.name === 'send_message'),
  );
  expect(spoken).not.toEqual([]);

  await eventually(() => answer.textContent()).toContain(spoken.at(-1)?.text ?? '-');
  expect(await talk(page).getByRole('group', { name: 'Tool call send_message' }).count()).toBe(0);
  expect(await talk(page).textContent()).not.toContain('"message"');
});

test('an agent deleted in the list goes at once, without a question, and Undo brings back its memory and talk', async () => {
  const { url, browser } = shared();
  const { id, name } = await makeAgent('Nora');
  const page = await openAde(url, { browser, agent_id: id });
  await say(page, 'My name is Kit', name);
  await choose(page, name, 'Delete');
  await eventually(() => agentNamed(page, name).count()).toBe(0);
  expect(await page.getByRole('dialog').count()).toBe(0);
  await undo(page, `${name} was moved to the trash`);

  await eventually(() => agentNamed(page, name).getAttribute('aria-current')).toBe('true');
  await eventually(() => block(page, 'human').textContent()).toContain('Kit');
  await eventually(() => page.getByRole('article', { name: 'You' }).allTextContents()).toEqual([
    'My name is Kit',
  ]);
});

test('Settings say what goes with an agent and what stays, and its deletion can be undone just so', async () => {
  const { url, browser } = shared();
  const ledger = await makeAgent('Ledger');
  const bento = await makeAgent('Bento');
  const household = await call(url, 'blocks.create', {
    agent_id: ledger.id,
    label: 'household',
    value: 'Two cats',
  });
  await call(url, 'blocks.attach', { block_id: household.id, agent_id: bento.id });
  await call(url, 'archive.add', { agent_id: bento.id, text: 'A quote of the removal firm' });
  const page = await openAde(url, { browser, agent_id: bento.id });
  await say(page, 'I like tea', 'Bento');
  await page.getByRole('link', { name: 'Settings' }).click();
  const section = page.getByRole('region', { name: 'Delete' });
  await eventually(() => section.textContent()).toMatch(
    /This moves 1 conversation, \d+ messages and 1 archive entry to the trash\./,
  );
  const words = (await section.textContent()) ?? '';
  expect(words).toContain('2 blocks that no other agent uses stay in the store');
  expect(words).toContain('The block household is also used by Ledger and stays there.');

  await section.getByRole('button', { name: 'Delete agent' }).click();
  await eventually(() => agentsOf(url)).not.toContain('Bento');
  const { blocks } = await call(url, 'blocks.list', {});
  expect(blocks.filter((each) => each.agent_ids.length === 0).map((each) => each.label)).toEqual([
    'human',
    'persona',
  ]);
  expect(blocks.find((each) => each.id === household.id)?.agent_ids).toEqual([ledger.id]);
  await undo(page, 'Bento was moved to the trash');
  await eventually(() => agentsOf(url)).toContain('Bento');
  expect((await call(url, 'blocks.list', { agent_id: bento.id })).blocks).toHaveLength(3);
});

test('without any agent the window offers to make one', async () => {
  const { url, browser } = shared();
  const [last, ...others] = (await call(url, 'agents.list', {})).agents;
  for (const { id } of others) await call(url, 'agents.delete', { agent_id: id });
  const page = await openAde(url, { browser });
  await choose(page, last?.name ?? '', 'Delete');
  await eventually(() => page.getByRole('heading', { name: 'Start with an agent' }).count()).toBe(1);
  await page.getByRole('link', { name: 'Settings' }).click();
  await eventually(() => page.getByText('No agent is chosen').count()).toBe(1);
  expect(await page.getByRole('region', { name: 'Delete' }).count()).toBe(0);
});

type Imported = { readonly name: string; readonly model: string; readonly agent_type: string };

async function importThroughWindow(agent: Imported): Promise<Page> {
  const { url, browser } = shared();
  const file = join(tempDir(), `${agent.name}.af`);
  writeFileSync(file, JSON.stringify(agentFile(agent)));
  const page = await openAde(url, { browser });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(file);
  await dialog.getByRole('button', { name: 'Import 1 agent' }).click();
  const agents = page.getByRole('list', { name: 'Agents' });
  await eventually(() => agents.getByRole('button', { name: agent.name, exact: true }).count()).toBe(1);
  await page.keyboard.press('Escape');
  await eventually(() => dialog.count()).toBe(0);
  await agents.getByRole('button', { name: agent.name, exact: true }).click();
  await eventually(() => page.getByRole('main').getByRole('heading', { level: 1 }).textContent()).toBe(
    agent.name,
  );
  return page;
}

function agentFile(agent: Imported): object {
  const prompt = { id: 'message-0', role: 'system', content: [{ type: 'text', text: 'You remember.' }] };
  return {
    agents: [
      {
        id: 'agent-0',
        ...agent,
        block_ids: ['block-0'],
        tool_ids: ['tool-0', 'tool-1'],
        in_context_message_ids: ['message-0'],
        messages: [prompt],
      },
    ],
    blocks: [{ id: 'block-0', label: 'human', value: '', limit: 5000 }],
    tools: ['core_memory_append', 'send_message'].map((name, at) => ({ id: `tool-${at}`, name })),
    groups: [],
    files: [],
    sources: [],
    mcp_servers: [],
  };
}

async function firstConversation(url: string, agent_id: string): Promise<string> {
  const { conversations } = await call(url, 'conversations.list', { agent_id });
  return conversations[0]?.id ?? '';
}

function makeAgent(name: string): Promise<Agent> {
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  return call(shared().url, 'agents.create', { name, blocks });
}

async function agentsOf(url: string): Promise<string[]> {
  return (await call(url, 'agents.list', {})).agents.map(({ name }) => name);
}

function agentNamed(page: Page, name: string): ReturnType<Page['getByRole']> {
  return page.getByRole('list', { name: 'Agents' }).getByRole('button', { name, exact: true });
}

async function undo(page: Page, words: string): Promise<void> {
  const toast = page.getByRole('status').filter({ hasText: words });
  await eventually(() => toast.count()).toBe(1);
  await toast.getByRole('button', { name: 'Undo' }).click();
}
