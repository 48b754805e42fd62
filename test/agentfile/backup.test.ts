import { expect, it } from 'vitest';
import { OPEN_IN_BACKUP } from '../../electron/agentfile/close-open.ts';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { searchArchive } from '../../electron/memory/archive-search.ts';
import { searchConversation } from '../../electron/memory/recall.ts';
import type { Database } from '../../electron/store/database.ts';
import {
  BACKUP_TABLES,
  type BackupRow,
  type BackupRows,
  readBackupRows,
} from '../../electron/store/import.ts';
import { chainDigest } from '../../electron/store/encoding.ts';
import { listConversations } from '../../electron/store/conversations.ts';
import { listMessages } from '../../electron/store/messages.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { openRun } from './open-run.ts';
import { makeRichAgent, say } from './rich-agent.ts';
import { windowFaults } from './window-faults.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const options = { strip_messages: false, clock };
const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };

async function exported(database: Database, agent_id: string): Promise<string> {
  return JSON.stringify((await exportAgent(database.read, agent_id, exporting)).file);
}

async function cameIn(database: Database, text: string): Promise<BackupRows> {
  const { agent_ids } = await importAgentFile(database, text, options);
  return readBackupRows(database.read, agent_ids[0] ?? '');
}

/** The rows as they must come back: every id as the import says it became, entries and digests numbered anew. */
function expected(database: Database, rows: BackupRows): unknown {
  const ids = database.raw.prepare('select foreign_id, local_id from import_id').raw().all() as [
    string,
    string,
  ][];
  const map = new Map(ids);
  const text = JSON.stringify(rows).replaceAll(/[a-z]+-[0-9a-f-]{36}/gu, (id) => map.get(id) ?? id);
  return numbered(JSON.parse(text) as BackupRows);
}

function numbered(rows: BackupRows): unknown {
  const first = Math.min(...rows.passage.map((row) => Number(row['ord'])));
  const clean = (row: BackupRow): object => ({
    ...row,
    ...('digest' in row ? { digest: '' } : {}),
    ...('passage_ord' in row ? { passage_ord: Number(row['passage_ord']) - first } : {}),
  });
  const order = (list: readonly object[]): object[] =>
    list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return Object.fromEntries(
    BACKUP_TABLES.map((table) => [
      table,
      order(
        rows[table]
          .map(clean)
          .map((row) => (table === 'message' || table === 'passage' ? { ...row, ord: 0 } : row)),
      ),
    ]),
  );
}

it('a lived-in agent comes back with every row and every link between rows as it was', async () => {
  const database = await tempStore();
  const { agent_id } = await makeRichAgent(database, clock);
  const before = await readBackupRows(database.read, agent_id);
  const other = await tempStore();
  const after = await cameIn(other, await exported(database, agent_id));
  expect(numbered(after)).toEqual(expected(other, before));
  expect(before.conversation.map((row) => row['title'])).toContain('Lisbon, "in May"');
  expect(after.block_version.map((row) => [row['version'], row['actor'], row['operation']])).toEqual([
    [1, 'user', 'create'],
    [2, 'agent', 'edit'],
    [3, 'user', 'edit'],
    [4, 'api', 'edit'],
    [5, 'user', 'undo'],
  ]);
  const versions = new Map(after.block_version.map((row) => [row['version'], row]));
  expect(versions.get(4)?.['undone_by']).toBe(versions.get(5)?.['id']);
  expect(versions.get(5)?.['undoes']).toBe(versions.get(4)?.['id']);
  expect(after.passage.map((row) => row['deleted_at'] === null)).toEqual([true, false]);
  expect(after.passage_version.length).toBe(4);
  expect(after.summary).toMatchObject([{ covers_from_seq: 1, covers_to_seq: 2 }]);
  expect(await windowFaults(other, after)).toEqual([null, null, null]);
});

it('the digests of an imported history and its versions form unbroken chains', async () => {
  const database = await tempStore();
  const { agent_id } = await makeRichAgent(database, clock);
  const rows = await cameIn(await tempStore(), await exported(database, agent_id));
  const facts = (row: BackupRow, names: readonly string[]): string[] =>
    names.map((name) => String(row[name] ?? ''));
  const branch = rows.conversation.find((row) => row['parent_id'] !== null);
  const left = rows.message.find(
    (row) => row['conversation_id'] === branch?.['parent_id'] && row['seq'] === branch?.['fork_seq'],
  );
  expect(left?.['text']).toBe('Noted.');
  for (const { id, digest } of rows.conversation) {
    let previous = id === branch?.['id'] ? String(left?.['digest']) : '';
    for (const row of rows.message.filter((one) => one['conversation_id'] === id)) {
      const said = facts(row, [
        'id',
        'seq',
        'role',
        'created_at',
        'content',
        'tool_calls',
        'tool_call_id',
        'status',
      ]);
      const found = String(row['digest']);
      expect(found).toBe(chainDigest(previous, said, found.split('.')[0]));
      previous = found;
    }
    expect(digest).toBe(previous);
  }
});

const unbranched: readonly [string, BackupRow, RegExp][] = [
  ['leaves its parent after its end', { fork_seq: 99 }, /branches off where nothing is/u],
  ['has a parent that is not there', { parent_id: 'conv-x' }, /branches off where nothing is/u],
  ['begins with more than it says', { fork_seq: 1 }, /message 2 is missing/u],
];

it.each(unbranched)('a backup with a branch that %s is refused', async (_name, change, message) => {
  const database = await tempStore();
  const { agent_id, named_id } = await makeRichAgent(database, clock);
  const file = JSON.parse(await exported(database, agent_id)) as { memoir: { rows: BackupRows } };
  const branch = file.memoir.rows.conversation.find((row) => row['id'] === named_id);
  Object.assign(branch ?? {}, change);
  await expect(cameIn(await tempStore(), JSON.stringify(file))).rejects.toThrow(message);
});

it('a branch comes back as one, and shows what its parent said before', async () => {
  const database = await tempStore();
  const { agent_id } = await makeRichAgent(database, clock);
  const other = await tempStore();
  const rows = await cameIn(other, await exported(database, agent_id));
  const branch = rows.conversation.find((row) => row['parent_id'] !== null);
  const page = { conversation_id: String(branch?.['id']), limit: 2 };
  const newest = await listMessages(other.read, page);
  expect(newest.messages.map(({ seq, text }) => [seq, text])).toEqual([
    [2, 'Noted.'],
    [3, 'About: Trip to Lisbon'],
  ]);
  expect(newest.has_more).toBe(true);
  const older = await listMessages(other.read, { ...page, before_seq: 2 });
  expect(older).toMatchObject({ messages: [{ seq: 1, text: 'I live in Hamburg' }], has_more: false });
});

it('trash stays trash, and what is not in it is found again', async () => {
  const database = await tempStore();
  const { agent_id } = await makeRichAgent(database, clock);
  const other = await tempStore();
  const rows = await cameIn(other, await exported(database, agent_id));
  const id = String(rows.agent[0]?.['id']);
  const titles = (await listConversations(other.read, id)).map(({ title }) => title);
  expect(titles.toSorted()).toEqual(['I live in Hamburg', 'Lisbon, "in May"']);
  const search = { agent_id: id, limit: 10, timezone: 'UTC' };
  const found = await searchConversation(other.read, { ...search, query: 'Hamburg' });
  expect(found.map(({ text }) => text)).toContain('I live in Hamburg');
  const entries = async (query: string): Promise<number> =>
    (await searchArchive(other.read, { ...search, query })).total;
  expect([await entries('tulip'), await entries('phone')]).toEqual([1, 0]);
});

it('messages outside of the window and gaps between sessions are kept', async () => {
  const database = await tempStore();
  const { agent_id, conversation_id } = await makeRichAgent(database, clock);
  const rows = await cameIn(await tempStore(), await exported(database, agent_id));
  const home = rows.conversation.find((row) => row['is_default'] === 1)?.['id'];
  const talk = rows.message.filter((row) => row['conversation_id'] === home);
  expect(talk.map((row) => row['seq'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const window = rows.window_entry.filter((row) => row['conversation_id'] === home);
  expect(window.map((row) => row['kind'])).toEqual([
    'summary',
    'message',
    'message',
    'message',
    'message',
    'message',
  ]);
  const gaps = database.raw
    .prepare('select session_gap_seconds from message where conversation_id = ? order by seq')
    .pluck()
    .all(conversation_id);
  expect(talk.map((row) => row['session_gap_seconds'])).toEqual(gaps);
  expect(Math.max(...(gaps as number[]))).toBeGreaterThan(86_400);
});

it('a run that is open at the moment of the export comes back interrupted, its calls paired', async () => {
  const database = await tempStore();
  const { agent_id, conversation_id } = await makeRichAgent(database, clock);
  await openRun(database, clock, { agent_id, conversation_id });
  const text = await exported(database, agent_id);
  const other = await tempStore();
  const rows = await cameIn(other, text);
  expect(rows.run).toMatchObject([{ state: 'interrupted', stop_reason: 'interrupted', lease_until: null }]);
  expect(rows.run[0]?.['finished_at']).not.toBeNull();
  expect(rows.step).toMatchObject([{ state: 'closed' }]);
  expect(rows.tool_call.map((row) => [row['state'], row['result']])).toEqual([
    ['done', 'done'],
    ['unknown', OPEN_IN_BACKUP],
  ]);
  const closing = rows.message.find((row) => row['tool_call_id'] === 'open-two');
  expect(closing).toMatchObject({ role: 'tool', seq: 12, text: OPEN_IN_BACKUP });
  expect(rows.tool_call[1]?.['result_message_id']).toBe(closing?.['id']);
  expect(await windowFaults(other, rows)).toEqual([null, null, null]);
  const letta = JSON.parse(text) as { agents: { messages: { role: string; tool_call_id?: string }[] }[] };
  expect(letta.agents[0]?.messages.map((message) => message.tool_call_id)).toContain('open-two');
  const still = database.raw.prepare("select count(*) from run where state = 'running'").pluck().get();
  expect(still).toBe(1);
});

it('a backup that still holds an open run, as older files do, is closed on the way in', async () => {
  const database = await tempStore();
  const { agent_id, conversation_id } = await makeRichAgent(database, clock);
  await openRun(database, clock, { agent_id, conversation_id });
  const file = JSON.parse(await exported(database, agent_id)) as { memoir: { rows: unknown } };
  file.memoir.rows = await readBackupRows(database.read, agent_id);
  const other = await tempStore();
  const rows = await cameIn(other, JSON.stringify(file));
  expect(rows.run).toMatchObject([{ state: 'interrupted' }]);
  expect(await windowFaults(other, rows)).toEqual([null, null, null]);
  const home = rows.conversation.find((row) => row['is_default'] === 1);
  expect(home?.['next_seq']).toBe(
    rows.message.filter((row) => row['conversation_id'] === home?.['id']).length + 1,
  );
});

it('an export while messages arrive is of one moment', async () => {
  const database = await tempStore();
  const { agent_id, conversation_id } = await makeRichAgent(database, clock);
  const home = { agent_id, conversation_id };
  const talk = async (): Promise<void> => {
    for (let count = 0; count < 60; count += 1) {
      await database.transaction((tx) => say(tx, clock, home, { role: 'user', text: 'and then' }));
    }
  };
  const exports = async (): Promise<string[]> => {
    const texts: string[] = [];
    for (let count = 0; count < 8; count += 1) texts.push(await exported(database, agent_id));
    return texts;
  };
  const [texts] = await Promise.all([exports(), talk()]);
  const other = await tempStore();
  for (const text of texts) await expect(cameIn(other, text)).resolves.toBeDefined();
});

it('an agent of a file that got a new block since can be exported and imported again', async () => {
  const database = await tempStore();
  const block = { id: 'block-0', label: 'human', value: 'Kit', limit: 100 };
  const loose = { id: 'block-1', label: 'loose', value: 'x', limit: 100 };
  const agent = { id: 'agent-0', name: 'Ada', block_ids: ['block-0'], messages: [] };
  const parts = { groups: [], files: [], sources: [], tools: [], mcp_servers: [] };
  const came = JSON.stringify({ agents: [agent], blocks: [block, loose], ...parts });
  const rows = await cameIn(database, came);
  const agent_id = String(rows.agent[0]?.['id']);
  const now = clock.now();
  database.raw
    .exec(`insert into block values ('block-new', 'cat', 'Mia', null, 100, 0, '[]', '{}', 1, '${now}', '${now}', null, 0);
    insert into agent_block values ('${agent_id}', 'block-new', 2);`);
  const { memoir: _, ...letta } = JSON.parse(await exported(database, agent_id)) as Record<string, unknown>;
  const again = await cameIn(await tempStore(), JSON.stringify(letta));
  expect(again.block.map((row) => row['label'])).toEqual(['human', 'cat']);
});
