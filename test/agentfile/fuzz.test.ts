import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { pairMessages } from '../../electron/agent/pairing.ts';
import { createRuntime } from '../../electron/agent/runtime.ts';
import { createWording } from '../../electron/agent/wording.ts';
import { exportAgent } from '../../electron/agentfile/export.ts';
import type { SystemFacts } from '../../electron/api/deps.ts';
import { createDispatch, type Dispatch } from '../../electron/api/dispatch.ts';
import { createHandlers } from '../../electron/api/handlers.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { systemClock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { readBackupRows } from '../../electron/store/import.ts';
import { listWindow } from '../../electron/store/window.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { pairingFault } from '../helpers/pairing.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { lettaFile } from './letta-file.ts';
import { mutate, mutations } from './mutate.ts';
import { openRun } from './open-run.ts';
import { makeRichAgent } from './rich-agent.ts';
import { rowCounts } from './row-counts.ts';
import { windowFaults } from './window-faults.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/agent-files');
const samples = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.af')) : [];
const RUNS_PER_FILE = 24;

type Stage = { readonly database: Database; readonly call: Dispatch };

async function openStage(): Promise<Stage> {
  const database = await tempStore();
  // What is tested is not the disk.
  database.raw.pragma('synchronous = off');
  const models = createModelRegistry({ env: {} });
  const parts = { database, clock: systemClock, models, tools: createToolRegistry(), emit: () => undefined };
  const runtime = createRuntime({ ...parts, log: () => undefined, instance_id: 'test' });
  onTestFinished(() => runtime.close());
  const facts: SystemFacts = {
    version: '0',
    boot_id: '0',
    data_dir: '',
    store: () => ({ state: 'ready', message: null }),
  };
  return { database, call: createDispatch(createHandlers({ ...parts, runtime }, facts)) };
}

/** Reads all that the ADE would show of an agent; each answer is held against the contract on its way out. */
async function readAll({ call }: Stage, agent_id: string): Promise<string[]> {
  const { name } = await call('agents.get', { agent_id });
  await call('blocks.list', { agent_id });
  await call('archive.list', { agent_id });
  await call('changes.list', { agent_id, limit: 500 });
  const { conversations } = await call('conversations.list', { agent_id });
  for (const { id: conversation_id, message_count } of conversations) {
    const { messages } = await call('messages.list', { conversation_id, limit: 200 });
    expect(messages.length, name).toBe(message_count);
    await call('runs.current', { conversation_id });
    await call('agents.context', { agent_id, conversation_id });
  }
  return conversations.map(({ id }) => id);
}

async function assertPaired({ database }: Stage, agent_id: string, kind: string): Promise<void> {
  const rows = await readBackupRows(database.read, agent_id);
  if (kind === 'letta-v2') {
    expect(await windowFaults(database, rows)).toEqual(rows.conversation.map(() => null));
  }
  for (const { id } of rows.conversation) {
    const shown = (await listWindow(database.read, String(id))).flatMap((item) =>
      item.kind === 'message' ? [{ kind: 'message' as const, message: item.message }] : [],
    );
    const { messages } = pairMessages(shown, createWording());
    expect(pairingFault(messages)).toBeNull();
  }
  const results = new Set(rows.message.map((row) => `${row['conversation_id']} ${row['tool_call_id']}`));
  const open = rows.message
    .filter((row) => row['role'] === 'assistant')
    .flatMap((row) =>
      (JSON.parse(String(row['tool_calls'])) as { tool_call_id: string }[]).map(
        (call) => `${row['conversation_id']} ${call.tool_call_id}`,
      ),
    )
    .filter((call) => !results.has(call));
  expect(open).toEqual([]);
}

/** What is wrong with a refusal, or `null`: it must be meant, say why, and leave every table as it was. */
function faultOfRefusal(error: unknown, before: object, after: object): string | null {
  if (!(error instanceof AppError) || error.code !== 'unsupported') return `not a refusal: ${String(error)}`;
  if (!/^.{20,}Nothing was imported\./su.test(error.message)) return `says too little: ${error.message}`;
  return isDeepStrictEqual(after, before) ? null : 'tables have changed';
}

/** Imports spoiled copies of a file. Answers how many came in and how many were refused. */
async function spoil(
  stage: Stage,
  value: unknown,
  seed: number,
): Promise<{ taken: number; refused: number }> {
  const count = { taken: 0, refused: 0 };
  const kind = typeof value === 'object' && value !== null && 'memoir' in value ? 'memoir' : 'letta-v2';
  await fc.assert(
    fc.asyncProperty(mutations, async (changes) => {
      const text = JSON.stringify(mutate(value, changes));
      const before = rowCounts(stage.database);
      const { agent_ids, fault } = await stage.call('agents.import', { text }).then(
        (done) => ({ agent_ids: done.agent_ids, fault: null }),
        (error: unknown) => ({
          agent_ids: [],
          fault: faultOfRefusal(error, before, rowCounts(stage.database)),
        }),
      );
      expect(fault).toBeNull();
      for (const agent_id of agent_ids) {
        await readAll(stage, agent_id);
        await assertPaired(stage, agent_id, kind);
      }
      if (agent_ids.length === 0) count.refused += 1;
      else count.taken += 1;
    }),
    { numRuns: RUNS_PER_FILE, seed },
  );
  return count;
}

function decode(name: string): unknown {
  const value: unknown = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
  return typeof value === 'string' ? JSON.parse(value) : value;
}

it('a spoiled file comes in whole and readable, or is refused with a reason and changes nothing', async () => {
  const stage = await openStage();
  const { taken, refused } = await spoil(stage, lettaFile, 1);
  expect(taken).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});

it('so does a spoiled backup', async () => {
  const clock = steppingClock('2026-02-01T00:00:00Z');
  const database = await tempStore();
  const { agent_id, conversation_id } = await makeRichAgent(database, clock);
  await openRun(database, clock, { agent_id, conversation_id });
  const { file } = await exportAgent(database.read, agent_id, {
    scrub_messages: false,
    clock,
    toolSchemas: new Map(),
  });
  const stage = await openStage();
  const { taken, refused } = await spoil(stage, JSON.parse(JSON.stringify(file)), 2);
  expect(taken).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});

describe.skipIf(samples.length === 0)('spoiled agent files of Letta (skipped without ../shared/data)', () => {
  it.each(samples)('%s comes in whole and readable, or is refused and changes nothing', async (name) => {
    const stage = await openStage();
    const { taken, refused } = await spoil(stage, decode(name), samples.indexOf(name));
    expect(taken + refused).toBe(RUNS_PER_FILE);
  });
});
