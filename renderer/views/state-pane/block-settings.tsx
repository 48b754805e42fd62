import { useState, type JSX } from 'react';
import type { Block } from '../../../shared/contract/blocks.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';

/** Props of {@link BlockSettings}. */
export type BlockSettingsProps = { readonly block: Block; readonly onClose: () => void };

/** Label, purpose and limit of a block. */
export function BlockSettings({ block, onClose }: BlockSettingsProps): JSX.Element {
  const { memory } = useStores();
  const [label, setLabel] = useState(block.label);
  const [description, setDescription] = useState(block.description ?? '');
  const [limit, setLimit] = useState(String(block.limit));
  const [error, setError] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    try {
      await memory.getState().updateBlock({
        block_id: block.id,
        base_version: block.version,
        label,
        description: description === '' ? null : description,
        limit: Number(limit),
        ...reasonOf(block, { label: label.trim(), description, limit: Number(limit) }),
      });
      onClose();
    } catch (failure) {
      setError(toWire(failure).message);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('block.settingsOf', { label: block.label })}
      foot={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind="prim" onClick={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className="grid gap-3 mt-3">
        <TextField
          label={t('block.label')}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <TextField
          label={t('block.description')}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        <TextField
          label={t('block.limit')}
          type="number"
          min={1}
          value={limit}
          onChange={(event) => setLimit(event.target.value)}
        />
        {error !== null && (
          <p className="danger t12" role="alert">
            {error}
          </p>
        )}
      </div>
    </Dialog>
  );
}

type Wanted = { readonly label: string; readonly description: string; readonly limit: number };

/** Says which settings were changed, since the change itself holds the text alone. */
function reasonOf(block: Block, { label, description, limit }: Wanted): { readonly reason?: string } {
  const told = [
    ...(label === block.label ? [] : [t('feed.setLabel', { label: block.label })]),
    ...(limit === block.limit ? [] : [t('feed.setLimit', { count: limit })]),
    ...(description === (block.description ?? '') ? [] : [t('feed.setDescription')]),
  ];
  return told.length === 0 ? {} : { reason: told.join(', ') };
}
