import type { MemoirEvent } from '../../shared/events.ts';
import type { LettaBackend } from './backend.ts';

/** The events of a conversation, kept until they are taken. */
export type Inbox = {
  /** Events not taken yet. */
  readonly waiting: readonly MemoirEvent[];
  /** The next event; `null` when listening has ended. */
  readonly next: () => Promise<MemoirEvent | null>;
  readonly close: () => void;
};

/** Listens to a conversation until it is closed, the client leaves or the server ends. */
export function openInbox(
  { subscribe, closing }: LettaBackend,
  conversation_id: string,
  signal: AbortSignal,
): Inbox {
  const waiting: MemoirEvent[] = [];
  let wake = (): void => undefined;
  let ended = false;
  const unsubscribe = subscribe(({ event }) => {
    if (conversationOf(event) !== conversation_id) return;
    waiting.push(event);
    wake();
  });
  const close = (): void => {
    ended = true;
    unsubscribe();
    wake();
    signal.removeEventListener('abort', close);
    closing.removeEventListener('abort', close);
  };
  signal.addEventListener('abort', close, { once: true });
  closing.addEventListener('abort', close, { once: true });
  if (signal.aborted || closing.aborted) close();
  const next = async (): Promise<MemoirEvent | null> => {
    while (waiting.length === 0 && !ended) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return waiting.shift() ?? null;
  };
  return { waiting, next, close };
}

function conversationOf(event: MemoirEvent): string | null {
  if (event.type === 'run.started' || event.type === 'run.finished' || event.type === 'run.paused')
    return event.run.conversation_id;
  if (event.type === 'message.added') return event.message.conversation_id;
  if (event.type === 'message.delta' || event.type === 'queue.changed') return event.conversation_id;
  if (event.type === 'run.compacting' || event.type === 'window.changed') return event.conversation_id;
  return null;
}
