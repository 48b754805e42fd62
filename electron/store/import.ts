import { CompiledQuery, sql } from 'kysely';
import type { Read, Write } from './database.ts';
import { chainDigest, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';
import { scopeToken } from './search/query.ts';
import { spaceUnspaced } from './search/words.ts';

/** Row of a table that an agent's backup holds; text and whole numbers only. */
export type BackupRow = { readonly [column: string]: string | number | null };

/** The tables of a backup, in the order in which they can be inserted. */
export const BACKUP_TABLES = [
  'agent',
  'agent_version',
  'block',
  'agent_block',
  'block_version',
  'conversation',
  'message',
  'summary',
  'window_entry',
  'run',
  'step',
  'tool_call',
  'archive',
  'agent_archive',
  'passage',
  'passage_tag',
  'passage_version',
] as const satisfies readonly (keyof Schema)[];

/** Name of a table that a backup holds. */
export type BackupTable = (typeof BACKUP_TABLES)[number];

/** Rows by table. */
export type BackupRows = Readonly<Record<BackupTable, readonly BackupRow[]>>;

const CONVERSATIONS = 'select id from conversation where agent_id = $agent';
const ARCHIVES = 'select archive_id from agent_archive where agent_id = $agent';

const SELECTIONS: Readonly<Record<BackupTable, string>> = {
  agent: 'id = $agent',
  agent_version: 'agent_id = $agent order by version',
  block: 'id in (select block_id from agent_block where agent_id = $agent) order by rowid',
  agent_block: 'agent_id = $agent order by ord, block_id',
  block_version:
    'block_id in (select block_id from agent_block where agent_id = $agent) order by block_id, version',
  conversation: 'agent_id = $agent order by rowid',
  message: `conversation_id in (${CONVERSATIONS}) order by ord`,
  summary: `conversation_id in (${CONVERSATIONS}) order by rowid`,
  window_entry: `conversation_id in (${CONVERSATIONS}) order by conversation_id, ord`,
  run: 'agent_id = $agent order by rowid',
  step: 'run_id in (select id from run where agent_id = $agent) order by rowid',
  tool_call: 'run_id in (select id from run where agent_id = $agent) order by rowid',
  archive: `id in (${ARCHIVES}) order by rowid`,
  agent_archive: 'agent_id = $agent',
  passage: `archive_id in (${ARCHIVES}) order by ord`,
  passage_tag: `passage_ord in (select ord from passage where archive_id in (${ARCHIVES})) order by passage_ord, tag`,
  passage_version: `passage_id in (select id from passage where archive_id in (${ARCHIVES})) order by passage_id, version`,
};

/**
 * Reads everything that belongs to an agent, trash included, as it stood at one moment: what is written meanwhile is
 * not in it. An unknown agent gives empty tables.
 */
export async function readBackupRows(read: Read, agent_id: string): Promise<BackupRows> {
  if (read.isTransaction) return readTables(read, agent_id);
  return read.transaction().execute((moment) => readTables(moment, agent_id));
}

async function readTables(read: Read, agent_id: string): Promise<BackupRows> {
  const rows: Partial<Record<BackupTable, readonly BackupRow[]>> = {};
  for (const table of BACKUP_TABLES) rows[table] = await readTable(read, table, agent_id);
  return rows as BackupRows;
}

async function readTable(read: Read, table: BackupTable, agent_id: string): Promise<readonly BackupRow[]> {
  const condition = SELECTIONS[table].split('$agent');
  const parts = condition.flatMap((part, index) =>
    index === 0 ? [sql.raw(part)] : [sql`${agent_id}`, sql.raw(part)],
  );
  const query = sql<BackupRow>`select * from ${sql.table(table)} where ${sql.join(parts, sql``)}`;
  return (await query.execute(read)).rows;
}

/**
 * Inserts rows as they are, chains their digests anew (ids are part of a digest, and an import gives new ones) and
 * makes messages and living entries findable. `ord` of messages and entries is given afresh, tags follow.
 */
export async function insertBackupRows(tx: Write, rows: BackupRows): Promise<void> {
  const messages = chainMessages(rows.message);
  for (const table of BACKUP_TABLES) {
    if (table === 'message') await insertMessages(tx, messages.rows);
    else if (table === 'passage') await insertPassages(tx, rows);
    else if (table === 'conversation') await insertConversations(tx, rows.conversation, messages.heads);
    else if (table === 'block_version')
      await insertAll(tx, table, chainVersions(rows[table], 'block_id', 'settings'));
    else if (table === 'passage_version')
      await insertAll(tx, table, chainVersions(rows[table], 'passage_id', 'tags'));
    else if (table !== 'passage_tag') await insertAll(tx, table, rows[table]);
  }
}

/** Notes which id of a file became which id here. */
export async function insertImportIds(tx: Write, ids: readonly Schema['import_id'][]): Promise<void> {
  for (const row of ids) {
    await tx
      .insertInto('import_id')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function insertConversations(
  tx: Write,
  rows: readonly BackupRow[],
  heads: ReadonlyMap<string, string>,
): Promise<void> {
  const chained = rows.map((row) => ({ ...row, digest: heads.get(String(row['id'])) ?? '' }));
  await insertAll(tx, 'conversation', chained);
}

async function insertMessages(tx: Write, rows: readonly BackupRow[]): Promise<void> {
  for (const row of rows) {
    const ord = await insertRow(tx, 'message', without(row, 'ord'));
    await indexMessage(tx, { ord, scope: String(row['agent_id']), text: String(row['text']) });
  }
}

async function insertPassages(tx: Write, rows: BackupRows): Promise<void> {
  const tags = Map.groupBy(rows.passage_tag, (row) => row['passage_ord']);
  for (const row of rows.passage) {
    const ord = await insertRow(tx, 'passage', without(row, 'ord'));
    const own = tags.get(row['ord'] ?? null) ?? [];
    await insertAll(
      tx,
      'passage_tag',
      own.map((tag) => ({ ...tag, passage_ord: ord })),
    );
    if (row['deleted_at'] !== null) continue;
    await indexPassage(tx, { ord, scope: String(row['archive_id']), text: String(row['text']) });
  }
}

async function insertAll(tx: Write, table: BackupTable, rows: readonly BackupRow[]): Promise<void> {
  for (const row of rows) await insertRow(tx, table, row);
}

async function insertRow(tx: Write, table: BackupTable, row: BackupRow): Promise<number> {
  const columns = Object.keys(row);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const values = sql.join(columns.map((column) => row[column]));
  const done = await sql`insert into ${sql.table(table)} (${names}) values (${values})`.execute(tx);
  return Number(done.insertId ?? 0);
}

function without(row: BackupRow, column: string): BackupRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== column));
}

// The same facts in the same order as `appendMessage` chains them.
function chainMessages(rows: readonly BackupRow[]): { rows: BackupRow[]; heads: Map<string, string> } {
  const heads = new Map<string, string>();
  const ordered = rows.toSorted((a, b) => Number(a['seq']) - Number(b['seq']));
  const digests = new Map<BackupRow, string>();
  for (const row of ordered) {
    const home = String(row['conversation_id']);
    const facts = ['id', 'seq', 'role', 'created_at', 'content', 'tool_calls', 'tool_call_id', 'status'];
    const digest = chainDigest(heads.get(home) ?? '', ...facts.map((name) => String(row[name] ?? '')));
    heads.set(home, digest);
    digests.set(row, digest);
  }
  return { rows: rows.map((row) => ({ ...row, digest: digests.get(row) ?? '' })), heads };
}

// The same facts in the same order as `insertBlockVersion` and `insertPassageVersion` chain them.
function chainVersions(rows: readonly BackupRow[], owner: string, rest: string): BackupRow[] {
  const heads = new Map<string, string>();
  const ordered = rows.toSorted((a, b) => Number(a['version']) - Number(b['version']));
  return ordered.map((row) => {
    const id = String(row[owner]);
    const facts = ['id', 'version', 'operation', 'actor', 'created_at', rest].map((name) =>
      String(row[name] ?? ''),
    );
    const texts = [toJson(row['before'] ?? null), toJson(row['after'] ?? null)];
    const digest = chainDigest(heads.get(id) ?? '', ...facts, ...texts);
    heads.set(id, digest);
    return { ...row, digest };
  });
}
