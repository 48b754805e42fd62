import { AppError, fromWire, toWire, type WireError } from '../../shared/errors.ts';
import type { EventEnvelope } from '../../shared/events.ts';
import type { SecretStore } from '../secret-store.ts';

/** How a call ended, on either side of the thread. */
export type Outcome =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: WireError };

/** What the thread is started with. */
export type ThreadStart = {
  readonly data_dir: string;
  /** The log file, to be told in a diagnosis. */
  readonly log_path?: string;
};

/** What the main thread says to the backend. */
export type ToBackend =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly outcome: Outcome }
  | { readonly kind: 'ping' }
  | { readonly kind: 'close' };

/** What the backend says to the main thread. */
export type FromBackend =
  | { readonly kind: 'ready' }
  /** The data folder can not be used at all; the thread ends. */
  | { readonly kind: 'failed'; readonly error: WireError }
  | { readonly kind: 'answer'; readonly id: number; readonly outcome: Outcome }
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly method: keyof SecretStore;
      readonly args: unknown[];
    }
  | { readonly kind: 'event'; readonly envelope: EventEnvelope }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'pong' }
  | { readonly kind: 'closed' };

const UNEXPECTED =
  'Something unexpected went wrong. What was saved is kept; the log has the details. Try again, or restart Memoir.';

/**
 * Runs a call to its outcome. Only expected failures keep their words: of any other, `log` gets the stack and the
 * caller a code, since a stack names files of this computer.
 */
export async function toOutcome(work: () => Promise<unknown>, log: (line: string) => void): Promise<Outcome> {
  try {
    return { ok: true, output: await work() };
  } catch (error) {
    if (error instanceof AppError) return { ok: false, error: toWire(error) };
    log(`A call failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { ok: false, error: { code: 'internal', message: UNEXPECTED } };
  }
}

/** The output of an outcome. Throws the `AppError` it stands for. */
export function fromOutcome(outcome: Outcome): unknown {
  if (!outcome.ok) throw fromWire(outcome.error);
  return outcome.output;
}
