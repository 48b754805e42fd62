import { GitMerge } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Passage } from '../../../shared/contract/archive.ts';
import { AppError, toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { ArchiveActions } from './archive-store.ts';
import { canSave, EntryForm } from './entry-form.tsx';

/** Props of {@link EntryEditor}. `passage` is the newest version known; it may grow newer while one edits. */
export type EntryEditorProps = {
  readonly passage: Passage;
  readonly update: ArchiveActions['update'];
  /** After saving, and when editing was given up. */
  readonly onDone: () => void;
};

/** Edits an entry against the version it was opened with. A newer version is shown beside: overwrite or reload. */
export function EntryEditor({ passage, update, onDone }: EntryEditorProps): JSX.Element {
  const [base, setBase] = useState(passage);
  const [draft, setDraft] = useState({ text: passage.text, tags: passage.tags as readonly string[] });
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const hasConflict = passage.version > base.version;
  const save = async (against: Passage): Promise<void> => {
    if (!canSave(draft) || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await update(against, { ...draft, text: draft.text.trim() });
      onDone();
    } catch (error) {
      setBusy(false);
      // A conflict brings the newer version along, and that is what gets shown.
      if (error instanceof AppError && error.code === 'conflict' && hasNewer(error)) return;
      setFailure(t('archive.saveFailed', { message: toWire(error).message }));
    }
  };
  const reload = (): void => {
    setBase(passage);
    setDraft({ text: passage.text, tags: passage.tags });
  };
  return (
    <div className="editor">
      {hasConflict && (
        <Conflict current={passage} onReload={reload} onOverwrite={() => void save(passage)} busy={busy} />
      )}
      <EntryForm draft={draft} onChange={setDraft} onSave={() => void save(base)} rows={9} />
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
      <div className="row">
        <span className="grow" />
        <Button onClick={onDone}>{t('cancel')}</Button>
        <Button kind="prim" disabled={!canSave(draft) || busy || hasConflict} onClick={() => void save(base)}>
          {t('archive.save')}
        </Button>
      </div>
    </div>
  );
}

function hasNewer(error: AppError): boolean {
  return error.details?.['current'] !== undefined;
}

type ConflictProps = {
  readonly current: Passage;
  readonly busy: boolean;
  readonly onReload: () => void;
  readonly onOverwrite: () => void;
};

function Conflict({ current, busy, onReload, onOverwrite }: ConflictProps): JSX.Element {
  return (
    <div className="note warn" role="alert">
      <Icon icon={GitMerge} />
      <div className="grow">
        <b>{t('archive.conflict')}</b>
        <p className="t12 t2">{t('archive.conflict.why')}</p>
        <p className="t12 t2 conflict-head">{t('archive.conflict.current', { version: current.version })}</p>
        <p dir="auto" className="wrap">
          {current.text}
        </p>
        <div className="row conflict-acts">
          <Button size="s" onClick={onReload}>
            {t('archive.conflict.reload')}
          </Button>
          <Button size="s" disabled={busy} onClick={onOverwrite}>
            {t('archive.conflict.overwrite')}
          </Button>
        </div>
      </div>
    </div>
  );
}
