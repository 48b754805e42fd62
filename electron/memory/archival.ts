import { isDeepStrictEqual } from 'node:util';
import type { MemoryChange } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import { readAgent } from '../store/agents.ts';
import {
  attachArchive,
  getArchiveOfAgent,
  insertArchiveNamedAfter,
  listAgentsOfArchive,
} from '../store/archives.ts';
import type { Clock } from '../store/clock.ts';
import type { Read, Write } from '../store/database.ts';
import { getPassageVersion } from '../store/memory-versions.ts';
import { getStoredPassage, type StoredPassage, toPassage } from '../store/passages.ts';
import type { EditContext } from './block-versions.ts';
import { normalizeTime } from './dates.ts';
import { mergeText } from './merge.ts';
import {
  estimateTokens,
  type PassageEdit,
  type PassageStep,
  writeFirstPassage,
  writePassageVersion,
  type WrittenPassage,
} from './passage-versions.ts';
import { cleanText } from './text.ts';

/** An entry to file. */
export type NewPassage = {
  readonly agent_id: string;
  readonly text: string;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Record<string, unknown> | undefined;
  /** An ISO time, or a date in the agent's time zone; left out: now. */
  readonly created_at?: string | undefined;
};

/** The id of the agent's archive; makes `"<name>'s Archive"` when there is none. Throws `not_found`. */
export async function ensureArchive(tx: Write, agent_id: string, clock: Clock): Promise<string> {
  const found = await getArchiveOfAgent(tx, agent_id);
  if (found !== null) return found.id;
  const archive = { id: clock.newId('archive'), created_at: clock.now() };
  if (!(await insertArchiveNamedAfter(tx, agent_id, archive))) {
    throw new AppError('not_found', 'There is no such agent.', { details: { agent_id } });
  }
  await attachArchive(tx, agent_id, archive.id);
  return archive.id;
}

/** Files an entry in the agent's archive. Throws `not_found`, `invalid_input` when there is no text or no such date. */
export async function addPassage(
  tx: Write,
  input: NewPassage,
  context: EditContext,
): Promise<WrittenPassage> {
  const text = checkText(input.text);
  const created_at = input.created_at === undefined ? null : await readTime(tx, input, input.created_at);
  const archive_id = await ensureArchive(tx, input.agent_id, context.clock);
  const now = context.clock.now();
  const passage: Omit<StoredPassage, 'ord'> = {
    id: context.clock.newId('passage'),
    archive_id,
    text,
    tags: cleanTags(input.tags ?? []),
    metadata: input.metadata ?? {},
    actor: context.cause.actor,
    token_count: estimateTokens(text),
    version: 1,
    created_at: created_at ?? now,
    updated_at: now,
    deleted_at: null,
  };
  return writeFirstPassage(tx, passage, context);
}

/** Edits text or tags of an entry that is still at `base_version`. Throws `not_found`, `conflict` with the current text. */
export async function editPassage(
  tx: Write,
  input: {
    readonly passage_id: string;
    readonly base_version: number;
    readonly text?: string | undefined;
    readonly tags?: readonly string[] | undefined;
  },
  context: EditContext,
): Promise<PassageEdit> {
  const current = await readPassage(tx, input.passage_id);
  if (current.version !== input.base_version) throw conflictOf(current, input.text ?? current.text);
  const text = input.text === undefined ? current.text : checkText(input.text);
  const tags = input.tags === undefined ? current.tags : cleanTags(input.tags);
  const operation = text === current.text ? 'settings' : 'edit';
  return write(tx, { current, text, tags, operation }, context);
}

/** Moves an entry to the trash. Throws `not_found`. */
export async function deletePassage(
  tx: Write,
  passage_id: string,
  context: EditContext,
): Promise<WrittenPassage> {
  const current = await readPassage(tx, passage_id);
  return writePassageVersion(tx, { current, text: null, tags: current.tags, operation: 'delete' }, context);
}

/** Takes an entry back out of the trash; one that is not there stays as it is. Throws `not_found`. */
export async function restorePassage(
  tx: Write,
  passage_id: string,
  context: EditContext,
): Promise<PassageEdit> {
  const current = await getStoredPassage(tx, passage_id);
  if (current === null) throw missing(passage_id);
  return write(tx, { current, text: current.text, tags: current.tags, operation: 'restore' }, context);
}

/** The inverse of one change of an entry, as its next version. See `undoChange`. */
export async function undoPassageChange(
  tx: Write,
  change: MemoryChange,
  context: EditContext,
): Promise<WrittenPassage> {
  const current = await getStoredPassage(tx, change.target_id);
  const after = await getPassageVersion(tx, change.target_id, change.version);
  if (current === null || after === null) throw missing(change.target_id);
  const before = await getPassageVersion(tx, change.target_id, change.version - 1);
  const next = inverse(change, current, after.tags, before?.tags ?? after.tags);
  return writePassageVersion(tx, { ...next, current, operation: 'undo', undoes: change.id }, context);
}

function inverse(
  change: MemoryChange,
  current: StoredPassage,
  after: readonly string[],
  before: readonly string[],
): Pick<PassageStep, 'text' | 'tags'> {
  const isGone = current.deleted_at !== null;
  if (change.after === null) {
    if (!isGone) throw new AppError('conflict', 'The entry is back from the trash already.');
    return { text: change.before, tags: current.tags };
  }
  if (isGone)
    throw new AppError('conflict', 'The entry is in the trash. Take it out first, then undo this change.');
  if (change.before === null) {
    if (current.text !== change.after) throw conflictOf(current, '');
    return { text: null, tags: current.tags };
  }
  const text = mergeText(change.after, current.text, change.before);
  if (text === null) throw conflictOf(current, change.before);
  const kept = current.tags.filter((tag) => !after.includes(tag) || before.includes(tag));
  const back = before.filter((tag) => !after.includes(tag) && !kept.includes(tag));
  return { text, tags: [...kept, ...back].toSorted() };
}

async function write(tx: Write, step: PassageStep, context: EditContext): Promise<PassageEdit> {
  const { current } = step;
  const isSame =
    current.deleted_at === null && step.text === current.text && isDeepStrictEqual(step.tags, current.tags);
  if (!isSame) return writePassageVersion(tx, step, context);
  const agent_ids = await listAgentsOfArchive(tx, current.archive_id);
  return { passage: toPassage(current), change: null, agent_ids, is_deleted: false };
}

async function readPassage(read: Read, passage_id: string): Promise<StoredPassage> {
  const stored = await getStoredPassage(read, passage_id);
  if (stored !== null && stored.deleted_at === null) return stored;
  throw missing(passage_id);
}

function missing(passage_id: string): AppError {
  return new AppError('not_found', 'There is no such entry in the archive.', { details: { passage_id } });
}

function conflictOf(current: StoredPassage, yours: string): AppError {
  return new AppError(
    'conflict',
    'The entry was changed meanwhile. Nothing was changed. Compare both and save again.',
    {
      details: { passage_id: current.id, current: current.text, yours, version: current.version },
    },
  );
}

async function readTime(tx: Write, { agent_id }: NewPassage, text: string): Promise<string> {
  const { timezone } = await readAgent(tx, agent_id);
  return normalizeTime(text, timezone);
}

/** A text fit for the archive. Throws `invalid_input` when nothing is left of it. */
export function checkText(text: string): string {
  const clean = cleanText(text);
  if (clean.trim() !== '') return clean;
  throw new AppError('invalid_input', 'The entry has no text. Nothing was filed.');
}

/** Tags without blanks around them and without repeats, sorted, as the store reads them back. */
export function cleanTags(tags: readonly string[]): string[] {
  const clean = tags.map((tag) => cleanText(tag).trim()).filter((tag) => tag !== '');
  return [...new Set(clean)].toSorted();
}
