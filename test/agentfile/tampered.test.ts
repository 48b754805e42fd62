import { expect, it } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { inspectAgentFile } from '../../electron/agentfile/inspect.ts';
import type { BackupRows, BackupTable } from '../../electron/store/import.ts';
import { readBackupRows } from '../../electron/store/import.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { openRun } from './open-run.ts';
import { makeRichAgent } from './rich-agent.ts';
import { rowCounts } from './row-counts.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const options = { strip_messages: false, clock };
const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };

type Row = Record<string, unknown>;
type Rows = Record<BackupTable, Row[]>;
type File = { agents: Row[]; memoir: { rows: Rows } };
type Change = (rows: Rows, file: File) => void;

async function backup(change: Change): Promise<string> {
  const database = await tempStore();
  const { agent_id, conversation_id } = await makeRichAgent(database, clock);
  await openRun(database, clock, { agent_id, conversation_id });
  const { file } = await exportAgent(database.read, agent_id, exporting);
  const copy = JSON.parse(JSON.stringify(file)) as File;
  change(copy.memoir.rows, copy);
  return JSON.stringify(copy);
}

const set =
  (table: BackupTable, column: string, value: unknown): Change =>
  (rows) => {
    const row = rows[table][0];
    if (row !== undefined) row[column] = value;
  };

function drop(rows: Rows, seq: number): void {
  const lost = rows.message.findIndex((row) => row['seq'] === seq && row['role'] === 'assistant');
  const [row] = rows.message.splice(lost, 1);
  rows.window_entry = rows.window_entry.filter((entry) => entry['ref'] !== row?.['id']);
}

const renumbered: readonly [string, Change, RegExp][] = [
  [
    'a message is missing',
    (rows) => drop(rows, 2),
    /has 11 messages, but message 2 is missing; .* without its messages/u,
  ],
  ['a message is there twice', set('message', 'seq', 2), /but message 1 is missing|is there twice/u],
  [
    'the last number does not fit',
    set('conversation', 'next_seq', 99),
    /says it has 98 messages and has 12/u,
  ],
  ['a conversation ends early', set('conversation', 'next_seq', 5), /says it has 4 messages and has 12/u],
];

const tampered: readonly [string, Change, RegExp][] = [
  ['content is no list', set('message', 'content', '7'), /memoir\.rows\.message\.0\.content/u],
  [
    'a call has no name',
    set('message', 'tool_calls', '[{"tool_call_id":"a"}]'),
    /memoir\.rows\.message\.0\.tool_calls/u,
  ],
  ['nobody has the role', set('message', 'role', 'oracle'), /memoir\.rows\.message\.0\.role/u],
  [
    'settings are of another shape',
    set('agent', 'model_settings', '{"temperature":9}'),
    /agent\.0\.model_settings/u,
  ],
  ['a time is none', set('block', 'created_at', 'soon'), /memoir\.rows\.block\.0\.created_at: not a time/u],
  ['a message belongs to another agent', set('message', 'agent_id', 'agent-x'), /agent-x, another agent/u],
  ['a window shows what is not there', set('window_entry', 'ref', 'message-x'), /message-x|summary|ref/u],
  [
    'a version belongs to something that is no block',
    (rows) =>
      set('block_version', 'block_id', rows.archive[0]?.['id'])(rows, { agents: [], memoir: { rows } }),
    /block_version\.block_id names archive-\S+, which is something else/u,
  ],
  ['a tag has no entry', set('passage_tag', 'passage_ord', 99), /belongs to no entry/u],
  ['there is no default conversation', set('conversation', 'is_default', 0), /single default conversation/u],
  [
    'there are two agents beside one backup',
    (_, file) =>
      void file.agents.push({ ...file.agents[0], id: 'agent-9', messages: [], in_context_message_ids: [] }),
    /holds 2 agents, and a backup by Memoir of one/u,
  ],
];

async function refusedBy(text: string, message: RegExp): Promise<void> {
  const database = await tempStore();
  const before = rowCounts(database);
  const importing = importAgentFile(database, text, options);
  await expect(importing).rejects.toMatchObject({ code: 'unsupported' });
  await expect(importing).rejects.toThrow(message);
  expect(rowCounts(database)).toEqual(before);
}

it.each(tampered)('a backup in which %s is refused and changes nothing', async (_name, change, message) => {
  const text = await backup(change);
  await refusedBy(text, message);
  await expect(inspectAgentFile((await tempStore()).read, text, { clock })).rejects.toThrow(message);
});

it.each(renumbered)(
  'a backup in which %s is offered without its messages',
  async (_name, change, message) => {
    const text = await backup(change);
    await refusedBy(text, message);
    const { warnings } = await inspectAgentFile((await tempStore()).read, text, { clock });
    expect(warnings[0]).toMatch(/^Only to be had without its messages: the conversation "/u);
  },
);

it('a backup with a missing message comes in without its messages', async () => {
  const text = await backup((rows) => drop(rows, 2));
  const database = await tempStore();
  const { warnings } = await inspectAgentFile(database.read, text, { clock });
  expect(warnings[0]).toMatch(/^Only to be had without its messages: .* message 2 is missing/u);
  const { agent_ids } = await importAgentFile(database, text, { ...options, strip_messages: true });
  const rows = await readBackupRows(database.read, agent_ids[0] ?? '');
  expect([rows.message.length, rows.block_version.length, rows.passage.length]).toEqual([0, 5, 2]);
});

it('rows with ids of another kind get ids that the app can read', async () => {
  const text = await backup((rows) => {
    const old = String(rows.agent[0]?.['id']);
    for (const table of Object.values(rows)) {
      for (const row of table) if (row['agent_id'] === old) row['agent_id'] = 'mallory';
    }
    set('agent', 'id', 'mallory')(rows, { agents: [], memoir: { rows } });
  });
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, text, options);
  expect(agent_ids[0]).toMatch(/^agent-[0-9a-f-]{36}$/u);
});

it('the preview of a backup shows what its rows bring, not what the part for Letta says', async () => {
  const text = await backup((rows, file) => {
    set('agent', 'name', 'Mallory')(rows, file);
    set('block', 'value', 'Obey.')(rows, file);
  });
  const database = await tempStore();
  const { agents } = await inspectAgentFile(database.read, text, { clock });
  expect(agents).toMatchObject([
    { name: 'Mallory', blocks: [{ value: 'Obey.' }], messages: 14, passages: 1 },
  ]);
  const { agent_ids } = await importAgentFile(database, text, options);
  const rows: BackupRows = await readBackupRows(database.read, agent_ids[0] ?? '');
  expect(rows.agent[0]?.['name']).toBe('Mallory');
});
