import type { JSX } from 'react';
import type { Block } from '../../../shared/contract/blocks.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** Props of {@link BlockDelete}. */
export type BlockDeleteProps = { readonly block: Block; readonly onClose: () => void };

/** Asks before a block is taken from every agent that uses it. */
export function BlockDelete({ block, onClose }: BlockDeleteProps): JSX.Element {
  const stores = useStores();
  const others = block.agent_ids.length - 1;
  const remove = (): void => {
    attempt(stores, () => stores.memory.getState().deleteBlock(block.id));
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('block.deleteTitle', { label: block.label })}
      description={
        <>
          {t('block.deleteText')} {others > 0 && <b>{t('block.deleteShared', { count: others })}</b>}
        </>
      }
      foot={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind="danger" onClick={remove}>
            {t('block.delete')}
          </Button>
        </>
      }
    />
  );
}
