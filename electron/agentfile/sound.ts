import { AppError } from '../../shared/errors.ts';
import type { BackupRow, BackupRows, BackupTable } from '../store/import.ts';

/** What may occur once in a backup, beside the ids of rows. */
const KEYS: readonly (readonly [BackupTable, readonly string[]])[] = [
  ['window_entry', ['conversation_id', 'ord']],
  ['block_version', ['block_id', 'version']],
  ['passage_version', ['passage_id', 'version']],
  ['agent_version', ['agent_id', 'version']],
  ['agent_block', ['agent_id', 'block_id']],
  ['agent_archive', ['agent_id', 'archive_id']],
  ['inbox', ['conversation_id', 'otid']],
  ['step_trace', ['step_id']],
  ['passage', ['ord']],
  ['passage_tag', ['passage_ord', 'tag']],
];

/**
 * Throws `unsupported` when the rows of a backup do not fit together: the app relies on messages being numbered 1, 2, 3
 * without a gap, on one default conversation, and on windows that show their own conversation's messages.
 */
export function assertSound(rows: BackupRows): void {
  assertOneAgent(rows);
  assertNumbering(rows);
  assertWindows(rows);
  for (const [table, columns] of KEYS) assertOnce(rows, table, columns);
  const ords = new Set(rows.passage.map((row) => row['ord']));
  const lost = rows.passage_tag.find((row) => !ords.has(row['passage_ord'] ?? null));
  if (lost !== undefined) throw broken(`the tag ${String(lost['tag'])} belongs to no entry`);
}

function assertOneAgent(rows: BackupRows): void {
  if (rows.agent.length !== 1) throw broken('its memoir part holds no single agent');
  if (rows.conversation.filter((row) => row['is_default'] === 1).length !== 1) {
    throw broken('its agent has no single default conversation');
  }
  const id = rows.agent[0]?.['id'];
  const tables = ['conversation', 'message', 'run', 'step', 'agent_block', 'agent_archive'] as const;
  for (const table of tables) {
    const stray = rows[table].find((row) => row['agent_id'] !== id);
    if (stray !== undefined) throw broken(`${table} names ${String(stray['agent_id'])}, another agent`);
  }
}

function assertNumbering(rows: BackupRows): void {
  const byHome = Map.groupBy(rows.message, (row) => row['conversation_id'] ?? null);
  for (const home of rows.conversation) {
    const name = nameOf(home);
    const numbers = (byHome.get(home['id'] ?? null) ?? [])
      .map((row) => Number(row['seq']))
      .toSorted((a, b) => a - b);
    const gap = numbers.findIndex((seq, index) => seq !== index + 1);
    if (gap !== -1) {
      const what =
        numbers[gap] === numbers[gap - 1]
          ? `message ${numbers[gap]} is there twice`
          : `message ${gap + 1} is missing`;
      throw unnumbered(`${name} has ${numbers.length} messages, but ${what}`);
    }
    if (home['next_seq'] !== numbers.length + 1) {
      const told = Number(home['next_seq']) - 1;
      throw unnumbered(`${name} says it has ${told} messages and has ${numbers.length}`);
    }
  }
}

function assertWindows(rows: BackupRows): void {
  const homes = new Map(rows.message.map((row) => [row['id'], row['conversation_id']]));
  const stray = rows.window_entry.find(
    (row) => row['kind'] === 'message' && homes.get(row['ref'] ?? null) !== row['conversation_id'],
  );
  if (stray === undefined) return;
  throw broken(`a window shows ${String(stray['ref'])}, which its conversation does not have`);
}

function assertOnce(rows: BackupRows, table: BackupTable, columns: readonly string[]): void {
  const seen = new Set<string>();
  for (const row of rows[table]) {
    const key = JSON.stringify(columns.map((column) => row[column]));
    if (seen.has(key)) throw broken(`${table} holds one row twice`);
    seen.add(key);
  }
}

function nameOf(home: BackupRow): string {
  const title = String(home['title']);
  return title === '' ? `the conversation ${String(home['id'])}` : `the conversation "${title}"`;
}

function unnumbered(reason: string): AppError {
  return new AppError(
    'unsupported',
    `Import failed: ${reason}; the file was cut or changed after its export. Nothing was imported. Export the agent ` +
      'again, or import this file without its messages to keep the memory.',
    { details: { reason, usable_without_messages: true } },
  );
}

/** A refusal that says what in the file is wrong. */
export function broken(reason: string): AppError {
  return new AppError('unsupported', `Import failed: ${reason}. Nothing was imported.`);
}
