import { useState, type JSX } from 'react';
import type { Passage } from '../../../shared/contract/archive.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useDraft } from '../../state/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { canSave, EntryForm, isEntryDraft, type EntryDraft } from './entry-form.tsx';

/** Props of {@link AddEntry}: `add` files the entry and may reject; `onAdded` gets what was filed. */
export type AddEntryProps = {
  readonly agent_id: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly add: (draft: EntryDraft) => Promise<Passage>;
  readonly onAdded: (passage: Passage) => void;
};

const NOTHING: EntryDraft = { text: '', tags: [] };

/** The dialog that files an entry by hand. What was typed stays until it is filed: closing loses nothing. */
export function AddEntry({ agent_id, open, onOpenChange, add, onAdded }: AddEntryProps): JSX.Element {
  const kept = useDraft(`entry:${agent_id}`, isEntryDraft);
  const draft = kept.value ?? NOTHING;
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ready = canSave(draft) && !busy;
  const save = async (): Promise<void> => {
    if (!ready) return;
    setBusy(true);
    try {
      const passage = await add({ ...draft, text: draft.text.trim() });
      kept.drop();
      setFailure(null);
      onOpenChange(false);
      onAdded(passage);
    } catch (error) {
      setFailure(t('archive.saveFailed', { message: toWire(error).message }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('archive.addTitle')}
      foot={
        <>
          <span className="grow" />
          <Button size="l" onClick={() => onOpenChange(false)}>
            {t('cancel')}
          </Button>
          <Button kind="prim" size="l" disabled={!ready} onClick={() => void save()}>
            {t('archive.save')}
          </Button>
        </>
      }
    >
      <EntryForm draft={draft} onChange={kept.keep} onSave={() => void save()} rows={5} />
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
    </Dialog>
  );
}
