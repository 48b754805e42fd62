import type { Message, Run } from '../../shared/contract/conversations.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { AppError } from '../../shared/errors.ts';
import { API, type LettaBackend } from './backend.ts';
import type { Spoken } from './message-input.ts';

/** What to say, in which conversation. */
export type Sending = Omit<Spoken, 'otid'> & {
  readonly conversation_id: string;
  /** Made by the client, so that a repeated request joins the first one's run. */
  readonly otid: string;
  /** What is said before it and answered with it. */
  readonly before: readonly Spoken[];
  readonly max_steps: number | undefined;
};

/** What happens in the run that answers a message. */
export type RunEvent =
  | { readonly kind: 'started'; readonly run_id: string }
  | { readonly kind: 'delta'; readonly event: Extract<MemoirEvent, { type: 'message.delta' }> }
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'finished'; readonly run: Run };

/**
 * Saves the message, then gives the events of the run that answers it, ending with `finished`. Listening starts before
 * sending, so no event is lost. Rejects when the message could not be saved; leaving the loop early only stops
 * listening, the run goes on.
 */
export async function sendAndFollow(
  backend: LettaBackend,
  sending: Sending,
  signal: AbortSignal,
): Promise<AsyncGenerator<RunEvent>> {
  const inbox = openInbox(backend, sending.conversation_id, signal);
  try {
    await backend.call('messages.send', { ...sending, before: [...sending.before] }, API);
    return follow({ backend, sending, inbox });
  } catch (error) {
    inbox.close();
    throw error;
  }
}

type Inbox = {
  /** Events not taken yet. */
  readonly waiting: readonly MemoirEvent[];
  /** The next event; `null` when listening has ended. */
  readonly next: () => Promise<MemoirEvent | null>;
  readonly close: () => void;
};

function openInbox(
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
  if (event.type === 'run.started' || event.type === 'run.finished') return event.run.conversation_id;
  if (event.type === 'message.added') return event.message.conversation_id;
  if (event.type === 'message.delta' || event.type === 'queue.changed') return event.conversation_id;
  return null;
}

type Following = {
  readonly backend: LettaBackend;
  readonly sending: Sending;
  readonly inbox: Inbox;
};

async function* follow(following: Following): AsyncGenerator<RunEvent> {
  const { inbox } = following;
  try {
    const { run, messages } = await findStart(following);
    yield { kind: 'started', run_id: run.id };
    const seen = new Set<string>();
    for (const message of messages) {
      seen.add(message.id);
      yield { kind: 'message', message };
    }
    if (run.state !== 'running') yield { kind: 'finished', run };
    else yield* eventsOf({ run_id: run.id, inbox, seen, late: await joinedLate(following) });
  } finally {
    inbox.close();
  }
}

/**
 * The message under way when its beginning was not heard, which happens to a client that comes back for its run; else
 * `null`. Its pieces would make no sense, so it is given whole when it is done.
 */
async function joinedLate({ backend, sending, inbox }: Following): Promise<string | null> {
  const { conversation_id } = sending;
  const { draft } = await backend.call('runs.current', { conversation_id }, API);
  if (draft === null) return null;
  const heard = { text: '', reasoning: '' };
  for (const event of inbox.waiting) {
    if (event.type === 'message.delta' && event.message_id === draft.message_id)
      heard[event.part] += event.delta;
  }
  const isWhole = heard.text.startsWith(draft.text) && heard.reasoning.startsWith(draft.reasoning);
  return isWhole ? null : draft.message_id;
}

type Live = {
  readonly run_id: string;
  readonly inbox: Inbox;
  /** Messages that were given. */
  readonly seen: Set<string>;
  /** A message whose pieces are left out. */
  readonly late: string | null;
};

async function* eventsOf({ run_id, inbox, seen, late }: Live): AsyncGenerator<RunEvent> {
  for (;;) {
    const event = await inbox.next();
    if (event === null)
      throw new AppError('cancelled', 'Memoir stopped listening before the answer was finished.');
    if (event.type === 'message.delta' && event.run_id === run_id && !seen.has(event.message_id)) {
      if (event.message_id !== late) yield { kind: 'delta', event };
    } else if (
      event.type === 'message.added' &&
      event.message.run_id === run_id &&
      !seen.has(event.message.id)
    ) {
      seen.add(event.message.id);
      yield { kind: 'message', message: event.message };
    } else if (event.type === 'run.finished' && event.run.id === run_id) {
      yield { kind: 'finished', run: event.run };
      return;
    }
  }
}

type Start = { readonly run: Run; readonly messages: readonly Message[] };

/** Waits until a run has taken the message up. */
async function findStart({ backend, sending, inbox }: Following): Promise<Start> {
  const { otid, conversation_id } = sending;
  for (;;) {
    const { state, run, messages } = await backend.call('messages.sent', { conversation_id, otid }, API);
    if (run !== null) return { run, messages };
    if (state === 'withdrawn') {
      throw new AppError('cancelled', 'The message was taken back before it was answered.');
    }
    if ((await nextStart(inbox)) === null) {
      throw new AppError(
        'cancelled',
        'Memoir stopped listening before the answer had begun. The message is kept.',
      );
    }
  }
}

/** Skips to the next event after which the message may have been taken up; events of other runs are no loss. */
async function nextStart(inbox: Inbox): Promise<MemoirEvent | null> {
  for (;;) {
    const event = await inbox.next();
    if (event === null || event.type !== 'message.delta') return event;
  }
}
