import { AppError } from '../../../shared/errors.ts';
import type { Timers } from '../../models/timers.ts';

/** How long one call for a summary is waited for. */
export type Patience = {
  /** Stops the call, told from outside or out of patience. */
  readonly signal: AbortSignal;
  /** The model has begun to write. */
  readonly heard: () => void;
  /** Why patience ended; `null` when it did not. */
  readonly fault: () => AppError | null;
  /** The call is over. */
  readonly end: () => void;
};

// A turn waits for its summary, and there is one without a model too: who hangs gets less time than for an answer.
const BEGIN_MS = 60_000;
const MOST_MS = 180_000;

/** Begins to wait for a model that writes a summary. */
export function beginPatience(handle: string, stop: AbortSignal, timers: Timers): Patience {
  const late = new AbortController();
  let fault: AppError | null = null;
  const give = (wait_ms: number, what: string): (() => void) =>
    timers.after(wait_ms, () => {
      const message = `${handle} ${what} within ${wait_ms / 1000} s.`;
      fault ??= new AppError('model_timeout', message, { details: { wait_ms } });
      late.abort(fault);
    });
  const callOffBegin = give(BEGIN_MS, 'did not begin to write');
  const callOffEnd = give(MOST_MS, 'was not done');
  return {
    signal: AbortSignal.any([stop, late.signal]),
    heard: callOffBegin,
    fault: () => fault,
    end: () => {
      callOffBegin();
      callOffEnd();
    },
  };
}
