import type { Draft, Message, Run, ToolCall } from '../../shared/contract/conversations.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type { TalkFacts } from './talk-facts.ts';

type Change = Partial<TalkFacts>;

/** What an event changes in the talk on screen; nothing when it belongs to another conversation. `now` in ms. */
export function applyTalkEvent(state: TalkFacts, event: MemoirEvent, now: number): Change {
  if (conversationOf(event) !== state.conversation_id) return {};
  if (event.type === 'run.started') return { ...placeRun(state, event.run), waiting: null };
  if (event.type === 'run.paused') return { ...placeRun(state, event.run), waiting: null };
  if (event.type === 'run.finished') {
    return { ...finishRun(state, event.run), waiting: null, ...withoutRunCompaction(state) };
  }
  if (event.type === 'run.waiting') {
    return { waiting: { reason: event.reason, wait_ms: event.wait_ms, since: now } };
  }
  if (event.type === 'message.added') return addMessage(state, event.message);
  if (event.type === 'message.delta') {
    return { ...addDelta(state, event, now), waiting: null, ...withoutRunCompaction(state) };
  }
  if (event.type === 'tool.changed') {
    return { tool_calls: withToolCalls(state.tool_calls, [event.tool_call]), waiting: null };
  }
  if (event.type === 'queue.changed') return { queue: event.queue };
  return applyCompaction(state, event);
}

/** What an event tells of compactions: one began, is over, or left a summary. */
function applyCompaction(state: TalkFacts, event: MemoirEvent): Change {
  if (event.type === 'run.compacting') return { compacting: 'run' };
  if (event.type === 'conversation.compacting') {
    return { compacting: event.effect === null ? null : 'person' };
  }
  if (event.type !== 'window.changed') return {};
  const { summary } = event;
  if (summary === null) return withoutRunCompaction(state);
  const others = state.summaries
    .filter(({ id }) => id !== summary.id)
    .map((each) => (each.covers_from_seq >= summary.covers_from_seq ? { ...each, in_window: false } : each));
  return { ...withoutRunCompaction(state), summaries: [summary, ...others] };
}

// A run that goes on has its window as it wants it; one that a person asked for says itself when it is over.
function withoutRunCompaction({ compacting }: TalkFacts): Change {
  return compacting === 'run' ? { compacting: null } : {};
}

/** Both lists as one by `seq`; of two with the same id the second list's stands. */
export function mergeMessages(known: readonly Message[], read: readonly Message[]): readonly Message[] {
  const ids = new Set(read.map((message) => message.id));
  return [...known.filter((message) => !ids.has(message.id)), ...read].toSorted(
    (left, right) => left.seq - right.seq,
  );
}

/** The tool calls with those that were read or changed. */
export function withToolCalls(
  known: Readonly<Record<string, ToolCall>>,
  read: readonly ToolCall[],
): Readonly<Record<string, ToolCall>> {
  return { ...known, ...Object.fromEntries(read.map((call) => [call.tool_call_id, call])) };
}

function conversationOf(event: MemoirEvent): string | null {
  if ('conversation_id' in event) return event.conversation_id;
  if ('run' in event) return event.run.conversation_id;
  return event.type === 'message.added' ? event.message.conversation_id : null;
}

function finishRun(state: TalkFacts, run: Run): Change {
  const draft = state.draft?.run_id === run.id ? null : state.draft;
  return { ...placeRun(state, run), draft };
}

/** Whether a run has not ended: it runs, or waits for a decision. What is sent meanwhile queues. */
export function isAtWork({ state }: Pick<Run, 'state'>): boolean {
  return state === 'running' || state === 'waiting';
}

/** How a run that ended without its answer is told apart from those that are well. */
export const TROUBLED_STATES = [
  'failed',
  'interrupted',
  'cancelled',
] as const satisfies readonly Run['state'][];

/** The run as the newest one, kept or no longer kept among the troubled ones. */
export function placeRun({ troubled }: TalkFacts, run: Run): Pick<TalkFacts, 'run' | 'troubled'> {
  const { [run.id]: _known, ...others } = troubled;
  const isTroubled = TROUBLED_STATES.some((state) => state === run.state);
  return { run, troubled: isTroubled ? { ...others, [run.id]: run } : others };
}

function addMessage(state: TalkFacts, message: Message): Change {
  return {
    messages: mergeMessages(state.messages, [message]),
    draft: state.draft?.message_id === message.id ? null : state.draft,
    outgoing: state.outgoing.filter((each) => each.otid !== message.otid),
  };
}

type Delta = Extract<MemoirEvent, { type: 'message.delta' }>;

function addDelta(state: TalkFacts, event: Delta, now: number): Change {
  if (state.messages.some((message) => message.id === event.message_id)) return {};
  const blank: Draft = {
    run_id: event.run_id as Draft['run_id'],
    message_id: event.message_id as Draft['message_id'],
    text: '',
    reasoning: '',
  };
  const draft = state.draft?.message_id === event.message_id ? state.draft : blank;
  const grown =
    event.part === 'text'
      ? { ...draft, text: draft.text + event.delta }
      : { ...draft, reasoning: draft.reasoning + event.delta };
  if (event.part === 'text') return { draft: grown };
  const from = state.thinking[event.message_id]?.from ?? now;
  return { draft: grown, thinking: { ...state.thinking, [event.message_id]: { from, to: now } } };
}

/**
 * The draft as it was read, with what was heard of it since. Words that were heard before the reading stand in it
 * already; a window that came late heard the end only.
 */
export function joinDraft(heard: Draft | null, read: Draft | null): Draft | null {
  if (read === null || heard?.message_id !== read.message_id) return read;
  return {
    ...read,
    text: joinText(read.text, heard.text),
    reasoning: joinText(read.reasoning, heard.reasoning),
  };
}

function joinText(read: string, heard: string): string {
  if (heard.startsWith(read)) return heard;
  let common = Math.min(read.length, heard.length);
  while (!read.endsWith(heard.slice(0, common))) common -= 1;
  return read + heard.slice(common);
}
