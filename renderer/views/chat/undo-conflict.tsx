import { GitMerge } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Block, MemoryChange } from '../../../shared/contract/blocks.ts';
import { type AppError, toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useMemory, useStores, type Stores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Icon } from '../../ui/icon.tsx';
import { diffWords } from '../../ui/word-diff.ts';
import { EditError } from '../state-pane/edit-error.tsx';
import { merge3 } from '../state-pane/merge-lines.ts';

/** Props of {@link UndoConflict}: `block` stands in for one that is not of the chosen agent. */
export type UndoConflictProps = {
  readonly change: MemoryChange;
  readonly error: AppError;
  readonly block?: Block | null;
  readonly onDone: () => void;
};

/** An Undo that what came later stands in the way of: what it would change, and which text shall stand. */
export function UndoConflict({ change, error, block: other, onDone }: UndoConflictProps): JSX.Element {
  const stores = useStores();
  const block = useBlock(change.target_id, other);
  const [merging, setMerging] = useState(false);
  return (
    <div role="alert">
      <div className="why conflict">
        <Icon icon={GitMerge} size={14} className="warn" />
        <span className="grow wrap" title={error.message}>
          {t('change.conflict', { label: change.label })}
          {block !== undefined && <span className="block">{lossOf(block, change)}</span>}
        </span>
        <span className="row">
          {block !== undefined && (
            <Button
              kind="ghost"
              size="s"
              onClick={() => attempt(stores, () => overwrite(stores, block, change).then(onDone))}
            >
              {t('change.overwrite')}
            </Button>
          )}
          <Button kind="ghost" size="s" onClick={onDone}>
            {t('change.reload')}
          </Button>
          {block !== undefined && !merging && canMerge(block, change) && (
            <Button kind="prim" size="s" onClick={() => setMerging(true)}>
              {t('block.merge')}
            </Button>
          )}
        </span>
      </div>
      {block !== undefined && !merging && (
        <Diff before={block.value} after={change.before ?? ''} label={change.label} />
      )}
      {block !== undefined && merging && <Merge block={block} change={change} onDone={onDone} />}
    </div>
  );
}

/** A block as the chosen agent has it now; that of another agent as it was read. */
function useBlock(id: string, other: Block | null = null): Block | undefined {
  const own = useMemory((state) => state.blocks.find((each) => each.id === id));
  return own ?? other ?? undefined;
}

/** In words, what would be gone that came after the change. */
function lossOf(block: Block, change: MemoryChange): string {
  const known = new Set((change.after ?? '').split('\n'));
  const lost = diffWords(block.value, change.before ?? '')
    .rows.filter(({ kind }) => kind === 'del')
    .map(({ segments }) => segments.map(({ text }) => text).join(''))
    .filter((line) => line.trim() !== '' && !known.has(line));
  const [first] = lost;
  if (first === undefined) return t('change.losesNothing');
  const line = first.length > QUOTE ? `${first.slice(0, QUOTE)}…` : first;
  return t('change.loses', { count: lost.length, line });
}

/** Characters of a line that are quoted. */
const QUOTE = 60;

/** A merge that comes to one of both texts is none. */
function canMerge(block: Block, change: MemoryChange): boolean {
  const before = change.before ?? '';
  const merged = merge3(change.after ?? '', before, block.value);
  return merged !== before && merged !== block.value;
}

/** Takes the newer words away first: then nothing stands in the way of the Undo, and it can be done again. */
async function overwrite(stores: Stores, block: Block, change: MemoryChange): Promise<void> {
  const { updateBlock, undo } = stores.memory.getState();
  await updateBlock({ block_id: block.id, base_version: block.version, value: change.after ?? '' });
  await undo(change.id);
}

type MergeProps = { readonly block: Block; readonly change: MemoryChange; readonly onDone: () => void };

/** Both texts in one, for the person to sort out before it is saved. */
function Merge({ block, change, onDone }: MergeProps): JSX.Element {
  const { memory } = useStores();
  const [text, setText] = useState(() => merge3(change.after ?? '', change.before ?? '', block.value));
  const [base] = useState(block.version);
  const [failure, setFailure] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    try {
      await memory.getState().updateBlock({ block_id: block.id, base_version: base, value: text });
      onDone();
    } catch (error) {
      setFailure(toWire(error).message);
    }
  };
  return (
    <div className="merge">
      <textarea
        className="edit"
        aria-label={t('change.merged', { label: change.label })}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {failure !== null && <EditError message={failure} />}
      <div className="row">
        <span className="t12 t3 grow">{t('change.mergeWhy')}</span>
        <Button kind="prim" size="s" onClick={() => void save()}>
          {t('save')}
        </Button>
      </div>
    </div>
  );
}
