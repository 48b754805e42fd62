import { useState, type JSX } from 'react';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useMemory, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea, TextField } from '../../ui/text-field.tsx';

/** Makes a block for the chosen agent. */
export function AddBlock({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { memory } = useStores();
  const agentId = useMemory((state) => state.agent_id);
  const [label, setLabel] = useState('');
  const [description, setDescription] = useState('');
  const [value, setValue] = useState('');
  const [error, setError] = useState<string | null>(null);
  const add = async (): Promise<void> => {
    if (agentId === null) return;
    try {
      await memory.getState().createBlock({
        agent_id: agentId,
        label: label.trim(),
        value,
        description: description === '' ? null : description,
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
      title={t('block.add')}
      foot={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind="prim" disabled={label.trim() === ''} onClick={() => void add()}>
            {t('block.add')}
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
        <TextArea
          label={t('block.text')}
          rows={4}
          value={value}
          onChange={(event) => setValue(event.target.value)}
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
