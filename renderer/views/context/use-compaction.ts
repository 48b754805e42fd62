import { useEffect, useRef, useState } from 'react';
import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import { toWire, type WireError } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgents, useStores, useTalk } from '../../state/stores.ts';
import type { TalkPlaceName } from './use-context-page.ts';

/** What came of a compaction that was asked for here. */
export type CompactionEnd =
  | { readonly kind: 'done'; readonly done: OutputOf<'conversations.compact'> }
  | { readonly kind: 'failed'; readonly error: WireError }
  | { readonly kind: 'stopped' };

/** A compaction on demand, from wherever it was asked for. */
export type CompactionWork = {
  /** One is under way: of a run, of this window or of another. */
  readonly busy: boolean;
  /** It is part of a run and stops with it. */
  readonly by_run: boolean;
  /** What came of the last one that was asked for here; `null` before. */
  readonly end: CompactionEnd | null;
  readonly start: (settings: Omit<InputOf<'conversations.compact'>, 'conversation_id'>) => void;
  readonly stop: () => void;
  /** Forgets what came of the last one. */
  readonly clear: () => void;
};

/** Compacts a conversation and follows it. Its end is told in a toast unless its dialog is open. */
export function useCompaction({ conversation_id }: TalkPlaceName, is_open: boolean): CompactionWork {
  const stores = useStores();
  const told = useTalk((state) => state.compacting);
  const read = useAgents((state) => state.context?.is_compacting === true);
  const [asking, setAsking] = useState(false);
  const [end, setEnd] = useState<CompactionEnd | null>(null);
  const dialog = useRef(is_open);
  useEffect(() => {
    dialog.current = is_open;
    return () => {
      dialog.current = false;
    };
  }, [is_open]);
  const finish = (ended: CompactionEnd): void => {
    setAsking(false);
    setEnd(ended);
    if (!dialog.current) tell(stores, ended);
  };
  return {
    busy: asking || told !== null || read,
    by_run: told === 'run',
    end,
    start: (settings) => {
      setAsking(true);
      setEnd(null);
      stores.client.call('conversations.compact', { conversation_id, ...settings }).then(
        (done) => finish({ kind: 'done', done }),
        (error: unknown) => {
          const failed = toWire(error);
          finish(failed.code === 'cancelled' ? { kind: 'stopped' } : { kind: 'failed', error: failed });
        },
      );
    },
    stop: () =>
      attempt(stores, () => stores.client.call('conversations.cancel_compaction', { conversation_id })),
    clear: () => setEnd(null),
  };
}

function tell({ toast }: ReturnType<typeof useStores>, end: CompactionEnd): void {
  if (end.kind === 'failed') return toast.getState().fail(end.error);
  if (end.kind === 'stopped') return toast.getState().show(t('context.compact.stopped'));
  const { messages } = end.done.effect;
  toast.getState().show(t('context.compact.toast', { count: messages }));
}
