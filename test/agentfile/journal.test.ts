import { expect, it } from 'vitest';
import { type ExportOptions, exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import type { Database } from '../../electron/store/database.ts';
import { putInbox } from '../../electron/store/inbox.ts';
import { type BackupRows, readBackupRows } from '../../electron/store/import.ts';
import { readTrace } from '../../electron/store/steps.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { addInboxAndTrace, addQuestions } from './journal.ts';
import { openRun } from './open-run.ts';
import { makeRichAgent } from './rich-agent.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const options = { strip_messages: false, clock };

async function moved(choice: Partial<ExportOptions>): Promise<{ other: Database; rows: BackupRows }> {
  const database = await tempStore();
  const { agent_id, conversation_id } = await makeRichAgent(database, clock);
  await openRun(database, clock, { agent_id, conversation_id });
  addInboxAndTrace(database, { conversation_id, text: 'Do two things' });
  const exporting = { scrub_messages: false, clock, toolSchemas: new Map(), ...choice };
  const { file } = await exportAgent(database.read, agent_id, exporting);
  const other = await tempStore();
  const { agent_ids } = await importAgentFile(other, JSON.stringify(file), options);
  return { other, rows: await readBackupRows(other.read, agent_ids[0] ?? '') };
}

it('the raw request and answer of a step travel with a backup', async () => {
  const { other, rows } = await moved({});
  expect(rows.step_trace.length).toBe(1);
  expect(await readTrace(other.read, String(rows.step[0]?.['id']))).toEqual({
    request: 'the request',
    response: 'the answer',
  });
});

it.each([{ include_traces: false }, { scrub_messages: true }])('they stay behind with %o', async (choice) => {
  const { rows } = await moved(choice);
  expect(rows.step_trace).toEqual([]);
});

it('what was sent once is known after an import, and what waited is not answered there', async () => {
  const { other, rows } = await moved({});
  expect(rows.inbox.map((row) => [row['otid'], row['state']])).toEqual([
    ['otid-done', 'done'],
    ['otid-withdrawn', 'withdrawn'],
  ]);
  expect(rows.inbox[0]?.['run_id']).toBe(rows.run[0]?.['id']);
  const { text } = JSON.parse(String(rows.inbox[0]?.['payload'])) as { text: string };
  const payload = { content: [], text, name: null, max_steps: 5 };
  const again = await other.transaction((tx) =>
    putInbox(tx, {
      id: clock.newId('inbox'),
      conversation_id: String(rows.inbox[0]?.['conversation_id']),
      otid: 'otid-done',
      role: 'user',
      payload,
      created_at: clock.now(),
    }),
  );
  expect(again.is_new).toBe(false);
});

it('what a person was asked for travels: a call that waited is closed, a proposal waits on', async () => {
  const database = await tempStore();
  const { agent_id, conversation_id, block_id } = await makeRichAgent(database, clock);
  await openRun(database, clock, { agent_id, conversation_id });
  addQuestions(database, { conversation_id, agent_id, block_id });
  const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };
  const { file } = await exportAgent(database.read, agent_id, exporting);
  const other = await tempStore();
  const { agent_ids } = await importAgentFile(other, JSON.stringify(file), options);
  const rows = await readBackupRows(other.read, agent_ids[0] ?? '');
  expect(rows.run).toMatchObject([{ state: 'interrupted' }]);
  const call = rows.tool_call.find((row) => row['tool_call_id'] === 'open-two');
  expect(call).toMatchObject({ state: 'unknown' });
  expect(rows.approval).toMatchObject([
    { state: 'cancelled', call_id: call?.['id'], agent_id: agent_ids[0], run_id: rows.run[0]?.['id'] },
  ]);
  const block = rows.block[0]?.['id'];
  expect(rows.proposal.map(({ state, target_id }) => [state, target_id])).toEqual([
    ['pending', block],
    ['accepted', block],
    ['withdrawn', expect.stringMatching(/^block-[0-9a-f-]{36}$/u)],
    ['pending', expect.stringMatching(/^passage-[0-9a-f-]{36}$/u)],
  ]);
  const second = rows.block_version.find((row) => row['version'] === 2);
  expect(rows.proposal[1]?.['change_id']).toBe(second?.['id']);
});
