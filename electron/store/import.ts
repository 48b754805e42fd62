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
  await insertAll(tx, 'import_id', ids);
}

/** An agent here that a file is about: made by an earlier import of it, or the one it was exported from. */
export type KnownAgent = {
  readonly name: string;
  /** When it was imported; `null` for the agent itself. */
  readonly imported_at: string | null;
};

/** Finds agents outside the trash that an import of `source` made for these foreign ids, or that have such an id. */
export async function findKnownAgents(
  read: Read,
  source: string,
  foreign_ids: readonly string[],
): Promise<KnownAgent[]> {
  const made = await read
    .selectFrom('import_id')
    .innerJoin('agent', 'agent.id', 'import_id.local_id')
    .select(['agent.name', 'import_id.created_at as imported_at'])
    .where('import_id.source', '=', source)
    .where('import_id.foreign_id', 'in', foreign_ids)
    .where('agent.deleted_at', 'is', null)
    .orderBy('import_id.created_at')
    .execute();
  const same = await read
    .selectFrom('agent')
    .select('name')
    .where('id', 'in', foreign_ids)
    .where('deleted_at', 'is', null)
    .execute();
  return [...same.map(({ name }) => ({ name, imported_at: null })), ...made];
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
  const numbered = await numberRows(tx, 'message', rows);
  await insertAll(tx, 'message', numbered);
  const indexed = numbered.map((row) => toIndexRow(row, 'agent_id'));
  await insertAll(tx, 'message_fts', indexed);
}

async function insertPassages(tx: Write, rows: BackupRows): Promise<void> {
  const numbered = await numberRows(tx, 'passage', rows.passage);
  await insertAll(tx, 'passage', numbered);
  const ords = new Map(rows.passage.map((row, index) => [row['ord'], numbered[index]?.ord ?? null]));
  const tags = rows.passage_tag.map((tag) => ({ ...tag, passage_ord: ords.get(tag['passage_ord']) ?? null }));
  await insertAll(tx, 'passage_tag', tags);
  const living = numbered.filter((row) => row['deleted_at'] === null);
  const indexed = living.map((row) => toIndexRow(row, 'archive_id'));
  await insertAll(tx, 'passage_fts', indexed);
}

type NumberedRow = BackupRow & { readonly ord: number };

// Known before they are inserted, so that rows and their index can go in many at a time. No one else writes meanwhile.
async function numberRows(
  tx: Write,
  table: 'message' | 'passage',
  rows: readonly BackupRow[],
): Promise<NumberedRow[]> {
  const { last } = await tx
    .selectFrom(table)
    .select(({ fn }) => fn.max<number | null>('ord').as('last'))
    .executeTakeFirstOrThrow();
  return rows.map((row, index) => ({ ...row, ord: (last ?? 0) + 1 + index }));
}

// The same row as `indexMessage` and `indexPassage` make.
function toIndexRow(row: NumberedRow, scope: string): BackupRow {
  const text = spaceUnspaced(String(row['text']));
  return { rowid: row.ord, scope: scopeToken(String(row[scope])), text };
}

const VALUES_PER_STATEMENT = 1000;

type FillableTable = BackupTable | 'import_id' | 'message_fts' | 'passage_fts';

// Two statements per table, many rows at a time and the rest one by one: both stay prepared for the next import.
async function insertAll(tx: Write, table: FillableTable, rows: readonly BackupRow[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const size = Math.max(1, Math.floor(VALUES_PER_STATEMENT / columns.length));
  const many = insertText(table, columns, size);
  const one = insertText(table, columns, 1);
  for (let start = 0; start < rows.length; start += size) {
    const batch = rows.slice(start, start + size);
    const values = batch.map((row) => columns.map((column) => row[column] ?? null));
    if (batch.length === size) await tx.executeQuery(CompiledQuery.raw(many, values.flat()));
    else for (const value of values) await tx.executeQuery(CompiledQuery.raw(one, value));
  }
}

function insertText(table: FillableTable, columns: readonly string[], count: number): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const places = `(${columns.map(() => '?').join(', ')})`;
  return `insert into ${table} (${names}) values ${Array.from({ length: count }, () => places).join(', ')}`;
}

// The same facts in the same order as `appendMessage` chains them.
function chainMessages(rows: readonly BackupRow[]): { rows: BackupRow[]; heads: Map<string, string> } {
  const heads = new Map<string, string>();
  const ordered = rows.toSorted((a, b) => Number(a['seq']) - Number(b['seq']));
  const digests = new Map<BackupRow, string>();
  for (const row of ordered) {
    const home = String(row['conversation_id']);
    const facts = ['id', 'seq', 'role', 'created_at', 'content', 'tool_calls', 'tool_call_id', 'status'];
    const digest = chainDigest(
      heads.get(home) ?? '',
      facts.map((name) => String(row[name] ?? '')),
    );
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
    const digest = chainDigest(heads.get(id) ?? '', [...facts, ...texts]);
    heads.set(id, digest);
    return { ...row, digest };
  });
}
