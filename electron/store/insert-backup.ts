import { CompiledQuery } from 'kysely';
import { chainMessages, chainVersions } from './chain-backup.ts';
import type { Write } from './database.ts';
import { BACKUP_TABLES, type BackupRow, type BackupRows, type BackupTable } from './import.ts';
import type { Pause } from './pause.ts';
import type { Schema } from './schema.ts';
import { scopeToken } from './search/query.ts';
import { spaceUnspaced } from './search/words.ts';

type Value = string | number | null | Uint8Array;
type FillableTable = BackupTable | 'import_id' | 'message_fts' | 'passage_fts';

/** Rows of a table as they will be inserted. */
type Filling = {
  readonly table: FillableTable;
  readonly columns: readonly string[];
  readonly values: readonly (readonly Value[])[];
  /** The column whose numbers, from 1, are counted on from the last row of a table. */
  readonly counted: { readonly column: string; readonly from: 'message' | 'passage' } | null;
};

/** All that an import will insert, worked out beforehand. */
export type PreparedBackup = readonly Filling[];

/**
 * Works out what to insert for rows as they are: their digests are chained anew (ids are part of a digest, and an import
 * gives new ones), messages and living entries are made findable. `ord` of messages and entries is given afresh.
 */
export async function prepareBackup(
  rows: BackupRows,
  ids: readonly Schema['import_id'][],
  pause: Pause,
): Promise<PreparedBackup> {
  const messages = await chainMessages(rows, pause);
  const chained: BackupRows = {
    ...rows,
    message: messages.rows,
    conversation: rows.conversation.map((row) => ({
      ...row,
      digest: messages.heads.get(String(row['id'])) ?? '',
    })),
    block_version: chainVersions(rows.block_version, 'block_id', 'settings'),
    passage_version: chainVersions(rows.passage_version, 'passage_id', 'tags'),
    passage_tag: renumberTags(rows),
  };
  const prepared: Filling[] = [];
  for (const table of BACKUP_TABLES) {
    prepared.push(await fill(table, chained[table], pause));
    if (table === 'message') prepared.push(await fillIndex('message', chained.message, pause));
    if (table === 'passage') prepared.push(await fillIndex('passage', chained.passage, pause));
  }
  return [...prepared, await fill('import_id', ids, pause)];
}

// By the places that entries will have, from 1.
function renumberTags({ passage, passage_tag }: BackupRows): BackupRow[] {
  const ords = new Map(passage.map((row, index) => [row['ord'], index + 1]));
  return passage_tag.map((tag) => ({ ...tag, passage_ord: ords.get(tag['passage_ord'] ?? null) ?? null }));
}

const COUNTED: Readonly<Partial<Record<FillableTable, NonNullable<Filling['counted']>>>> = {
  message: { column: 'ord', from: 'message' },
  message_fts: { column: 'rowid', from: 'message' },
  passage: { column: 'ord', from: 'passage' },
  passage_fts: { column: 'rowid', from: 'passage' },
  passage_tag: { column: 'passage_ord', from: 'passage' },
};

async function fill(table: FillableTable, rows: readonly BackupRow[], pause: Pause): Promise<Filling> {
  const columns = Object.keys(rows[0] ?? {});
  const values: Value[][] = [];
  for (const [index, row] of rows.entries()) {
    await pause();
    values.push(columns.map((column) => valueOf(table, column, row, index)));
  }
  return { table, columns, values, counted: COUNTED[table] ?? null };
}

function valueOf(table: FillableTable, column: string, row: BackupRow, index: number): Value {
  const value = row[column] ?? null;
  if (column === 'ord' && (table === 'message' || table === 'passage')) return index + 1;
  const isBytes = table === 'step_trace' && (column === 'request' || column === 'response');
  return isBytes && typeof value === 'string' ? Buffer.from(value, 'base64') : value;
}

// The same rows as `indexMessage` and `indexPassage` make.
async function fillIndex(
  from: 'message' | 'passage',
  rows: readonly BackupRow[],
  pause: Pause,
): Promise<Filling> {
  const scope = from === 'message' ? 'agent_id' : 'archive_id';
  const values: Value[][] = [];
  for (const [index, row] of rows.entries()) {
    await pause();
    if (from === 'passage' && row['deleted_at'] !== null) continue;
    values.push([index + 1, scopeToken(String(row[scope])), spaceUnspaced(String(row['text']))]);
  }
  const table = `${from}_fts` as const;
  return { table, columns: ['rowid', 'scope', 'text'], values, counted: COUNTED[table] ?? null };
}

/**
 * Inserts what was prepared. It pauses between statements: other writers wait for the transaction anyway, readers and
 * the window need not.
 */
export async function insertBackup(tx: Write, prepared: PreparedBackup, pause: Pause): Promise<void> {
  const last = { message: await lastOrd(tx, 'message'), passage: await lastOrd(tx, 'passage') };
  for (const filling of prepared) {
    await insertAll(tx, filling, filling.counted === null ? 0 : last[filling.counted.from], pause);
  }
}

async function lastOrd(tx: Write, table: 'message' | 'passage'): Promise<number> {
  const { last } = await tx
    .selectFrom(table)
    .select(({ fn }) => fn.max<number | null>('ord').as('last'))
    .executeTakeFirstOrThrow();
  return last ?? 0;
}

const VALUES_PER_STATEMENT = 1000;

// Two statements per table, many rows at a time and the rest one by one: both stay prepared for the next import.
async function insertAll(
  tx: Write,
  { table, columns, values, counted }: Filling,
  offset: number,
  pause: Pause,
): Promise<void> {
  if (values.length === 0) return;
  const size = Math.max(1, Math.floor(VALUES_PER_STATEMENT / columns.length));
  const many = insertText(table, columns, size);
  const one = insertText(table, columns, 1);
  const place = columns.indexOf(counted?.column ?? '');
  for (let start = 0; start < values.length; start += size) {
    await pause();
    const batch = values
      .slice(start, start + size)
      .map((row) => (place === -1 ? row : row.with(place, Number(row[place]) + offset)));
    if (batch.length === size) await tx.executeQuery(CompiledQuery.raw(many, batch.flat()));
    else for (const row of batch) await tx.executeQuery(CompiledQuery.raw(one, [...row]));
  }
}

function insertText(table: FillableTable, columns: readonly string[], count: number): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const places = `(${columns.map(() => '?').join(', ')})`;
  return `insert into ${table} (${names}) values ${Array.from({ length: count }, () => places).join(', ')}`;
}
