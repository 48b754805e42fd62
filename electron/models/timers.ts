import { AppError } from '../../shared/errors.ts';

/** Where waiting and chance come from, so that tests need neither. */
export type Timers = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs `run` once after `wait_ms`; the returned function calls it off. */
  readonly after: (wait_ms: number, run: () => void) => () => void;
  /** A number in `[0, 1)`. */
  readonly random: () => number;
};

/** The real clock and chance. */
export const system_timers: Timers = {
  now: () => Date.now(),
  after: (wait_ms, run) => {
    const timer = setTimeout(run, wait_ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** The error every model gives when its `signal` says stop. */
export function cancelledError(): AppError {
  return new AppError('cancelled', 'Stopped. What had already arrived is kept.');
}

/** Waits `wait_ms`. Rejects at once with `cancelled` when the signal aborts. */
export function pause(wait_ms: number, timers: Timers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelledError());
      return;
    }
    const onAbort = (): void => {
      callOff();
      reject(cancelledError());
    };
    const callOff = timers.after(wait_ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
