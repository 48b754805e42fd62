import type { Backend } from '../../../electron/backend.ts';
import type { Dispatch } from '../../../electron/api/dispatch.ts';
import type { Run } from '../../../shared/contract/conversations.ts';
import type { MemoirEvent } from '../../../shared/events.ts';

/** Someone who uses a backend: calls its methods and waits for what comes of them. */
export type Player = {
  readonly call: Dispatch;
  readonly data_dir: string;
  /** Says something and waits until its run has ended or waits for a decision. Throws after a minute. */
  readonly say: (conversation_id: string, text: string) => Promise<Run>;
  /** Resolves with the first event from now on that fits. Throws after a minute. */
  readonly next: (fits: (event: MemoirEvent) => boolean) => Promise<MemoirEvent>;
};

/** Longest wait for anything, in milliseconds: far more than a sound backend takes on a busy machine. */
const PATIENCE_MS = 60_000;

/** Makes the player of a backend. */
export function createPlayer({
  call,
  subscribe,
  data_dir,
}: Pick<Backend, 'call' | 'subscribe' | 'data_dir'>): Player {
  const next: Player['next'] = (fits) => {
    const { promise, resolve, reject } = Promise.withResolvers<MemoirEvent>();
    const stop = subscribe(({ event }) => {
      if (fits(event)) resolve(event);
    });
    const timer = setTimeout(() => reject(new Error(`nothing came within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    timer.unref();
    return promise.finally(() => {
      stop();
      clearTimeout(timer);
    });
  };
  const say: Player['say'] = async (conversation_id, text) => {
    const otid = crypto.randomUUID();
    const ended = new Map<string, Run>();
    const stop = subscribe(({ event }) => {
      const run = endOf(event);
      if (run !== null) ended.set(run.id, run);
    });
    try {
      await call('messages.send', { conversation_id, text, otid });
      for (;;) {
        const later = next((event) => endOf(event)?.conversation_id === conversation_id);
        later.catch(() => undefined);
        const { run } = await call('messages.sent', { conversation_id, otid });
        // The store may have refused to keep an end that was told.
        const end = run === null || run.state !== 'running' ? run : (ended.get(run.id) ?? null);
        if (end !== null) return end;
        await later;
      }
    } finally {
      stop();
    }
  };
  return { call, data_dir, next, say };
}

/** The run an event says is at rest, or `null`. */
export function endOf(event: MemoirEvent): Run | null {
  return event.type === 'run.finished' || event.type === 'run.paused' ? event.run : null;
}
