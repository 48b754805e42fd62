import { useState, type JSX } from 'react';
import type { Block, MemoryChange } from '../../../shared/contract/blocks.ts';
import { AppError } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { UndoConflict } from '../chat/undo-conflict.tsx';

/** What stands in the way of an Undo; `block` is the text as it is now, `null` for an entry. */
type Conflict = { readonly error: AppError; readonly block: Block | null };

/** Taking a change back, or bringing it back. */
export type Undo = {
  readonly busy: boolean;
  readonly conflict: Conflict | null;
  /** Undoes the change; one that was undone is done again. */
  readonly run: () => void;
  readonly forget: () => void;
};

/** Undo of one change, with the conflict it may run into. */
export function useUndo(change: MemoryChange): Undo {
  const stores = useStores();
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      await stores.memory.getState().undo(change.undone_by ?? change.id);
      setConflict(null);
    } catch (error) {
      // Which text shall stand is asked of an Undo; a Redo that can't be done says why.
      if (!(error instanceof AppError) || error.code !== 'conflict' || change.undone_by !== null) throw error;
      setConflict({ error, block: await blockOf(stores, change) });
    } finally {
      setBusy(false);
    }
  };
  return { busy, conflict, run: () => attempt(stores, run), forget: () => setConflict(null) };
}

async function blockOf({ client }: Stores, { kind, target_id }: MemoryChange): Promise<Block | null> {
  return kind === 'block' ? client.call('blocks.get', { block_id: target_id }) : null;
}

/** Props of {@link UndoAct}. */
export type UndoActProps = { readonly change: MemoryChange; readonly undo: Undo };

/** Undo, or for what was undone its way back. A change that is itself an Undo is taken back by the one it undid. */
export function UndoAct({ change, undo }: UndoActProps): JSX.Element | null {
  if (change.undoes !== null || undo.conflict !== null) return null;
  const undone = change.undone_by !== null;
  return (
    <>
      {undone && <span className="t12 t3">{t('feed.undone')}</span>}
      <Button
        size="s"
        disabled={undo.busy}
        aria-label={t(undone ? 'activity.redoName' : 'activity.undoName', { label: change.label })}
        onClick={undo.run}
      >
        {t(undone ? 'redo' : 'undo')}
      </Button>
    </>
  );
}

/** What came later and stands in the way of the Undo, and which text shall stand. */
export function UndoTrouble({ change, undo }: UndoActProps): JSX.Element | null {
  if (undo.conflict === null || change.undone_by !== null) return null;
  const { error, block } = undo.conflict;
  return (
    <div className="chg ev-conflict">
      <UndoConflict change={change} error={error} block={block} onDone={undo.forget} />
    </div>
  );
}
