import { useState, type JSX } from 'react';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useMemory, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segments } from '../../ui/segments.tsx';
import { TextArea, TextField } from '../../ui/text-field.tsx';
import { AttachBlock } from './attach-block.tsx';

/** Gives the chosen agent one more block: a new one, or one that is there already. */
export function AddBlock({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [kind, setKind] = useState<'new' | 'known'>('new');
  const create = useNewBlock(onClose);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('block.add')}
      foot={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('cancel')}</Button>
          {kind === 'new' && (
            <Button kind="prim" disabled={create.label.trim() === ''} onClick={() => void create.add()}>
              {t('block.add')}
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-3 mt-3">
        <Segments
          label={t('block.addKind')}
          size="m"
          value={kind}
          onChange={setKind}
          options={[
            { value: 'new', label: t('block.addNew') },
            { value: 'known', label: t('block.addKnown') },
          ]}
        />
        {kind === 'new' ? <NewBlockFields {...create} /> : <AttachBlock onDone={onClose} />}
      </div>
    </Dialog>
  );
}

type NewBlock = {
  readonly label: string;
  readonly setLabel: (label: string) => void;
  readonly description: string;
  readonly setDescription: (description: string) => void;
  readonly value: string;
  readonly setValue: (value: string) => void;
  readonly error: string | null;
  readonly add: () => Promise<void>;
};

function useNewBlock(onDone: () => void): NewBlock {
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
      onDone();
    } catch (failure) {
      setError(toWire(failure).message);
    }
  };
  return { label, setLabel, description, setDescription, value, setValue, error, add };
}

function NewBlockFields(block: NewBlock): JSX.Element {
  return (
    <>
      <TextField
        label={t('block.label')}
        value={block.label}
        onChange={(event) => block.setLabel(event.target.value)}
      />
      <TextField
        label={t('block.description')}
        value={block.description}
        onChange={(event) => block.setDescription(event.target.value)}
      />
      <TextArea
        label={t('block.text')}
        rows={4}
        value={block.value}
        onChange={(event) => block.setValue(event.target.value)}
      />
      {block.error !== null && (
        <p className="danger t12" role="alert">
          {block.error}
        </p>
      )}
    </>
  );
}
