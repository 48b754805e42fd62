import { useEffect, useRef, useState } from 'react';
import type { Replay, ReplayEdits } from '../../../shared/contract/steps.ts';
import { AppError, toWire } from '../../../shared/errors.ts';
import { attemptQuietly } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';

/** How far asking a step again has come. */
export type ReplayRun =
  | { readonly kind: 'idle' }
  /** `since` in ms. */
  | { readonly kind: 'asking'; readonly since: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string };

/** Asking a step again. */
export type Replaying = {
  readonly run: ReplayRun;
  readonly start: (model: string, edits: ReplayEdits) => void;
  /** Ends what is under way; nothing of it is kept. */
  readonly stop: () => void;
};

/** Asks a step again, once at a time; what is under way ends with the panel. `onMade` gets what came. */
export function useReplay(step_id: string, onMade: (replay: Replay) => void): Replaying {
  const stores = useStores();
  const [run, setRun] = useState<ReplayRun>({ kind: 'idle' });
  const under_way = useRef<string | null>(null);
  const stop = (): void => {
    const replay_id = under_way.current;
    if (replay_id === null) return;
    under_way.current = null;
    attemptQuietly(stores, () => endQuietly(stores.client.call('steps.stop_replay', { replay_id })));
  };
  const latest = useRef(stop);
  useEffect(() => {
    latest.current = stop;
  });
  useEffect(() => () => latest.current(), []);
  const start = (model: string, edits: ReplayEdits): void => {
    const replay_id = `replay-${crypto.randomUUID()}`;
    under_way.current = replay_id;
    setRun({ kind: 'asking', since: Date.now() });
    stores.client.call('steps.replay', { step_id, model, edits, replay_id }).then(
      (replay) => {
        under_way.current = null;
        setRun({ kind: 'idle' });
        onMade(replay);
      },
      (error: unknown) => {
        under_way.current = null;
        const { code, message } = toWire(error);
        setRun(code === 'cancelled' ? { kind: 'stopped' } : { kind: 'failed', message });
      },
    );
  };
  return { run, start, stop };
}

/** It may have ended by itself meanwhile. */
async function endQuietly(stopping: Promise<unknown>): Promise<void> {
  await stopping.catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
  });
}
