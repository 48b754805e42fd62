import { BACKUP_TABLES, type BackupRow, type BackupRows, type BackupTable } from '../store/import.ts';
import { closeOpenRuns } from './close-open.ts';
import type { ImportOptions, ImportPlan, PlanOptions } from './plan.ts';
import { assertSound, broken } from './sound.ts';
import type { MemoirSection } from './versions/memoir-v2.ts';

/** Columns that must name a row of the file. The others that hold ids may point outside of it, and become null. */
const HOMES: readonly string[] = ['block_id', 'archive_id', 'passage_id', 'call_id', 'ref', 'target_id'];
const CAUSES: readonly string[] = [
  'message_id',
  'step_id',
  'run_id',
  'parent_id',
  'undoes',
  'undone_by',
  'result_message_id',
  'change_id',
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
  'approval',
  'inbox',
  'step_trace',
];

/**
 * Plans the import of a Memoir backup: the rows as they were, under new ids, what was running ended as interrupted.
 * Throws `unsupported` for rows that do not fit together.
 */
export async function remapMemoir(section: MemoirSection, options: PlanOptions): Promise<ImportPlan> {
  return remapRows(options.strip_messages ? stripMessages(section.rows) : section.rows, options);
}

/** The same for rows that were not read from a file. */
export async function remapRows(came: BackupRows, options: PlanOptions): Promise<ImportPlan> {
  assertSound(came);
  const source = withdrawLost(closeOpenRuns(came, options.clock));
  const ids = newIds(source, options);
  const rows = Object.fromEntries(BACKUP_TABLES.map((table) => [table, [] as BackupRow[]])) as Record<
    BackupTable,
    BackupRow[]
  >;
  for (const table of BACKUP_TABLES) {
    for (const row of source[table]) {
      await options.pause();
      rows[table].push(remapRow(table, row, ids));
    }
  }
  rows.agent = rows.agent.map((row) => adoptAgent(row, options));
  return { agent_ids: rows.agent.map((row) => String(row['id'])), rows, ids, repairs: [] };
}

// An edit of something that is not in the file can not be taken any more.
function withdrawLost(rows: BackupRows): BackupRows {
  const here = new Set<unknown>([...rows.block, ...rows.passage].map((row) => row['id']));
  const proposal = rows.proposal.map((row) => {
    const is_lost = row['base_version'] !== 0 && !here.has(row['target_id']);
    return is_lost && row['state'] === 'pending' ? { ...row, state: 'withdrawn' } : row;
  });
  return { ...rows, proposal };
}

/** Leaves out what was said; memory and its versions stay. */
export function stripMessages(rows: BackupRows): BackupRows {
  const empty = Object.fromEntries(MESSAGE_TABLES.map((table) => [table, []]));
  const conversation = rows.conversation
    .filter((row) => row['is_default'] === 1)
    .map((row) => ({ ...row, next_seq: 1, title: '', last_message_at: null, memory_snapshot: null }));
  return { ...rows, ...empty, conversation };
}

// Whatever the ids of a file begin with: here each table has its own prefix, and other parts rely on it.
const PREFIXES: Readonly<Partial<Record<BackupTable, string>>> = {
  agent: 'agent',
  block: 'block',
  block_version: 'change',
  conversation: 'conv',
  message: 'message',
  summary: 'summary',
  run: 'run',
  step: 'step',
  tool_call: 'call',
  approval: 'approval',
  inbox: 'inbox',
  archive: 'archive',
  passage: 'passage',
  passage_version: 'change',
  proposal: 'proposal',
};

function newIds(rows: BackupRows, options: ImportOptions): Map<string, string> {
  const ids = new Map<string, string>();
  for (const table of BACKUP_TABLES) {
    const prefix = PREFIXES[table];
    if (prefix === undefined) continue;
    for (const row of rows[table]) {
      const id = String(row['id']);
      if (ids.has(id)) throw broken(`the id ${id} occurs twice`);
      ids.set(id, options.clock.newId(prefix));
    }
  }
  // What a proposal would make is nowhere yet, and what it would have changed may have left the agent since.
  for (const { target_id, kind } of rows.proposal) {
    if (!ids.has(String(target_id))) ids.set(String(target_id), options.clock.newId(String(kind)));
  }
  return ids;
}

function isHome(column: string): boolean {
  return column === 'id' || HOMES.includes(column);
}

/** What the ids in a column begin with here; `null` for those that name a row of their own table. */
const PREFIX_OF: Readonly<Record<string, string | null>> = {
  agent_id: 'agent',
  archive_id: 'archive',
  block_id: 'block',
  call_id: 'call',
  change_id: 'change',
  conversation_id: 'conv',
  message_id: 'message',
  passage_id: 'passage',
  result_message_id: 'message',
  run_id: 'run',
  step_id: 'step',
  id: null,
  parent_id: null,
  undoes: null,
  undone_by: null,
};

function remapValue(
  table: BackupTable,
  column: string,
  row: BackupRow,
  ids: ReadonlyMap<string, string>,
): BackupRow[string] {
  const value = row[column] ?? null;
  if (typeof value !== 'string' || value === '') return value;
  const kind = kindOf(table, column);
  if (kind === 'plain') return value;
  const is_named = column === 'ref' || column === 'target_id';
  const prefix = is_named ? row['kind'] : (PREFIX_OF[column] ?? PREFIXES[table]);
  const mapped = ids.get(value);
  if (mapped?.startsWith(`${prefix}-`) === true) return mapped;
  if (kind === 'cause') return null;
  const what = mapped === undefined ? 'which is not in the file' : 'which is something else';
  throw broken(`${table}.${column} names ${value}, ${what}`);
}

// A cause may lie outside the file; a home (the row's own id, or the one it belongs to) may not.
function kindOf(table: BackupTable, column: string): 'plain' | 'cause' | 'home' {
  const mixed = MIXED.includes(column);
  const elsewhere = VERSIONS.includes(table) || (table === 'proposal' && column === 'conversation_id');
  const cause = CAUSES.includes(column) || (mixed && elsewhere);
  if (cause && !isRequiredHome(table, column)) return 'cause';
  return isHome(column) || mixed || cause ? 'home' : 'plain';
}

function remapRow(table: BackupTable, row: BackupRow, ids: ReadonlyMap<string, string>): BackupRow {
  const entries = Object.entries(row).map(([column, value]) =>
    // A memory delta names no row, and a note need not.
    column === 'ref' && (row['kind'] === 'memory_delta' || row['kind'] === 'note')
      ? [column, ids.get(String(value)) ?? value]
      : [column, remapValue(table, column, row, ids)],
  );
  const mapped = Object.fromEntries(entries) as BackupRow;
  if (table === 'agent_version') return { ...mapped, config: renameIds(String(row['config']), ids) };
  if (table === 'agent') return { ...mapped, foreign_fields: renameIds(String(row['foreign_fields']), ids) };
  if (table === 'conversation' && typeof row['memory_snapshot'] === 'string') {
    return { ...mapped, memory_snapshot: renameIds(row['memory_snapshot'], ids) };
  }
  // A shortened result names its message, so that it can be read again.
  if (table === 'window_entry' && typeof row['text'] === 'string') {
    return { ...mapped, text: renameIds(row['text'], ids) };
  }
  return mapped;
}

// A step must have its run, a call its step and message; versions and messages may outlive them.
function isRequiredHome(table: BackupTable, column: string): boolean {
  if (table === 'step') return column === 'run_id';
  if (table === 'step_trace') return column === 'step_id';
  const homes = ['run_id', 'step_id', 'message_id'];
  return (table === 'tool_call' || table === 'approval') && homes.includes(column);
}

const ID =
  /\b(?:agent|block|message|conv|archive|passage|change|run|step|summary|proposal)-[0-9a-f-]{36}\b/gu;

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
