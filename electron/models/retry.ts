import { AppError } from '../../shared/errors.ts';
import type { Failure } from './faults.ts';
import type { ModelLimits } from './limits.ts';
import type { ModelEvent } from './model.ts';
import { pause, type Timers } from './timers.ts';

/** How one request ended. */
export type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What the retry loop works with. */
export type Retrying = {
  readonly limits: ModelLimits;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ModelEvent) => void;
};

/**
 * Repeats a request while its failure may pass: waits twice as long each time with chance in it, or as long as the
 * provider asks. Every wait is announced by a `waiting` event and ends at once when the signal aborts. Throws the last
 * failure's error; at once when the provider asks for more patience than `retry_cap_ms`.
 */
export async function withRetries<T>(attempt: () => Promise<Attempt<T>>, retrying: Retrying): Promise<T> {
  const { limits, timers, signal, onEvent } = retrying;
  for (let tried = 1; ; tried += 1) {
    const ended = await attempt();
    if (ended.kind === 'done') return ended.value;
    const { failure } = ended;
    if (!failure.retryable) throw failure.error;
    if (failure.retry_after_ms !== null && failure.retry_after_ms > limits.retry_cap_ms)
      throw tooLong(failure);
    if (tried >= limits.attempts) throw failure.error;
    const wait_ms = failure.retry_after_ms ?? backoff(tried, limits, timers.random());
    onEvent({ type: 'waiting', wait_ms, reason: failure.reason });
    await pause(wait_ms, timers, signal);
  }
}

function backoff(tried: number, limits: ModelLimits, chance: number): number {
  const full = Math.min(limits.retry_cap_ms, limits.retry_base_ms * 2 ** (tried - 1));
  return Math.round(full * (0.5 + chance / 2));
}

function tooLong(failure: Failure): AppError {
  const seconds = Math.ceil((failure.retry_after_ms ?? 0) / 1000);
  return new AppError(
    failure.error.code,
    `${failure.error.message} It asks to wait ${seconds.toLocaleString('en-US')} seconds.`,
    {
      cause: failure.error,
      details: { ...failure.error.details, retry_after_seconds: seconds },
    },
  );
}
