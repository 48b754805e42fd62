import type { Passage } from '../../shared/contract/archive.ts';
import type { MemoryChange } from '../../shared/contract/blocks.ts';
import { listAgentsOfArchive } from '../store/archives.ts';
import type { Write } from '../store/database.ts';
import { firstWords } from '../store/memory-changes.ts';
import { insertPassageVersion } from '../store/memory-versions.ts';
import {
  deleteTags,
  insertPassage,
  insertTags,
  type StoredPassage,
  toPassage,
  updatePassageRow,
} from '../store/passages.ts';
import { indexPassage, unindexPassage } from '../store/search/full-text.ts';
import type { EditContext } from './block-versions.ts';
import type { Operation } from './cause.ts';

/** An archive entry as a change left it. */
export type PassageEdit = {
  readonly passage: Passage;
  /** `null` when nothing differed. */
  readonly change: MemoryChange | null;
  /** Agents that use its archive. */
  readonly agent_ids: readonly string[];
  /** Whether it is in the trash now. */
  readonly is_deleted: boolean;
};

/** An edit that wrote a version. */
export type WrittenPassage = PassageEdit & { readonly change: MemoryChange };

/** The next version of an entry: its tags, and its text or `null` to move it to the trash. */
export type PassageStep = {
  readonly current: StoredPassage;
  readonly text: string | null;
  readonly tags: readonly string[];
  readonly operation: Operation;
  readonly undoes?: string;
};

/** Inserts an entry, its tags, its place in the index and its version 1. */
export async function writeFirstPassage(
  tx: Write,
  passage: Omit<StoredPassage, 'ord'>,
  context: EditContext,
): Promise<WrittenPassage> {
  const { tags, ...columns } = passage;
  const ord = await insertPassage(tx, columns);
  await insertTags(tx, ord, tags);
  await indexPassage(tx, { ord, scope: passage.archive_id, text: passage.text });
  const operation = context.cause.actor === 'import' ? 'import' : 'create';
  return record(tx, { ...passage, ord }, { before: null, after: passage.text, operation }, context);
}

/** Writes the next version of an entry: row, tags, index and the record. Throws `conflict` when it moved on. */
export async function writePassageVersion(
  tx: Write,
  step: PassageStep,
  context: EditContext,
): Promise<WrittenPassage> {
  const { current, text } = step;
  const now = context.clock.now();
  const next: StoredPassage = {
    ...current,
    text: text ?? current.text,
    tags: [...step.tags],
    token_count: estimateTokens(text ?? current.text),
    version: current.version + 1,
    updated_at: now,
    deleted_at: text === null ? now : null,
  };
  await updatePassageRow(tx, next, current.version);
  await deleteTags(tx, next.ord);
  await insertTags(tx, next.ord, next.tags);
  await unindexPassage(tx, next.ord);
  if (text !== null) await indexPassage(tx, { ord: next.ord, scope: next.archive_id, text });
  const before = current.deleted_at === null ? current.text : null;
  return record(tx, next, { before, after: text, operation: step.operation, undoes: step.undoes }, context);
}

type Told = Pick<MemoryChange, 'before' | 'after' | 'operation'> & { readonly undoes?: string | undefined };

async function record(
  tx: Write,
  passage: StoredPassage,
  told: Told,
  { cause, clock }: EditContext,
): Promise<WrittenPassage> {
  const change: MemoryChange = {
    id: clock.newId('change'),
    kind: 'passage',
    target_id: passage.id,
    label: firstWords(passage.text),
    version: passage.version,
    operation: told.operation,
    before: told.before,
    after: told.after,
    ...cause,
    undoes: told.undoes ?? null,
    undone_by: null,
    created_at: clock.now(),
  };
  await insertPassageVersion(tx, { change, tags: passage.tags });
  const agent_ids = await listAgentsOfArchive(tx, passage.archive_id);
  return { passage: toPassage(passage), change, agent_ids, is_deleted: passage.deleted_at !== null };
}

/** Tokens of a text by rule of thumb, a quarter of its UTF-8 bytes: memory knows no tokenizer. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
