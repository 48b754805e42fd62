import type { NewBlock } from '../../shared/contract/agents.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import { attachBlock, detachBlock, getStoredBlock, type StoredBlock } from '../store/blocks.ts';
import type { Read, Write } from '../store/database.ts';
import { type BlockSettings, getBlockVersion } from '../store/memory-versions.ts';
import { DEFAULT_BLOCK_LIMIT, DEFAULT_DESCRIPTIONS } from './block-defaults.ts';
import { assertLabelFree, assertWritable, findBlockByLabel } from './block-rules.ts';
import {
  type BlockEdit,
  type BlockStep,
  changesNothing,
  type EditContext,
  settingsOf,
  writeBlockVersion,
  writeFirstVersion,
  type WrittenVersion,
} from './block-versions.ts';
import { mergeSettings } from './merge-settings.ts';
import { mergeText } from './merge.ts';
import { needsReview, proposeEdit } from './propose.ts';
import { appendText, cleanText, insertAtLine, replaceEvery, replaceOnly } from './text.ts';

/** An edit by hand or through the API. What is left out stays. */
export type BlockChanges = {
  readonly block_id: string;
  /** The version the editor had read; left out: the newest. */
  readonly base_version?: number | undefined;
  readonly value?: string | undefined;
  readonly label?: string | undefined;
  readonly description?: string | null | undefined;
  /** Characters. */
  readonly limit?: number | undefined;
  readonly read_only?: boolean | undefined;
  readonly review?: boolean | undefined;
  readonly tags?: string[] | undefined;
  readonly metadata?: Record<string, unknown> | undefined;
  readonly reason?: string | undefined;
};

type ByLabel = { readonly agent_id: string; readonly label: string };

/**
 * Makes a block and, when an agent is named, attaches it behind the others. Throws `conflict` when the agent has one
 * of this label, `limit_exceeded`; an import may bring a text over its limit, which then can only shrink.
 */
export async function createBlock(
  tx: Write,
  input: NewBlock & { readonly agent_id?: string | undefined },
  context: EditContext,
): Promise<BlockEdit> {
  const now = context.clock.now();
  const block: StoredBlock = {
    id: context.clock.newId('block'),
    label: cleanText(input.label),
    value: cleanText(input.value),
    description:
      input.description === undefined ? (DEFAULT_DESCRIPTIONS[input.label] ?? null) : input.description,
    limit: input.limit ?? DEFAULT_BLOCK_LIMIT,
    read_only: input.read_only ?? false,
    review: input.review ?? false,
    tags: input.tags ?? [],
    metadata: input.metadata ?? {},
    agent_ids: input.agent_id === undefined ? [] : [input.agent_id],
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
  };
  await assertLabelFree(tx, block.label, block.agent_ids, block.id);
  const edit = await writeFirstVersion(tx, block, context);
  if (input.agent_id !== undefined) await attachBlock(tx, input.agent_id, block.id);
  return edit;
}

/** Adds a text on its own line at the end (`core_memory_append`). */
export async function appendToBlock(
  tx: Write,
  input: ByLabel & { readonly content: string },
  context: EditContext,
): Promise<BlockEdit> {
  if (input.content === '')
    throw new AppError('invalid_input', 'There is nothing to append. Nothing was changed.');
  return editByLabel(tx, { ...input, operation: 'append' }, context, (value) =>
    appendText(value, cleanText(input.content)),
  );
}

/** Replaces every occurrence of a text (`core_memory_replace`). */
export async function replaceInBlock(
  tx: Write,
  input: ByLabel & { readonly old_content: string; readonly new_content: string },
  context: EditContext,
): Promise<BlockEdit> {
  const { old_content, new_content, label } = input;
  return editByLabel(tx, { ...input, operation: 'replace' }, context, (value) =>
    replaceEvery(value, cleanText(old_content), cleanText(new_content), label),
  );
}

/** Replaces the only occurrence of a text (`memory_replace`). */
export async function replaceUnique(
  tx: Write,
  input: ByLabel & { readonly old_string: string; readonly new_string: string },
  context: EditContext,
): Promise<BlockEdit> {
  const { old_string, new_string, label } = input;
  return editByLabel(tx, { ...input, operation: 'replace' }, context, (value) =>
    replaceOnly(value, cleanText(old_string), cleanText(new_string), label),
  );
}

/** Inserts lines: 0 at the top, n after line n, -1 at the end (`memory_insert`). */
export async function insertLine(
  tx: Write,
  input: ByLabel & { readonly new_string: string; readonly insert_line: number },
  context: EditContext,
): Promise<BlockEdit> {
  return editByLabel(tx, { ...input, operation: 'insert' }, context, (value) =>
    insertAtLine(value, cleanText(input.new_string), input.insert_line, input.label),
  );
}

/** Writes the whole text anew (`memory_rethink`). */
export async function rethink(
  tx: Write,
  input: ByLabel & { readonly new_memory: string },
  context: EditContext,
): Promise<BlockEdit> {
  return editByLabel(tx, { ...input, operation: 'rethink' }, context, () => cleanText(input.new_memory));
}

/**
 * Edits text and settings by hand. Against an old version the edit is merged with what came since; where both changed
 * the same, `conflict` with details `{current, base, yours, version}`.
 */
export async function editBlock(tx: Write, changes: BlockChanges, context: EditContext): Promise<BlockEdit> {
  const current = await readBlock(tx, changes.block_id);
  const base = await readBase(tx, current, changes.base_version ?? current.version);
  const wanted: BlockSettings = { ...base.settings, ...pickSettings(changes) };
  const value = changes.value === undefined ? base.value : cleanText(changes.value);
  const merged = mergeText(base.value, current.value, value);
  const settings = mergeSettings(base.settings, settingsOf(current), wanted);
  if (merged === null || settings === null) throw conflictOf(current, base.value, value);
  const operation = merged === current.value ? 'settings' : 'edit';
  return write(tx, { current, settings, value: merged, operation }, withReason(context, changes.reason));
}

/** Brings back text of an old version as a new version, merged with what came after `base_version`. */
export async function restoreVersion(
  tx: Write,
  input: { readonly block_id: string; readonly version: number; readonly base_version: number },
  context: EditContext,
): Promise<BlockEdit> {
  const current = await readBlock(tx, input.block_id);
  const wanted = await getBlockVersion(tx, input.block_id, input.version);
  const value = wanted?.change.after ?? null;
  if (value === null) {
    throw new AppError(
      'not_found',
      `Version ${input.version} of ${current.label} holds no text to bring back.`,
    );
  }
  const base = await readBase(tx, current, input.base_version);
  const merged = mergeText(base.value, current.value, value);
  if (merged === null) throw conflictOf(current, base.value, value);
  return write(tx, { current, settings: settingsOf(current), value: merged, operation: 'restore' }, context);
}

/** Attaches a block to one more agent. Throws `conflict` when the agent has another of its label. */
export async function shareBlock(
  tx: Write,
  input: { readonly block_id: string; readonly agent_id: string },
): Promise<Block> {
  const block = await readBlock(tx, input.block_id);
  await assertLabelFree(tx, block.label, [input.agent_id], block.id);
  await attachBlock(tx, input.agent_id, block.id);
  return readLiving(tx, input.block_id);
}

/** Takes a block out of an agent; the block itself stays. Throws `not_found` when it was not attached. */
export async function unshareBlock(
  tx: Write,
  input: { readonly block_id: string; readonly agent_id: string },
  context: EditContext,
): Promise<Block> {
  const block = await readBlock(tx, input.block_id);
  assertWritable(block, context.cause);
  if (!(await detachBlock(tx, input.agent_id, input.block_id))) {
    throw new AppError('not_found', `The block ${block.label} is not attached to this agent.`);
  }
  return readLiving(tx, input.block_id);
}

/** Moves a block to the trash, for every agent it is attached to. Undoing the change takes it back out. */
export async function deleteBlock(
  tx: Write,
  block_id: string,
  context: EditContext,
): Promise<WrittenVersion> {
  const current = await readBlock(tx, block_id);
  const step = { current, settings: settingsOf(current), value: null, operation: 'delete' as const };
  return writeBlockVersion(tx, step, context);
}

/** The conflict an editor can act on: all three texts and the version to build on. */
export function conflictOf(current: StoredBlock, base: string, yours: string): AppError {
  return new AppError(
    'conflict',
    `${current.label} was changed meanwhile, in the same lines. Nothing was changed. Compare both and save again.`,
    { details: { block_id: current.id, current: current.value, base, yours, version: current.version } },
  );
}

async function readBlock(read: Read, block_id: string): Promise<StoredBlock> {
  const stored = await getStoredBlock(read, block_id);
  if (stored !== null && stored.deleted_at === null) return stored;
  throw new AppError('not_found', 'There is no such block.', { details: { block_id } });
}

async function readLiving(read: Read, block_id: string): Promise<Block> {
  const { deleted_at: _, ...block } = await readBlock(read, block_id);
  return block;
}

async function readBase(
  read: Read,
  current: StoredBlock,
  version: number,
): Promise<{ readonly value: string; readonly settings: BlockSettings }> {
  if (version === current.version) return { value: current.value, settings: settingsOf(current) };
  const base = await getBlockVersion(read, current.id, version);
  const value = base?.change.after ?? null;
  if (base !== null && value !== null) return { value, settings: base.settings };
  throw new AppError(
    'conflict',
    `${current.label} has no version ${version} to build on; it is at ${current.version}. Read it again.`,
    { details: { block_id: current.id, current: current.value, version: current.version } },
  );
}

async function editByLabel(
  tx: Write,
  input: ByLabel & Pick<BlockStep, 'operation'>,
  context: EditContext,
  edit: (value: string) => string,
): Promise<BlockEdit> {
  const block = await findBlockByLabel(tx, input.agent_id, input.label);
  assertWritable(block, context.cause);
  const current = { ...block, deleted_at: null };
  const { operation } = input;
  const step = { current, settings: settingsOf(block), value: edit(block.value), operation };
  if (changesNothing(step) || !(await needsReview(tx, block, context.cause))) return write(tx, step, context);
  return { block, change: null, proposal: await proposeEdit(tx, step, context) };
}

async function write(tx: Write, step: BlockStep, context: EditContext): Promise<BlockEdit> {
  const { deleted_at: _, ...unchanged } = step.current;
  if (changesNothing(step)) return { block: unchanged, change: null };
  const { block, change } = await writeBlockVersion(tx, step, context);
  return { block: block ?? unchanged, change };
}

function pickSettings(changes: BlockChanges): Partial<BlockSettings> {
  const { description, limit, read_only, review, tags, metadata } = changes;
  return {
    ...(changes.label !== undefined && { label: cleanText(changes.label) }),
    ...(description !== undefined && { description }),
    ...(limit !== undefined && { limit }),
    ...(read_only !== undefined && { read_only }),
    ...(review !== undefined && { review }),
    ...(tags !== undefined && { tags }),
    ...(metadata !== undefined && { metadata }),
  };
}

function withReason(context: EditContext, reason: string | undefined): EditContext {
  return reason === undefined ? context : { ...context, cause: { ...context.cause, reason } };
}
