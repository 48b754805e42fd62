import { AppError } from '../../shared/errors.ts';
import { BACKUP_TABLES, type BackupRow, type BackupRows, type BackupTable } from '../store/import.ts';
import type { ImportOptions, ImportPlan } from './plan.ts';
import type { MemoirSection } from './versions/memoir-v1.ts';

/** Columns that must name a row of the file. The others that hold ids may point outside of it, and become null. */
const HOMES: readonly string[] = ['block_id', 'archive_id', 'passage_id', 'ref'];
const CAUSES: readonly string[] = [
  'message_id',
  'step_id',
  'run_id',
  'parent_id',
  'undoes',
  'undone_by',
  'result_message_id',
];
// Both: a home in one table, a cause in another that may have happened elsewhere.
const MIXED: readonly string[] = ['agent_id', 'conversation_id'];
const VERSIONS: readonly BackupTable[] = ['block_version', 'passage_version'];
const MESSAGE_TABLES: readonly BackupTable[] = [
  'message',
  'summary',
  'window_entry',
  'run',
  'step',
  'tool_call',
];

/** Plans the import of a Memoir backup: the rows as they were, under new ids. Throws `unsupported` on a dangling id. */
export function remapMemoir(section: MemoirSection, options: ImportOptions): ImportPlan {
  const source: BackupRows = options.strip_messages ? stripMessages(section.rows) : section.rows;
  const agent = source.agent[0];
  if (agent === undefined || source.agent.length > 1) {
    throw new AppError(
      'unsupported',
      'Import failed: its memoir part holds no single agent. Nothing was imported.',
    );
  }
  const ids = newIds(source, options);
  const rows = Object.fromEntries(
    BACKUP_TABLES.map((table) => [table, source[table].map((row) => remapRow(table, row, ids))]),
  ) as Record<BackupTable, BackupRow[]>;
  assertKeys(rows);
  rows.agent = rows.agent.map((row) => adoptAgent(row, options));
  return { agent_ids: [ids.get(String(agent['id'])) ?? ''], rows, ids, warnings: [] };
}

/** Leaves out what was said; memory and its versions stay. */
export function stripMessages(rows: BackupRows): BackupRows {
  const empty = Object.fromEntries(MESSAGE_TABLES.map((table) => [table, []]));
  const conversation = rows.conversation
    .filter((row) => row['is_default'] === 1)
    .map((row) => ({ ...row, next_seq: 1, title: '', last_message_at: null, memory_snapshot: null }));
  return { ...rows, ...empty, conversation };
}

function newIds(rows: BackupRows, options: ImportOptions): Map<string, string> {
  const ids = new Map<string, string>();
  for (const table of BACKUP_TABLES) {
    for (const row of rows[table]) {
      const id = row['id'];
      if (typeof id !== 'string') continue;
      if (ids.has(id)) throw broken(`the id ${id} occurs twice`);
      ids.set(id, options.clock.newId(id.slice(0, Math.max(0, id.indexOf('-')))));
    }
  }
  return ids;
}

function isHome(column: string): boolean {
  return column === 'id' || HOMES.includes(column);
}

function remapValue(
  table: BackupTable,
  column: string,
  value: BackupRow[string] | undefined,
  ids: ReadonlyMap<string, string>,
): BackupRow[string] {
  if (value === undefined) return null;
  if (typeof value !== 'string' || value === '') return value;
  const kind = kindOf(table, column);
  if (kind === 'plain') return value;
  if (kind === 'cause') return ids.get(value) ?? null;
  const mapped = ids.get(value);
  if (mapped !== undefined) return mapped;
  throw broken(`${table}.${column} names ${value}, which is not in the file`);
}

// A cause may lie outside the file; a home (the row's own id, or the one it belongs to) may not.
function kindOf(table: BackupTable, column: string): 'plain' | 'cause' | 'home' {
  const mixed = MIXED.includes(column);
  const cause = CAUSES.includes(column) || (mixed && VERSIONS.includes(table));
  if (cause && !isRequiredHome(table, column)) return 'cause';
  return isHome(column) || mixed || cause ? 'home' : 'plain';
}

function remapRow(table: BackupTable, row: BackupRow, ids: ReadonlyMap<string, string>): BackupRow {
  const entries = Object.entries(row).map(([column, value]) =>
    // A memory delta may name what is not a row of the file.
    column === 'ref' && row['kind'] === 'memory_delta'
      ? [column, ids.get(String(value)) ?? value]
      : [column, remapValue(table, column, value, ids)],
  );
  const mapped = Object.fromEntries(entries) as BackupRow;
  if (table === 'agent_version') return { ...mapped, config: renameIds(String(row['config']), ids) };
  if (table === 'agent') return { ...mapped, foreign_fields: renameIds(String(row['foreign_fields']), ids) };
  if (table === 'conversation' && typeof row['memory_snapshot'] === 'string') {
    return { ...mapped, memory_snapshot: renameIds(row['memory_snapshot'], ids) };
  }
  return closeOpen(table, mapped);
}

// Nothing goes on that ran when the backup was made.
function closeOpen(table: BackupTable, row: BackupRow): BackupRow {
  const { state } = row;
  if (table === 'run' && state === 'running') return { ...row, state: 'interrupted', lease_until: null };
  if (table === 'step' && state !== 'closed') return { ...row, state: 'closed' };
  if (table === 'tool_call' && (state === 'pending' || state === 'running'))
    return { ...row, state: 'unknown' };
  return row;
}

// A step must have its run, a call its step and message; versions and messages may outlive them.
function isRequiredHome(table: BackupTable, column: string): boolean {
  if (table === 'step') return column === 'run_id';
  return table === 'tool_call' && ['run_id', 'step_id', 'message_id'].includes(column);
}

const ID = /\b(?:agent|block|message|conv|archive|passage|change|run|step|summary)-[0-9a-f-]{36}\b/gu;

function renameIds(text: string, ids: ReadonlyMap<string, string>): string {
  return text.replaceAll(ID, (id) => ids.get(id) ?? id);
}

function adoptAgent(row: BackupRow, options: ImportOptions): BackupRow {
  const changed = options.name !== undefined || options.model !== undefined;
  return {
    ...row,
    name: options.name ?? row['name'] ?? null,
    model: options.model ?? row['model'] ?? null,
    deleted_at: null,
    updated_at: changed ? options.clock.now() : (row['updated_at'] ?? null),
  };
}

// SQLite would refuse these too, but in its own words.
function assertKeys(rows: BackupRows): void {
  if (rows.conversation.filter((row) => row['is_default'] === 1).length !== 1) {
    throw broken('its agent has no single default conversation');
  }
  const seen = new Set<string>();
  const keys: readonly [BackupTable, readonly string[]][] = [
    ['message', ['conversation_id', 'seq']],
    ['window_entry', ['conversation_id', 'ord']],
    ['block_version', ['block_id', 'version']],
    ['passage_version', ['passage_id', 'version']],
    ['agent_version', ['agent_id', 'version']],
    ['agent_block', ['agent_id', 'block_id']],
    ['agent_archive', ['agent_id', 'archive_id']],
    ['passage_tag', ['passage_ord', 'tag']],
  ];
  for (const [table, columns] of keys) {
    for (const row of rows[table]) {
      const key = JSON.stringify([table, ...columns.map((column) => row[column])]);
      if (seen.has(key)) throw broken(`${table} holds one row twice`);
      seen.add(key);
    }
  }
}

function broken(reason: string): AppError {
  return new AppError('unsupported', `Import failed: ${reason}. Nothing was imported.`);
}
