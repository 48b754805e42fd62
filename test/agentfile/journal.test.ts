import { expect, it } from 'vitest';
import { type ExportOptions, exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import type { Database } from '../../electron/store/database.ts';
import { putInbox } from '../../electron/store/inbox.ts';
import { type BackupRows, readBackupRows } from '../../electron/store/import.ts';
import { readTrace } from '../../electron/store/steps.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { addInboxAndTrace } from './journal.ts';
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
  const payload = { content: [], text: 'again', name: null, max_steps: 5 };
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

it('a backup of before these tables travelled comes in without them', async () => {
  const database = await tempStore();
  const { agent_id } = await makeRichAgent(database, clock);
  const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };
  const { file } = await exportAgent(database.read, agent_id, exporting);
  const old = JSON.parse(JSON.stringify(file)) as { memoir: { rows: Record<string, unknown> } };
  Reflect.deleteProperty(old.memoir.rows, 'inbox');
  Reflect.deleteProperty(old.memoir.rows, 'step_trace');
  await expect(importAgentFile(await tempStore(), JSON.stringify(old), options)).resolves.toBeDefined();
});
