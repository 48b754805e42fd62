import type { WireError } from '../../shared/errors.ts';
import type { Outcome, ToBackend } from './backend-messages.ts';
import { type Ended, type LifeOptions, type Running, runThread } from './thread-life.ts';

/** How the backend is. */
export type BackendState =
  | { readonly kind: 'starting' | 'running' | 'closed' }
  | { readonly kind: 'stopped'; readonly error: WireError };

/** What the backend's thread needs of the shell. */
export type BackendThreadOptions = LifeOptions & {
  readonly onState: (state: BackendState) => void;
  /** Takes what is known of a crash, for its file. */
  readonly onCrash: (report: string) => void;
  /** Milliseconds on a clock that is never set. */
  readonly now: () => number;
  /** Milliseconds the backend has for closing. Default 8000. */
  readonly close_ms?: number;
};

/** The backend in its thread. */
export type BackendThread = {
  /** Calls a method. Never rejects: failures come as outcomes. Waits while the backend starts. */
  readonly call: (name: string, input: unknown) => Promise<Outcome>;
  readonly state: () => BackendState;
  /** Starts the backend again after it stopped; does nothing otherwise. */
  readonly restart: () => void;
  /** Closes the store, by force when it takes too long. May be called twice. */
  readonly close: () => Promise<void>;
};

/** A crash this long after the one before is the first again, in ms. */
const FORGIVEN_MS = 600_000;
/** These change nothing, so they may be asked again after a crash. */
const READS = /\.(?:list|get|info|states|search|tags|history|context|current|sent|diagnose|check)$/;
const STOPPED = "Memoir's engine stopped and did not come back. What was saved is kept. Restart it to go on.";
const CLOSING: Outcome = { ok: false, error: { code: 'cancelled', message: 'Memoir is closing.' } };
const INTERRUPTED =
  "Memoir's engine stopped during this and starts again. What was saved before is kept; look, then try again.";

/**
 * Runs the backend in a thread: starts it again by itself after a crash or a hang, once; after a second one within ten
 * minutes it waits for {@link BackendThread.restart}.
 */
export function startBackendThread(options: BackendThreadOptions): BackendThread {
  const calls = createCalls();
  let state: BackendState = { kind: 'starting' };
  let current: Running | null = null;
  let crashed_at = Number.NEGATIVE_INFINITY;

  const become = (next: BackendState): void => {
    state = next;
    options.onState(next);
  };
  const start = (): void => {
    become({ kind: 'starting' });
    const life = runThread(options, {
      onReady: () => become({ kind: 'running' }),
      onAnswer: calls.answer,
      onEnd: end,
    });
    current = life;
    for (const message of calls.open()) life.post(message);
  };
  const stop = (error: WireError): void => {
    calls.failAll({ ok: false, error });
    become({ kind: 'stopped', error });
  };
  const end = (ended: Ended): void => {
    current = null;
    if (state.kind === 'closed') return calls.failAll(CLOSING);
    if (ended.error !== null) return stop(ended.error);
    options.onCrash(ended.report);
    const again = options.now() - crashed_at > FORGIVEN_MS;
    crashed_at = options.now();
    if (!again) return stop({ code: 'internal', message: STOPPED });
    calls.failWrites({ ok: false, error: { code: 'internal', message: INTERRUPTED } });
    return start();
  };
  const close = async (): Promise<void> => {
    become({ kind: 'closed' });
    await current?.close(options.close_ms ?? 8000);
    calls.failAll(CLOSING);
  };

  let closing: Promise<void> | null = null;
  start();
  return {
    call: (name, input) => {
      if (state.kind === 'stopped') return Promise.resolve({ ok: false, error: state.error });
      if (state.kind === 'closed') return Promise.resolve(CLOSING);
      const { message, outcome } = calls.add(name, input);
      current?.post(message);
      return outcome;
    },
    state: () => state,
    restart: () => {
      if (state.kind === 'stopped') start();
    },
    close: () => (closing ??= close()),
  };
}

type CallMessage = Extract<ToBackend, { kind: 'call' }>;

/** The calls that wait for an answer. */
type Calls = {
  readonly add: (name: string, input: unknown) => { message: CallMessage; outcome: Promise<Outcome> };
  readonly answer: (id: number, outcome: Outcome) => void;
  readonly open: () => CallMessage[];
  readonly failAll: (outcome: Outcome) => void;
  readonly failWrites: (outcome: Outcome) => void;
};

function createCalls(): Calls {
  const waiting = new Map<number, { message: CallMessage; resolve: (outcome: Outcome) => void }>();
  let last = 0;
  const answer = (id: number, outcome: Outcome): void => {
    waiting.get(id)?.resolve(outcome);
    waiting.delete(id);
  };
  const open = (): CallMessage[] => [...waiting.values()].map(({ message }) => message);
  return {
    add: (name, input) => {
      last += 1;
      const message: CallMessage = { kind: 'call', id: last, name, input };
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      waiting.set(last, { message, resolve });
      return { message, outcome: promise };
    },
    answer,
    open,
    failAll: (outcome) => open().forEach(({ id }) => answer(id, outcome)),
    failWrites: (outcome) =>
      open()
        .filter(({ name }) => !READS.test(name))
        .forEach(({ id }) => answer(id, outcome)),
  };
}
