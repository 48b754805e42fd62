import { GitMerge } from 'lucide-react';
import type { JSX } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import type { AppError } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useMemory, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Props of {@link UndoConflict}. */
export type UndoConflictProps = {
  readonly change: MemoryChange;
  readonly error: AppError;
  readonly onDone: () => void;
};

/** An Undo that what came later stands in the way of: both texts, and which of them shall stand. */
export function UndoConflict({ change, error, onDone }: UndoConflictProps): JSX.Element {
  const stores = useStores();
  const block = useMemory((state) => state.blocks.find((each) => each.id === change.target_id));
  const overwrite = async (): Promise<void> => {
    if (block === undefined) return;
    await stores.memory.getState().updateBlock({
      block_id: block.id,
      base_version: block.version,
      value: change.before ?? '',
    });
    onDone();
  };
  return (
    <div role="alert">
      <div className="why">
        <Icon icon={GitMerge} size={14} className="warn" />
        <span className="grow" title={error.message}>
          {t('change.conflict', { label: change.label })}
        </span>
        <Button kind="ghost" size="s" onClick={onDone}>
          {t('change.reload')}
        </Button>
        {block !== undefined && (
          <Button size="s" onClick={() => attempt(stores, overwrite)}>
            {t('change.overwrite')}
          </Button>
        )}
      </div>
      {block !== undefined && <Diff before={block.value} after={change.before ?? ''} label={change.label} />}
    </div>
  );
}
