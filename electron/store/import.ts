import { sql } from 'kysely';
import type { Read } from './database.ts';
import type { Schema } from './schema.ts';

/** Row of a table that an agent's backup holds; text and whole numbers only, bytes as base64. */
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
  'approval',
  'inbox',
  'step_trace',
  'archive',
  'agent_archive',
  'passage',
  'passage_tag',
  'passage_version',
  'proposal',
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
  approval: 'run_id in (select id from run where agent_id = $agent) order by rowid',
  // What still waits would be answered where it is imported, too.
  inbox: `conversation_id in (${CONVERSATIONS}) and state <> 'queued' order by rowid`,
  step_trace:
    'step_id in (select step.id from step join run on run.id = step.run_id where run.agent_id = $agent) order by rowid',
  archive: `id in (${ARCHIVES}) order by rowid`,
  agent_archive: 'agent_id = $agent',
  passage: `archive_id in (${ARCHIVES}) order by ord`,
  passage_tag: `passage_ord in (select ord from passage where archive_id in (${ARCHIVES})) order by passage_ord, tag`,
  passage_version: `passage_id in (select id from passage where archive_id in (${ARCHIVES})) order by passage_id, version`,
  proposal: 'agent_id = $agent order by rowid',
};

/**
 * Reads everything that belongs to an agent, trash included, as it stood at one moment: what is written meanwhile is
 * not in it. With `tables` only these are read, the others are empty. An unknown agent gives empty tables.
 */
export async function readBackupRows(
  read: Read,
  agent_id: string,
  options: { readonly include_traces?: boolean; readonly tables?: readonly BackupTable[] } = {},
): Promise<BackupRows> {
  const { include_traces = true, tables: wanted = BACKUP_TABLES } = options;
  const tables = wanted.filter((table) => include_traces || table !== 'step_trace');
  if (read.isTransaction) return readTables(read, tables, agent_id);
  return read.transaction().execute((moment) => readTables(moment, tables, agent_id));
}

async function readTables(read: Read, tables: readonly BackupTable[], agent_id: string): Promise<BackupRows> {
  const empty = BACKUP_TABLES.map((table) => [table, []] as const);
  const rows = Object.fromEntries(empty) as Partial<Record<BackupTable, readonly BackupRow[]>>;
  for (const table of tables) rows[table] = await readTable(read, table, agent_id);
  return rows as BackupRows;
}

async function readTable(read: Read, table: BackupTable, agent_id: string): Promise<readonly BackupRow[]> {
  const condition = SELECTIONS[table].split('$agent');
  const parts = condition.flatMap((part, index) =>
    index === 0 ? [sql.raw(part)] : [sql`${agent_id}`, sql.raw(part)],
  );
  const query = sql<BackupRow>`select * from ${sql.table(table)} where ${sql.join(parts, sql``)}`;
  const { rows } = await query.execute(read);
  return table === 'step_trace' ? rows.map(withoutBytes) : rows;
}

/** Reads blocks with all their versions, whoever has them. */
export async function readBlockRows(
  read: Read,
  block_ids: readonly string[],
): Promise<Pick<BackupRows, 'block' | 'block_version'>> {
  const wanted = sql`(select value from json_each(${JSON.stringify(block_ids)}))`;
  const block = await sql<BackupRow>`select * from block where id in ${wanted} order by rowid`.execute(read);
  const versions = await sql<BackupRow>`select * from block_version where block_id in ${wanted}
    order by block_id, version`.execute(read);
  return { block: block.rows, block_version: versions.rows };
}

function withoutBytes(row: Readonly<Record<string, unknown>>): BackupRow {
  const entries = Object.entries(row).map(([column, value]) => [
    column,
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  ]);
  return Object.fromEntries(entries) as BackupRow;
}

/** Characters that the raw requests and answers of an agent's steps would take as text. */
export async function measureTraces(read: Read, agent_id: string): Promise<number> {
  const { bytes } = await read
    .selectFrom('step_trace')
    .innerJoin('step', 'step.id', 'step_trace.step_id')
    .innerJoin('run', 'run.id', 'step.run_id')
    .select(sql<number | null>`sum(length(request) + coalesce(length(response), 0))`.as('bytes'))
    .where('run.agent_id', '=', agent_id)
    .executeTakeFirstOrThrow();
  return Math.ceil((bytes ?? 0) / 3) * 4;
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
