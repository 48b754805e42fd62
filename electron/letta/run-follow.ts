import type { ApprovalDecision, ClientTool } from '../../shared/contract/approvals.ts';
import type { Message, Run } from '../../shared/contract/conversations.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { AppError } from '../../shared/errors.ts';
import { API, type LettaBackend } from './backend.ts';
import type { Spoken } from './message-input.ts';
import { eventsOf, type RunEvent, withApprovals } from './run-events.ts';
import { type Inbox, openInbox } from './run-inbox.ts';

/** What to say, in which conversation. */
export type Sending = Omit<Spoken, 'otid'> & {
  readonly conversation_id: string;
  /** Made by the client, so that a repeated request joins the first one's run. */
  readonly otid: string;
  /** What is said before it and answered with it. */
  readonly before: readonly Spoken[];
  readonly max_steps: number | undefined;
  /** Tools the client runs itself. */
  readonly client_tools?: ClientTool[] | undefined;
};

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

/** What was decided about the calls of a run, and where it goes on. */
export type Deciding = {
  readonly conversation_id: string;
  readonly run_id: string;
  /** Empty when all was decided before: the client repeats itself. */
  readonly decisions: readonly ApprovalDecision[];
  /** Tools the client runs itself from here on; left out: those it brought before. */
  readonly client_tools?: ClientTool[] | undefined;
  /** The message whose calls were decided; what comes after it is the answer. */
  readonly after_seq: number;
};

/** Decides about calls, then gives the events of their run from there on, as {@link sendAndFollow} does. */
export async function decideAndFollow(
  backend: LettaBackend,
  deciding: Deciding,
  signal: AbortSignal,
): Promise<AsyncGenerator<RunEvent>> {
  const inbox = openInbox(backend, deciding.conversation_id, signal);
  try {
    if (deciding.decisions.length > 0) {
      const { decisions, client_tools } = deciding;
      await backend.call('approvals.decide', { decisions: [...decisions], client_tools }, API);
    }
    return followDecided({ backend, deciding, inbox });
  } catch (error) {
    inbox.close();
    throw error;
  }
}

async function* followDecided(following: {
  readonly backend: LettaBackend;
  readonly deciding: Deciding;
  readonly inbox: Inbox;
}): AsyncGenerator<RunEvent> {
  const { backend, deciding, inbox } = following;
  const { run_id, after_seq } = deciding;
  try {
    yield { kind: 'started', run_id };
    const run = await backend.call('runs.get', { run_id }, API);
    const seen = new Set<string>();
    for (const message of await messagesOf(backend, run, after_seq)) {
      seen.add(message.id);
      yield { kind: 'message', message: await withApprovals(backend, message) };
    }
    // Right after the last decision it still waits, until its worker has taken it up.
    const { approvals } = await backend.call('approvals.list', { run_id }, API);
    const is_decided = deciding.decisions.length > 0 || approvals.length === 0;
    if (run.state === 'running' || (run.state === 'waiting' && is_decided))
      yield* eventsOf({ backend, run_id, inbox, seen, late: null });
    else yield { kind: 'finished', run };
  } finally {
    inbox.close();
  }
}

const PAGE = 200;

/** The messages of a run behind `after_seq`, oldest first, however much was said since. */
async function messagesOf({ call }: LettaBackend, run: Run, after_seq: number): Promise<Message[]> {
  const found: Message[] = [];
  const { conversation_id } = run;
  for (let before_seq: number | undefined; ;) {
    const { messages, has_more } = await call(
      'messages.list',
      { conversation_id, before_seq, limit: PAGE },
      API,
    );
    found.unshift(...messages.filter((each) => each.run_id === run.id && each.seq > after_seq));
    const [oldest] = messages;
    const is_all = messages.some(({ id }) => id === run.message_id) || !has_more;
    if (is_all || oldest === undefined || oldest.seq <= after_seq) return found;
    before_seq = oldest.seq;
  }
}

/**
 * Decides about calls and says something after their run, and gives the events of both as of one. When the run waits
 * again, what is said queues behind it and its answer is not waited for.
 */
export async function decideAndSay(
  backend: LettaBackend,
  work: { readonly deciding: Deciding; readonly sending: Sending },
  signal: AbortSignal,
): Promise<AsyncGenerator<RunEvent>> {
  const first = await decideAndFollow(backend, work.deciding, signal);
  return decidedThenSaid(backend, { first, sending: work.sending }, signal);
}

async function* decidedThenSaid(
  backend: LettaBackend,
  { first, sending }: { readonly first: AsyncGenerator<RunEvent>; readonly sending: Sending },
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  for await (const event of first) {
    if (event.kind !== 'finished') {
      yield event;
      continue;
    }
    if (event.run.state === 'waiting') {
      await backend.call('messages.send', { ...sending, before: [...sending.before] }, API);
      yield event;
      return;
    }
    yield* await sendAndFollow(backend, sending, signal);
  }
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
      yield { kind: 'message', message: await withApprovals(following.backend, message) };
    }
    if (run.state !== 'running') yield { kind: 'finished', run };
    else {
      const { backend } = following;
      yield* eventsOf({ backend, run_id: run.id, inbox, seen, late: await joinedLate(following) });
    }
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
