import type { Message, Run } from '../../shared/contract/conversations.ts';
import type { Summary } from '../../shared/contract/summaries.ts';
import { AppError } from '../../shared/errors.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { EVERY_STATE, type ToldMessage } from './approval-wire.ts';
import { API, type LettaBackend } from './backend.ts';
import type { Inbox } from './run-inbox.ts';

/** What happens in the run that answers a message. */
export type RunEvent =
  | { readonly kind: 'started'; readonly run_id: string }
  | { readonly kind: 'delta'; readonly event: Extract<MemoirEvent, { type: 'message.delta' }> }
  | { readonly kind: 'message'; readonly message: ToldMessage }
  /** The window is being made smaller; `summary` tells what became of what left it. */
  | { readonly kind: 'compacting'; readonly event: Extract<MemoirEvent, { type: 'run.compacting' }> }
  | { readonly kind: 'summary'; readonly summary: Summary }
  /** It ended, or waits for a decision. */
  | { readonly kind: 'finished'; readonly run: Run };

/** A run that is listened to while it goes on. */
export type Live = {
  readonly backend: LettaBackend;
  readonly run_id: string;
  readonly inbox: Inbox;
  /** Messages that were given. */
  readonly seen: Set<string>;
  /** A message whose pieces are left out; `null` for none. */
  readonly late: string | null;
};

/** Gives what happens in a run from here to its end. Throws `cancelled` when Memoir stops listening before. */
export async function* eventsOf(live: Live): AsyncGenerator<RunEvent> {
  for (;;) {
    const heard = await live.inbox.next();
    if (heard === null)
      throw new AppError('cancelled', 'Memoir stopped listening before the answer was finished.');
    const event = await runEventOf(live, heard);
    if (event !== null) yield event;
    if (event?.kind === 'finished') return;
  }
}

/** What an event means to a run; `null` for one of another run, or of what was given before. */
async function runEventOf(live: Live, event: MemoirEvent): Promise<RunEvent | null> {
  const { run_id, seen, late } = live;
  if (event.type === 'message.delta') {
    const is_told = seen.has(event.message_id) || event.message_id === late;
    return event.run_id === run_id && !is_told ? { kind: 'delta', event } : null;
  }
  if (event.type === 'message.added') {
    return event.message.run_id === run_id ? tell(live, event.message) : null;
  }
  return turnOf(run_id, event);
}

function turnOf(run_id: string, event: MemoirEvent): RunEvent | null {
  if (event.type === 'run.compacting') return event.run_id === run_id ? { kind: 'compacting', event } : null;
  if (event.type === 'window.changed') {
    return event.summary?.run_id === run_id ? { kind: 'summary', summary: event.summary } : null;
  }
  const is_end = event.type === 'run.finished' || event.type === 'run.paused';
  return is_end && event.run.id === run_id ? { kind: 'finished', run: event.run } : null;
}

async function tell({ backend, seen }: Live, message: Message): Promise<RunEvent | null> {
  if (seen.has(message.id)) return null;
  seen.add(message.id);
  return { kind: 'message', message: await withApprovals(backend, message) };
}

/** A message with what is asked about its calls. */
export async function withApprovals(backend: LettaBackend, message: Message): Promise<ToldMessage> {
  if (message.tool_calls.length === 0 || message.run_id === null) return message;
  const query = { run_id: message.run_id, states: [...EVERY_STATE] };
  const { approvals } = await backend.call('approvals.list', query, API);
  const own = approvals.filter(({ message_id }) => message_id === message.id);
  return own.length === 0 ? message : { ...message, approvals: own };
}
