import { expect, it } from 'vitest';
import { agent as agent_shape } from '../../shared/contract/agents.ts';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { readAgent } from '../../electron/store/agents.ts';
import type { Database } from '../../electron/store/database.ts';
import { readBackupRows } from '../../electron/store/import.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { lettaAgent, lettaFile } from './letta-file.ts';
import { rowCounts } from './row-counts.ts';
import { openStage } from './stage.ts';
import { windowFaults } from './window-faults.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const options = { strip_messages: false, clock };
const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };

type Json = Record<string, unknown>;

async function exported(
  database: Database,
  agent_id: string | undefined,
): Promise<{ agents: Json[]; [key: string]: unknown }> {
  const { file } = await exportAgent(database.read, agent_id ?? '', exporting);
  return JSON.parse(JSON.stringify(file)) as { agents: Json[] };
}

const call = (id: string): Json => ({
  id,
  type: 'function',
  function: { name: 'roll_d20', arguments: '{}' },
});
const asks = (id: string, ...ids: string[]): Json => ({
  id,
  role: 'assistant',
  content: [],
  tool_calls: ids.map(call),
});
const answers = (id: string, tool_call_id: string): Json => ({
  id,
  role: 'tool',
  content: [{ type: 'text', text: `rolled ${id}` }],
  tool_call_id,
  tool_returns: [{ tool_call_id, status: 'success', func_response: `rolled ${id}` }],
});

function fileOf(...messages: readonly Json[]): string {
  const all = [lettaAgent.messages[0], ...messages];
  const agent = {
    ...lettaAgent,
    messages: all,
    in_context_message_ids: all.map((message) => message?.['id']),
  };
  return JSON.stringify({ ...lettaFile, agents: [agent] });
}

function messagesIn([agent]: readonly Json[]): Json[] {
  return (agent?.['messages'] ?? []) as Json[];
}

function messagesOf(text: string): Json[] {
  const { agents } = JSON.parse(text) as { agents: { messages: Json[] }[] };
  return agents[0]?.messages ?? [];
}

it('all agents of a file come in, sharing what they share, and each goes out alone', async () => {
  const second = {
    ...lettaAgent,
    id: 'agent-1',
    name: 'Bob',
    messages: [],
    in_context_message_ids: [],
    group_ids: ['group-0'],
  };
  const groups = [{ id: 'group-0', agent_ids: ['agent-0', 'agent-1'] }];
  const text = JSON.stringify({ ...lettaFile, agents: [lettaAgent, second], groups });
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, text, options);
  const names = await Promise.all(agent_ids.map(async (id) => (await readAgent(database.read, id)).name));
  expect(names).toEqual(['Ada', 'Bob']);
  expect(rowCounts(database)).toMatchObject({ agent: 2, block: 1, agent_block: 2, conversation: 2 });
  const bob = await exported(database, agent_ids[1]);
  expect(bob.agents).toMatchObject([{ name: 'Bob', group_ids: [] }]);
  expect(bob['groups']).toEqual([]);
  const { memoir: _, ...letta } = bob;
  await expect(importAgentFile(database, JSON.stringify(letta), options)).resolves.toBeDefined();
});

it('one bad agent among several keeps all of them out', async () => {
  const second = {
    ...lettaAgent,
    id: 'agent-1',
    messages: [],
    in_context_message_ids: [],
    block_ids: ['block-9'],
  };
  const database = await tempStore();
  const before = rowCounts(database);
  const text = JSON.stringify({ ...lettaFile, agents: [lettaAgent, second] });
  await expect(importAgentFile(database, text, options)).rejects.toThrow(/agent-1 names block-9/u);
  expect(rowCounts(database)).toEqual(before);
});

it('fields nobody here knows go back out where they were', async () => {
  const strange = { strange: { deep: [1, null, 'x'] } };
  const agents = [
    {
      ...lettaAgent,
      ...strange,
      tool_ids: ['tool-0'],
      messages: [
        lettaAgent.messages[0],
        {
          ...lettaAgent.messages[1],
          ...strange,
          tool_calls: [{ ...call('call-1'), ...strange }],
          content: [{ type: 'hologram', ...strange }],
        },
        {
          ...answers('message-2', 'call-1'),
          ...strange,
          tool_returns: [{ tool_call_id: 'call-1', ...strange }],
        },
      ],
    },
  ];
  const blocks = [{ ...lettaFile.blocks[0], ...strange }];
  const tools = [{ id: 'tool-0', name: 'roll_d20', ...strange }];
  const came = { ...lettaFile, ...strange, agents, blocks, tools, skills: [strange], metadata: strange };
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, JSON.stringify(came), options);
  const first = await exported(database, agent_ids[0]);
  const { secrets: _s, in_context_message_ids: _c, ...agent } = agents[0] ?? {};
  expect(first).toMatchObject({ ...came, agents: [agent] });
  const again = await importAgentFile(await tempStore(), JSON.stringify(first), options);
  expect(again.agent_ids.length).toBe(1);
  const other = await tempStore();
  const back = await importAgentFile(other, JSON.stringify(first), options);
  expect(await exported(other, back.agent_ids[0])).toMatchObject({ ...came, agents: [agent] });
});

it('parallel calls keep their results, in the order of the calls', async () => {
  const text = fileOf(asks('message-1', 'a', 'b'), answers('message-2', 'b'), answers('message-3', 'a'));
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, text, options);
  const rows = await readBackupRows(database.read, agent_ids[0] ?? '');
  expect(await windowFaults(database, rows)).toEqual([null]);
  const { agents } = await exported(database, agent_ids[0]);
  expect(messagesIn(agents).slice(1)).toMatchObject(messagesOf(text).slice(1));
});

it('a call id used again gets a number here, and goes out as it came', async () => {
  const text = fileOf(
    asks('message-1', 'call_0'),
    answers('message-2', 'call_0'),
    asks('message-3', 'call_0'),
    answers('message-4', 'call_0'),
    asks('message-5', 'call_0'),
  );
  const database = await tempStore();
  const { agent_ids, warnings } = await importAgentFile(database, text, options);
  const rows = await readBackupRows(database.read, agent_ids[0] ?? '');
  expect(rows.message.map((row) => row['tool_call_id'])).toEqual([
    null,
    'call_0',
    null,
    'call_0-2',
    null,
    'call_0-3',
  ]);
  expect(await windowFaults(database, rows)).toEqual([null]);
  expect(warnings).toContain('Ada: 1 tool call has no result; marked as unknown.');
  const { agents } = await exported(database, agent_ids[0]);
  const ids = messagesIn(agents).flatMap((message) =>
    ((message['tool_calls'] ?? []) as Json[]).map(({ id }) => id),
  );
  expect(ids).toEqual(['call_0', 'call_0', 'call_0']);
});

it('numbers and zones that nothing takes do not make the agent unreadable', async () => {
  const llm_config = { handle: 'openai/gpt-4o-mini', temperature: 7, max_tokens: -1, context_window: 12.5 };
  const agents = [{ ...lettaAgent, llm_config, timezone: 'Mars/Olympus', context_window_limit: 3 }];
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, JSON.stringify({ ...lettaFile, agents }), options);
  const record = await readAgent(database.read, agent_ids[0] ?? '');
  expect(agent_shape.omit({ model_status: true }).safeParse(record).success).toBe(true);
  expect(record).toMatchObject({ timezone: 'UTC', context_window_limit: null, model: 'openai/gpt-4o-mini' });
  expect((await exported(database, agent_ids[0])).agents).toMatchObject([
    { llm_config, timezone: 'Mars/Olympus' },
  ]);
});

it('a model changed since is what Letta is told', async () => {
  const llm_config = {
    model: 'gpt-4o',
    model_endpoint_type: 'openai',
    context_window: 8192,
    put_inner_thoughts_in_kwargs: true,
  };
  const text = JSON.stringify({ ...lettaFile, agents: [{ ...lettaAgent, llm_config }] });
  const database = await tempStore();
  const kept = await importAgentFile(database, text, options);
  expect((await exported(database, kept.agent_ids[0])).agents).toMatchObject([{ llm_config, model: null }]);
  const moved = await importAgentFile(database, text, { ...options, model: 'ollama/qwen3' });
  const { agents } = await exported(database, moved.agent_ids[0]);
  expect(agents).toMatchObject([
    {
      llm_config: {
        handle: 'ollama/qwen3',
        model: 'qwen3',
        model_endpoint_type: 'ollama',
        context_window: 8192,
      },
    },
  ]);
});

it('fields that named another model beside the present one say nothing any more', async () => {
  const { call } = await openStage();
  const { id: agent_id } = await call('agents.create', { name: 'Ada', model: 'memoir/offline' });
  // As a change of `llm_config` and then of the model leave them.
  const llm_config = { handle: 'openai/gpt-4o', model: 'gpt-4o', context_window: 8192, temperature: 0.5 };
  const foreign = {
    llm_config,
    context_window_limit: 8192,
    model: 'memoir/offline',
    model_settings: { temperature: 0.5 },
  };
  await call('agents.update', { agent_id, foreign, context_window_limit: 4096 });
  const { text } = await call('agents.export', { agent_id });
  const { agents } = JSON.parse(text) as { agents: Json[] };
  expect(agents).toMatchObject([
    {
      model: 'memoir/offline',
      context_window_limit: null,
      model_settings: null,
      llm_config: { handle: 'memoir/offline', model: 'offline', context_window: 4096, temperature: null },
    },
  ]);
});
