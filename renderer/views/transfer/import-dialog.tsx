import { Eye, FileCog, FileInput, ShieldCheck, TriangleAlert } from 'lucide-react';
import { useCallback, useRef, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { openAgent, reload } from '../../state/navigation.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { FileDropZone } from './file-drop-zone.tsx';
import { areValid, ImportOptions } from './import-options.tsx';
import { ImportPreview } from './import-preview.tsx';
import { useImport, type ImportChoices, type ImportFailure, type ImportState } from './import-state.ts';
import { sizeWords } from './read-file.ts';
import { useOpenedFiles } from './use-opened-files.ts';
import './transfer.css';

/**
 * Props of {@link ImportDialog}. It also opens by itself when a file is dropped anywhere in the window, and when the
 * system opened one with the app.
 */
export type ImportDialogProps = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

const AS_IN_FILE: ImportChoices = { name: '', model: '', strip_messages: false };

/** Brings agents in: choose or drop a file, see what it holds (nothing is written), decide, import. */
export function ImportDialog({ open, onOpenChange }: ImportDialogProps): JSX.Element {
  const stores = useStores();
  const { state, read, run, reset } = useImport(stores.client);
  const [dropped, setDropped] = useState(false);
  const [choices, setChoices] = useState(AS_IN_FILE);
  const start = useCallback(
    (files: readonly File[]) => {
      setChoices(AS_IN_FILE);
      void read(files);
    },
    [read],
  );
  const drop = useCallback(
    (files: readonly File[]) => {
      setDropped(true);
      start(files);
    },
    [start],
  );
  useOpenedFiles(drop);
  const isBusy = state.kind === 'preview' && state.busy;
  const close = (): void => {
    if (isBusy) return;
    setDropped(false);
    reset();
    onOpenChange(false);
  };
  const runImport = async (): Promise<void> => {
    const ids = await run(choices);
    if (ids === null) return;
    setDropped(false);
    reset();
    onOpenChange(false);
    await stores.agents.getState().load();
    const [first] = ids;
    if (first !== undefined) await openAgent(stores, first);
    tellDone(stores, ids);
  };
  return (
    <>
      <FileDropZone onFiles={drop} />
      <Dialog
        open={open || dropped}
        onOpenChange={(wanted) => (wanted ? undefined : close())}
        title={state.kind === 'preview' ? state.file.name : t('import.title')}
        width={state.kind === 'preview' ? 880 : 480}
        {...(state.kind === 'preview' ? { description: <Told state={state} /> } : {})}
        foot={
          <Foot
            state={state}
            ready={areValid(choices)}
            onCancel={close}
            onImport={() => attempt(stores, runImport)}
            onFiles={start}
          />
        }
      >
        {state.kind === 'preview' ? (
          <>
            {state.failure !== null && <Failure failure={state.failure} />}
            <ImportPreview preview={state.preview} />
            <ImportOptions preview={state.preview} choices={choices} onChange={setChoices} />
          </>
        ) : (
          <Choose state={state} onFiles={start} />
        )}
      </Dialog>
    </>
  );
}

/** Says what came in, with the way back: the new agents go to the trash. */
function tellDone(stores: Stores, ids: readonly string[]): void {
  const takeBack = async (): Promise<void> => {
    for (const id of ids) await stores.agents.getState().remove(id);
    await reload(stores);
    stores.toast.getState().show(t('import.takenBack', { count: ids.length }));
  };
  stores.toast.getState().show(t('import.done', { count: ids.length }), {
    label: t('undo'),
    run: () => attempt(stores, takeBack),
  });
}

type Preview = Extract<ImportState, { kind: 'preview' }>;

function Told({ state }: { readonly state: Preview }): JSX.Element {
  return (
    <span className="row">
      <Icon icon={FileCog} size={14} />
      <span className="grow cut t12">
        {t(`import.kind.${state.preview.kind}`, { size: sizeWords(state.file.bytes) })}
      </span>
      <span className="tag line">
        <Icon icon={Eye} size={12} />
        {t('import.previewOnly')}
      </span>
    </span>
  );
}

type ChooseProps = {
  readonly state: Exclude<ImportState, Preview>;
  readonly onFiles: (files: readonly File[]) => void;
};

/** The well before there is a preview: choose, reading, or what went wrong with the last file. */
function Choose({ state, onFiles }: ChooseProps): JSX.Element {
  return (
    <>
      {state.kind === 'failed' && <Failure failure={state.failure} file_name={state.file_name} />}
      <div className="well">
        {state.kind === 'reading' ? (
          <p className="t2" role="status">
            {t('import.reading', { file: state.file_name })}
          </p>
        ) : (
          <Empty
            icon={FileInput}
            fact={t('import.choose')}
            why={t('import.choose.why')}
            action={<FileButton onFiles={onFiles} words={t('import.choose.act')} />}
          />
        )}
      </div>
    </>
  );
}

type FileButtonProps = {
  readonly words: string;
  readonly size?: 'm' | 'l';
  readonly onFiles: (files: readonly File[]) => void;
};

function FileButton({ words, size = 'm', onFiles }: FileButtonProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size={size} onClick={() => input.current?.click()}>
        {words}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={words}
        accept=".af,.json,application/json"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file can be chosen again after it was mended.
          event.target.value = '';
        }}
      />
    </>
  );
}

type FailureProps = { readonly failure: ImportFailure; readonly file_name?: string | null };

function Failure({ failure, file_name = null }: FailureProps): JSX.Element {
  return (
    <div className="note warn" role="alert">
      <Icon icon={TriangleAlert} />
      <div className="grow wrap">
        <b>{failure.title}</b>
        {file_name !== null && <span className="t2"> · {file_name}</span>}
        <p>{failure.message}</p>
      </div>
    </div>
  );
}

type FootProps = {
  readonly state: ImportState;
  readonly ready: boolean;
  readonly onCancel: () => void;
  readonly onImport: () => void;
  readonly onFiles: (files: readonly File[]) => void;
};

function Foot({ state, ready, onCancel, onImport, onFiles }: FootProps): JSX.Element {
  const cancel = (
    <Button size="l" onClick={onCancel} disabled={state.kind === 'preview' && state.busy}>
      {t('cancel')}
    </Button>
  );
  if (state.kind !== 'preview') {
    return (
      <>
        <span className="grow" />
        {cancel}
      </>
    );
  }
  const count = state.preview.agents.length;
  return (
    <>
      <Icon icon={ShieldCheck} className="acc" />
      <span className="grow cut t2 hide-s">{t('import.safe')}</span>
      <FileButton size="l" onFiles={onFiles} words={t('import.other')} />
      {cancel}
      <Button kind="prim" size="l" disabled={!ready || state.busy || count === 0} onClick={onImport}>
        {state.busy ? t('import.busy') : t('import.act', { count })}
      </Button>
    </>
  );
}
