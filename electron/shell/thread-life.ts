import type { WireError } from '../../shared/errors.ts';
import type { EventEnvelope } from '../../shared/events.ts';
import type { SecretStore } from '../secret-store.ts';
import { type FromBackend, type Outcome, type ToBackend, toOutcome } from './backend-messages.ts';

/** A thread that does not end this long after it was told to is given up, in ms. */
const KILL_MS = 3000;

/** A thread as far as it is used here: `node:worker_threads` makes one. */
export type Thread = {
  readonly postMessage: (message: ToBackend) => void;
  readonly on: {
    (event: 'message', listener: (message: FromBackend) => void): unknown;
    (event: 'error', listener: (error: Error) => void): unknown;
    (event: 'exit', listener: (code: number) => void): unknown;
  };
  readonly terminate: () => Promise<unknown>;
};

/** What one life of the thread needs of the shell. */
export type LifeOptions = {
  readonly spawn: () => Thread;
  readonly secrets: SecretStore;
  readonly log: (line: string) => void;
  readonly onEvent: (envelope: EventEnvelope) => void;
  /** Milliseconds between two pings. Default 5000. */
  readonly ping_ms?: number;
  /** Milliseconds until the backend must be ready. Default 300,000: a large store may have to be converted first. */
  readonly start_ms?: number;
  /** Pings in a row that may stay without an answer. Default 6. */
  readonly missed_pings?: number;
};

/** Why a thread ended: the reason it gave, or what is known of its crash. */
export type Ended = { readonly error: WireError | null; readonly report: string };

/** A thread that runs. */
export type Running = {
  readonly post: (message: ToBackend) => void;
  readonly close: (limit_ms: number) => Promise<void>;
};

/** Who follows a thread. */
export type Follower = {
  readonly onReady: () => void;
  readonly onAnswer: (id: number, outcome: Outcome) => void;
  readonly onEnd: (ended: Ended) => void;
};

/** Starts the thread and follows it to its end; one that answers no ping, or never gets ready, is ended. */
export function runThread(options: LifeOptions, follower: Follower): Running {
  const thread = options.spawn();
  const over = Promise.withResolvers<void>();
  let error: WireError | null = null;
  let report = '';
  let isOver = false;
  const finish = (code: number | null): void => {
    pulse.stop();
    over.resolve();
    if (isOver) return;
    isOver = true;
    follower.onEnd({ error, report: report || `The thread ended with code ${String(code)}.` });
  };
  const kill = async (): Promise<void> => {
    const patience = setTimeout(() => finish(null), KILL_MS);
    await thread.terminate();
    clearTimeout(patience);
  };
  const pulse = watchPulse(options, thread, (why) => {
    options.log(why);
    report = why;
    void kill();
  });
  thread.on('message', (message) => {
    if (message.kind === 'event') options.onEvent(message.envelope);
    else if (message.kind === 'answer') follower.onAnswer(message.id, message.outcome);
    else if (message.kind === 'ask') void answerAsk(options, thread, message);
    else if (message.kind === 'log') options.log(message.line);
    else if (message.kind === 'pong') pulse.heard();
    else if (message.kind === 'failed') {
      error = message.error;
      void kill();
    } else if (message.kind === 'ready') {
      pulse.start();
      follower.onReady();
    } else over.resolve();
  });
  thread.on('error', (thrown) => {
    report = thrown.stack ?? thrown.message;
  });
  thread.on('exit', finish);
  return {
    post: (message) => thread.postMessage(message),
    close: (limit_ms) => closeThread(thread, { limit_ms, over: over.promise, pulse, log: options.log, kill }),
  };
}

type Closing = {
  readonly limit_ms: number;
  readonly over: Promise<void>;
  readonly pulse: Pulse;
  readonly log: (line: string) => void;
  readonly kill: () => Promise<void>;
};

async function closeThread(thread: Thread, { limit_ms, over, pulse, log, kill }: Closing): Promise<void> {
  pulse.stop();
  thread.postMessage({ kind: 'close' });
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    log(`The backend did not close within ${limit_ms} ms and was ended.`);
    limit.resolve();
  }, limit_ms);
  await Promise.race([over, limit.promise]);
  clearTimeout(timer);
  // One that is stuck in native code ends with the process only, so nobody waits for it.
  await Promise.race([kill(), over]);
}

async function answerAsk(
  { secrets, log }: LifeOptions,
  thread: Thread,
  { id, method, args }: Extract<FromBackend, { kind: 'ask' }>,
): Promise<void> {
  const answer = secrets[method] as (...args: unknown[]) => Promise<unknown>;
  thread.postMessage({ kind: 'answer', id, outcome: await toOutcome(() => answer(...args), log) });
}

type Pulse = { readonly start: () => void; readonly heard: () => void; readonly stop: () => void };

/** Notices a thread that does not get ready or answers no ping. Pings are counted, so that a computer's sleep is no hang. */
function watchPulse(
  { ping_ms = 5000, missed_pings = 6, start_ms = 300_000 }: LifeOptions,
  thread: Thread,
  onHang: (why: string) => void,
): Pulse {
  let missed = 0;
  let timer: ReturnType<typeof setInterval> = setTimeout(
    () => onHang(`The backend was not ready after ${start_ms} ms and was ended.`),
    start_ms,
  );
  const stop = (): void => clearInterval(timer);
  const ping = (): void => {
    if (missed >= missed_pings) {
      stop();
      onHang(`The backend answered none of ${missed} pings, ${ping_ms} ms apart, and was ended.`);
      return;
    }
    missed += 1;
    thread.postMessage({ kind: 'ping' });
  };
  return {
    start: () => {
      stop();
      timer = setInterval(ping, ping_ms);
    },
    heard: () => {
      missed = 0;
    },
    stop,
  };
}
