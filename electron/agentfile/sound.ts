import { AppError } from '../../shared/errors.ts';
import { toHome } from '../store/chain-backup.ts';
import type { BackupRow, BackupRows, BackupTable } from '../store/import.ts';
import { holdsMessage, segmentsOf } from '../store/talk.ts';

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
  ['approval', ['call_id']],
  ['passage', ['ord']],
  ['passage_tag', ['passage_ord', 'tag']],
];

/**
 * Throws `unsupported` when the rows of a backup do not fit together: the app relies on messages being numbered 1, 2, 3
 * without a gap (a branch counts on from where it left its parent), on one default conversation, and on windows that
 * show messages of their own talk.
 */
export function assertSound(rows: BackupRows): void {
  assertOneAgent(rows);
  assertBranches(rows);
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

function assertBranches(rows: BackupRows): void {
  const rowsById = new Map(rows.conversation.map((row) => [row['id'] ?? null, row]));
  for (const branch of rows.conversation) {
    const { parent_id, fork_seq } = toHome(branch);
    if (parent_id === null && fork_seq === null) continue;
    const parent = rowsById.get(parent_id);
    const last = Number(parent?.['next_seq'] ?? 0) - 1;
    if (parent === undefined || fork_seq === null || fork_seq < 0 || fork_seq > last) {
      throw unnumbered(`${nameOf(branch)} branches off where nothing is`);
    }
    if (branch['is_default'] === 1) throw broken('its default conversation is a branch of another');
    if (isItsOwnParent(branch, rowsById)) throw broken(`${nameOf(branch)} is a branch of itself`);
  }
}

function isItsOwnParent(branch: BackupRow, rowsById: ReadonlyMap<unknown, BackupRow>): boolean {
  const met = new Set<unknown>();
  for (let next: BackupRow | undefined = branch; next !== undefined; next = rowsById.get(next['parent_id'])) {
    if (met.has(next['id'])) return true;
    met.add(next['id']);
  }
  return false;
}

function assertNumbering(rows: BackupRows): void {
  const byHome = Map.groupBy(rows.message, (row) => row['conversation_id'] ?? null);
  for (const home of rows.conversation) {
    const name = nameOf(home);
    const before = Number(home['fork_seq'] ?? 0);
    const numbers = (byHome.get(home['id'] ?? null) ?? [])
      .map((row) => Number(row['seq']))
      .toSorted((a, b) => a - b);
    const gap = numbers.findIndex((seq, index) => seq !== before + index + 1);
    if (gap !== -1) {
      const what =
        numbers[gap] === numbers[gap - 1]
          ? `message ${numbers[gap]} is there twice`
          : `message ${before + gap + 1} is missing`;
      throw unnumbered(`${name} has ${numbers.length} messages, but ${what}`);
    }
    if (home['next_seq'] !== before + numbers.length + 1) {
      const told = Number(home['next_seq']) - before - 1;
      throw unnumbered(`${name} says it has ${told} messages and has ${numbers.length}`);
    }
  }
}

function assertWindows(rows: BackupRows): void {
  const homes = new Map(rows.conversation.map((row) => [String(row['id']), toHome(row)]));
  const messages = new Map(rows.message.map((row) => [row['id'], row]));
  for (const id of homes.keys()) {
    const talk = segmentsOf(id, (one) => homes.get(one));
    const stray = rows.window_entry
      .filter((row) => row['kind'] === 'message' && row['conversation_id'] === id)
      .find(({ ref }) => {
        const row = messages.get(ref ?? null);
        const place = { conversation_id: String(row?.['conversation_id']), seq: Number(row?.['seq']) };
        return row === undefined || !holdsMessage(talk, place);
      });
    if (stray === undefined) continue;
    throw broken(`a window shows ${String(stray['ref'])}, which its conversation does not have`);
  }
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
