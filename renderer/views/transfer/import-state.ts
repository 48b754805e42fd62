import { useCallback, useReducer } from 'react';
import type { Client } from '../../../shared/client.ts';
import type { FilePreview } from '../../../shared/contract/transfer.ts';
import { AppError, toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { readAgentFile, type ReadFile } from './read-file.ts';

/** What went wrong: in a few words, and what was kept and can be done. */
export type ImportFailure = { readonly title: string; readonly message: string };

/** How far an import has come. Nothing is written before `importing`. */
export type ImportState =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'reading'; readonly file_name: string }
  | { readonly kind: 'failed'; readonly file_name: string | null; readonly failure: ImportFailure }
  | {
      readonly kind: 'preview';
      readonly file: ReadFile;
      readonly preview: FilePreview;
      readonly busy: boolean;
      readonly failure: ImportFailure | null;
    };

/** What the person decided about an import. Empty words mean: as in the file. */
export type ImportChoices = {
  readonly name: string;
  readonly model: string;
  readonly strip_messages: boolean;
};

/** An import as it stands, and its steps. */
export type ImportFlow = {
  readonly state: ImportState;
  /** Reads dropped or chosen files and asks what is in them. Never rejects. */
  readonly read: (files: readonly File[]) => Promise<void>;
  /** Imports the file of the preview; the ids of the new agents, or `null` after a failure that is in `state`. */
  readonly run: (choices: ImportChoices) => Promise<readonly string[] | null>;
  readonly reset: () => void;
};

/** Follows one import from the file to the new agents. */
export function useImport(client: Client): ImportFlow {
  const [state, setState] = useReducer((_old: ImportState, next: ImportState) => next, { kind: 'choosing' });
  const read = useCallback(
    async (files: readonly File[]) => {
      const [file, second] = files;
      if (file === undefined) return;
      if (second !== undefined) {
        const failure = { title: t('import.failed.many'), message: t('import.failed.many.kept') };
        setState({ kind: 'failed', file_name: null, failure });
        return;
      }
      setState({ kind: 'reading', file_name: file.name });
      try {
        const content = await readAgentFile(file);
        const preview = await client.call('agents.inspect', { text: content.text });
        setState({ kind: 'preview', file: content, preview, busy: false, failure: null });
      } catch (error) {
        setState({
          kind: 'failed',
          file_name: file.name,
          failure: failureOf(error, t('import.failed.inspect')),
        });
      }
    },
    [client],
  );
  const run = async (choices: ImportChoices): Promise<readonly string[] | null> => {
    if (state.kind !== 'preview') return null;
    setState({ ...state, busy: true, failure: null });
    try {
      const { agent_ids } = await client.call('agents.import', inputOf(state.file, choices));
      return agent_ids;
    } catch (error) {
      setState({ ...state, busy: false, failure: failureOf(error, t('import.failed.import')) });
      return null;
    }
  };
  const reset = useCallback(() => setState({ kind: 'choosing' }), []);
  return { state, read, run, reset };
}

function inputOf(
  { text }: ReadFile,
  { name, model, strip_messages }: ImportChoices,
): { text: string; name?: string; model?: string; strip_messages: boolean } {
  return {
    text,
    strip_messages,
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(model === '' ? {} : { model }),
  };
}

/** An import is all or nothing. A refused file says so itself; for any other failure it is said here. */
function failureOf(error: unknown, title: string): ImportFailure {
  const { code, message } = toWire(error);
  const own = error instanceof AppError ? error.details?.['title'] : undefined;
  if (typeof own === 'string') return { title: own, message };
  return { title, message: code === 'unsupported' ? message : `${message} ${t('import.failed.nothing')}` };
}
