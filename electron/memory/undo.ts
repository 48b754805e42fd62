import { isDeepStrictEqual } from 'node:util';
import type { Block, MemoryChange } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import { getStoredBlock, type StoredBlock } from '../store/blocks.ts';
import type { Write } from '../store/database.ts';
import { getChange, markUndone } from '../store/memory-changes.ts';
import { type BlockSettings, getBlockVersion } from '../store/memory-versions.ts';
import { undoPassageChange } from './archival.ts';
import { type EditContext, settingsOf, writeBlockVersion, type WrittenVersion } from './block-versions.ts';
import { conflictOf } from './blocks.ts';
import { mergeSettings } from './merge-settings.ts';
import { mergeText } from './merge.ts';
import type { PassageEdit } from './passage-versions.ts';

/** A change taken back. */
export type Undone = {
  /** The new version that takes it back. */
  readonly change: MemoryChange;
  /** The block as it is now; `null` for an archive entry, or when the block went to the trash. */
  readonly block: Block | null;
  /** The entry's edit, `null` for a block. */
  readonly passage_edit: PassageEdit | null;
  /** Older changes whose `undone_by` is different now. */
  readonly marked: readonly MemoryChange[];
};

/**
 * Takes one change back as a new version. What came later stays: it is merged, or the undo is a `conflict`. Undoing an
 * undo does the change again. Throws `not_found`, `conflict`, `limit_exceeded`, `read_only`.
 */
export async function undoChange(tx: Write, change_id: string, context: EditContext): Promise<Undone> {
  const change = await getChange(tx, change_id);
  if (change === null)
    throw new AppError('not_found', 'There is no such change.', { details: { change_id } });
  if (change.undone_by !== null) {
    throw new AppError('conflict', 'This change was undone already.', {
      details: { undone_by: change.undone_by },
    });
  }
  if (change.kind === 'block') {
    const written = await undoBlockChange(tx, change, context);
    return { ...written, passage_edit: null, marked: await mark(tx, change, written.change) };
  }
  const edit = await undoPassageChange(tx, change, context);
  return {
    change: edit.change,
    block: null,
    passage_edit: edit,
    marked: await mark(tx, change, edit.change),
  };
}

// Every second change up the chain is in force again: an undone undo lets its own target count once more.
async function mark(tx: Write, change: MemoryChange, undo: MemoryChange): Promise<MemoryChange[]> {
  const marked: MemoryChange[] = [];
  let child = undo;
  let isUndone = true;
  for (let at: MemoryChange | null = change; at !== null; at = await parentOf(tx, at)) {
    const undone_by = isUndone ? child.id : null;
    await markUndone(tx, at, undone_by);
    marked.push({ ...at, undone_by });
    child = at;
    isUndone = !isUndone;
  }
  return marked;
}

async function parentOf(tx: Write, change: MemoryChange): Promise<MemoryChange | null> {
  return change.undoes === null ? null : getChange(tx, change.undoes);
}

async function undoBlockChange(
  tx: Write,
  change: MemoryChange,
  context: EditContext,
): Promise<WrittenVersion> {
  const current = await getStoredBlock(tx, change.target_id);
  const after = await getBlockVersion(tx, change.target_id, change.version);
  if (current === null || after === null)
    throw new AppError('not_found', 'The block of this change is gone.');
  const before = await getBlockVersion(tx, change.target_id, change.version - 1);
  const next = inverse({
    change,
    current,
    after: after.settings,
    before: before?.settings ?? after.settings,
  });
  return writeBlockVersion(tx, { ...next, current, operation: 'undo', undoes: change.id }, context);
}

type Situation = {
  readonly change: MemoryChange;
  readonly current: StoredBlock;
  readonly after: BlockSettings;
  readonly before: BlockSettings;
};

function inverse({ change, current, after, before }: Situation): {
  readonly value: string | null;
  readonly settings: BlockSettings;
} {
  const isGone = current.deleted_at !== null;
  if (change.after === null) {
    if (!isGone) throw new AppError('conflict', `${current.label} is back from the trash already.`);
    return { value: change.before, settings: settingsOf(current) };
  }
  if (isGone) {
    throw new AppError(
      'conflict',
      `${current.label} is in the trash. Take it out first, then undo this change.`,
    );
  }
  if (change.before === null) {
    const isAsMade = current.value === change.after && isDeepStrictEqual(settingsOf(current), after);
    if (!isAsMade) throw conflictOf(current, change.after, '');
    return { value: null, settings: after };
  }
  const value = mergeText(change.after, current.value, change.before);
  const settings = mergeSettings(after, settingsOf(current), before);
  if (value === null || settings === null) throw conflictOf(current, change.after, change.before);
  return { value, settings };
}
