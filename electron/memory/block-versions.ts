import { isDeepStrictEqual } from 'node:util';
import type { Proposal } from '../../shared/contract/approvals.ts';
import type { Block, MemoryChange } from '../../shared/contract/blocks.ts';
import { insertBlock, type StoredBlock, toBlock, updateBlockRow } from '../store/blocks.ts';
import type { Clock } from '../store/clock.ts';
import type { Write } from '../store/database.ts';
import { type BlockSettings, insertBlockVersion } from '../store/memory-versions.ts';
import { assertFits, assertLabelFree, assertLimit, assertWritable } from './block-rules.ts';
import type { Cause, Operation } from './cause.ts';

/** Who edits and why, and where times and ids come from. A tool's context is one. */
export type EditContext = { readonly cause: Cause; readonly clock: Clock };

/**
 * A block as an edit left it, and the version that was written; `change` is `null` when nothing differed, or when the
 * edit waits as a `proposal`.
 */
export type BlockEdit = {
  readonly block: Block;
  readonly change: MemoryChange | null;
  readonly proposal?: Proposal;
};

/** A version that was written; `block` is `null` when it went to the trash. */
export type WrittenVersion = { readonly block: Block | null; readonly change: MemoryChange };

/** The next version of a block: all of its settings, and its text or `null` to move it to the trash. */
export type BlockStep = {
  readonly current: StoredBlock;
  readonly settings: BlockSettings;
  readonly value: string | null;
  readonly operation: Operation;
  readonly undoes?: string;
};

/** The settings part of a block. */
export function settingsOf(block: Block): BlockSettings {
  const { label, description, limit, read_only, review, tags, metadata } = block;
  return { label, description, limit, read_only, review, tags, metadata };
}

/** Whether a step would leave the block as it is. */
export function changesNothing({ current, settings, value }: BlockStep): boolean {
  const now = current.deleted_at === null ? current.value : null;
  return value === now && isDeepStrictEqual(settings, settingsOf(current));
}

/**
 * Writes the next version of a block: its row, if still at the version that was read, and the record of the change.
 * Throws `read_only`, `limit_exceeded`, `conflict`.
 */
export async function writeBlockVersion(
  tx: Write,
  step: BlockStep,
  { cause, clock }: EditContext,
): Promise<WrittenVersion> {
  const { current, settings, value } = step;
  assertWritable(current, cause);
  await assertAllowed(tx, step);
  const now = clock.now();
  const next: StoredBlock = {
    ...current,
    ...settings,
    value: value ?? current.value,
    version: current.version + 1,
    updated_at: now,
    deleted_at: value === null ? now : null,
  };
  const change = makeChange(next, step, { cause, id: clock.newId('change'), now });
  await updateBlockRow(tx, next, current.version);
  await insertBlockVersion(tx, { change, settings });
  return { block: value === null ? null : toBlock(next), change };
}

/** Inserts a block and its version 1. Only an import may make one longer than its limit. */
export async function writeFirstVersion(
  tx: Write,
  block: StoredBlock,
  { cause, clock }: EditContext,
): Promise<{ readonly block: Block; readonly change: MemoryChange }> {
  const isImport = cause.actor === 'import';
  assertFits(block.label, block.value.length, block.limit, isImport ? block.value.length : 0);
  await insertBlock(tx, block);
  const change = makeChange(
    block,
    { value: block.value, operation: isImport ? 'import' : 'create' },
    { cause, id: clock.newId('change'), now: block.created_at },
  );
  await insertBlockVersion(tx, { change, settings: settingsOf(block) });
  return { block: toBlock(block), change };
}

async function assertAllowed(tx: Write, { current, settings, value }: BlockStep): Promise<void> {
  if (value === null) return;
  if (settings.limit !== current.limit) assertLimit(settings.label, settings.limit, value.length);
  else assertFits(settings.label, value.length, settings.limit, current.value.length);
  if (settings.label !== current.label || current.deleted_at !== null) {
    await assertLabelFree(tx, settings.label, current.agent_ids, current.id);
  }
}

function makeChange(
  next: StoredBlock,
  step: Pick<BlockStep, 'value' | 'operation' | 'undoes'> & { readonly current?: StoredBlock },
  { cause, id, now }: { readonly cause: Cause; readonly id: string; readonly now: string },
): MemoryChange {
  const { current } = step;
  return {
    id,
    kind: 'block',
    target_id: next.id,
    label: next.label,
    version: next.version,
    operation: step.operation,
    before: current === undefined || current.deleted_at !== null ? null : current.value,
    after: step.value,
    ...cause,
    undoes: step.undoes ?? null,
    undone_by: null,
    created_at: now,
  };
}
