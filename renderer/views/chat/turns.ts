import type { Message, MessageToolCall, Run } from '../../../shared/contract/conversations.ts';

/** What one speaker did without interruption: a message of a person, or all steps of an answer. */
export type Turn = {
  /** Id of its first message. */
  readonly id: string;
  readonly role: 'user' | 'system' | 'summary' | 'agent';
  readonly run_id: string | null;
  readonly messages: readonly Message[];
  readonly at: string;
};

/** Puts the messages of one answer together. Results of tools belong to the turn that called them. */
export function turnsOf(messages: readonly Message[]): readonly Turn[] {
  const turns: (Turn & { readonly messages: Message[] })[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' || message.role === 'tool' ? 'agent' : message.role;
    const last = turns.at(-1);
    if (role === 'agent' && last?.role === 'agent' && last.run_id === message.run_id)
      last.messages.push(message);
    else
      turns.push({
        id: message.id,
        role,
        run_id: message.run_id,
        messages: [message],
        at: message.created_at,
      });
  }
  return turns;
}

/** The turns, each that `known` has with the same messages as it stands there; `known` holds these from now on. */
export function sameTurns(known: Map<string, Turn>, turns: readonly Turn[]): readonly Turn[] {
  const kept = turns.map((turn) => {
    const before = known.get(turn.id);
    return before !== undefined && areSame(before.messages, turn.messages) ? before : turn;
  });
  known.clear();
  for (const turn of kept) known.set(turn.id, turn);
  return kept;
}

function areSame(left: readonly Message[], right: readonly Message[]): boolean {
  return left.length === right.length && left.every((message, at) => message === right[at]);
}

/** A piece of an assistant message, in the order it is shown. */
export type Piece =
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly call: MessageToolCall };

/** Name of the tool by which agents of the MemGPT types speak. */
const SPEAKING_TOOL = 'send_message';

/** Takes a message apart. Words said by `send_message` come after the other calls, as they were said after them. */
export function piecesOf(message: Message): readonly Piece[] {
  const reasoning = message.content
    .map((part) => ('reasoning' in part && typeof part.reasoning === 'string' ? part.reasoning : ''))
    .filter((text) => text !== '')
    .map((text): Piece => ({ kind: 'reasoning', text }));
  const calls = message.tool_calls
    .filter((call) => call.name !== SPEAKING_TOOL)
    .map((call): Piece => ({ kind: 'call', call }));
  const text: readonly Piece[] = message.text === '' ? [] : [{ kind: 'text', text: message.text }];
  const speaks = message.tool_calls.some((call) => call.name === SPEAKING_TOOL);
  return speaks ? [...reasoning, ...calls, ...text] : [...reasoning, ...text, ...calls];
}

/** What a person should know of a run that did not end well; `null` when it did or still runs. */
export type RunTrouble = {
  readonly kind: 'failed' | 'interrupted' | 'cancelled' | 'maxSteps' | 'loop';
  readonly message: string | null;
};

/** Why a run needs a row of its own under its turn. */
export function troubleOf(run: Run): RunTrouble | null {
  const message = run.error?.message ?? null;
  if (run.state === 'failed') {
    return { kind: run.stop_reason === 'invalid_tool_call' ? 'loop' : 'failed', message };
  }
  if (run.state === 'interrupted') return { kind: 'interrupted', message };
  if (run.state === 'cancelled') return { kind: 'cancelled', message: null };
  return run.stop_reason === 'max_steps' ? { kind: 'maxSteps', message: null } : null;
}
