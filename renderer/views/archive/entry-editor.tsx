import { GitMerge } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Passage } from '../../../shared/contract/archive.ts';
import { AppError, toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useDraft } from '../../state/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { ArchiveActions } from './archive-store.ts';
import { canSave, EntryForm, isEntryDraft, type EntryDraft } from './entry-form.tsx';

/** Props of {@link EntryEditor}. `passage` is the newest version known; it may grow newer while one edits. */
export type EntryEditorProps = {
  readonly passage: Passage;
  readonly update: ArchiveActions['update'];
  /** After saving, and when editing was given up. */
  readonly onDone: () => void;
};

/** What was written, and the version it was written against. */
type Edit = { readonly base: Passage; readonly draft: EntryDraft };

/**
 * Edits an entry against the version it was opened with. A newer version is shown beside: overwrite or reload. What was
 * written and not saved waits here until editing is given up.
 */
export function EntryEditor({ passage, update, onDone }: EntryEditorProps): JSX.Element {
  const kept = useDraft(`passage:${passage.id}`, isEdit);
  const [opened, setOpened] = useState(passage);
  const { base, draft } = kept.value ?? { base: opened, draft: draftOf(opened) };
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const hasConflict = passage.version > base.version;
  const giveUp = (): void => {
    kept.drop();
    onDone();
  };
  const save = async (against: Passage): Promise<void> => {
    if (!canSave(draft) || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await update(against, { ...draft, text: draft.text.trim() });
      giveUp();
    } catch (error) {
      setBusy(false);
      // A conflict brings the newer version along, and that is what gets shown.
      if (error instanceof AppError && error.code === 'conflict' && hasNewer(error)) return;
      setFailure(t('archive.saveFailed', { message: toWire(error).message }));
    }
  };
  const reload = (): void => {
    setOpened(passage);
    kept.drop();
  };
  return (
    <div className="editor">
      {hasConflict && (
        <Conflict current={passage} onReload={reload} onOverwrite={() => void save(passage)} busy={busy} />
      )}
      <EntryForm
        draft={draft}
        onChange={(changed) => kept.keep({ base, draft: changed })}
        onSave={() => void save(base)}
        rows={9}
      />
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
      <div className="row">
        <span className="grow" />
        <Button onClick={giveUp}>{t('cancel')}</Button>
        <Button kind="prim" disabled={!canSave(draft) || busy || hasConflict} onClick={() => void save(base)}>
          {t('archive.save')}
        </Button>
      </div>
    </div>
  );
}

function draftOf({ text, tags }: Passage): EntryDraft {
  return { text, tags };
}

function isEdit(kept: unknown): kept is Edit {
  if (typeof kept !== 'object' || kept === null) return false;
  const { base, draft } = kept as { readonly base?: Partial<Passage> | null; readonly draft?: unknown };
  return typeof base?.version === 'number' && isEntryDraft(draft);
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
