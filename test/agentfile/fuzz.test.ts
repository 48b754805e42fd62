import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairMessages } from '../../electron/agent/pairing.ts';
import { createWording } from '../../electron/agent/wording.ts';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { readBackupRows } from '../../electron/store/import.ts';
import { listWindow } from '../../electron/store/window.ts';
import { pairingFault } from '../../electron/agent/pairing-fault.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { lettaFile } from './letta-file.ts';
import { mutate, mutations } from './mutate.ts';
import { openRun } from './open-run.ts';
import { makeRichAgent } from './rich-agent.ts';
import { rowCounts } from './row-counts.ts';
import { faultOfRefusal, openStage, readAll, type Stage } from './stage.ts';
import { windowFaults } from './window-faults.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/agent-files');
const samples = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.af')) : [];
const RUNS_PER_FILE = 24;

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
