import { contentParts, spokenText, toolStatus } from './message-text.ts';
import type { V2Agent, V2Message } from './versions/v2.ts';

/** What a stored message remembers of the file it came from, in `foreign_fields.agent_file`. */
export type MessageOrigin =
  /** Came as a message of its own. `original` is it without content and calls; `hidden`: in context there, not here. */
  | {
      readonly kind: 'message';
      readonly original: Readonly<Record<string, unknown>>;
      readonly hidden: boolean;
    }
  /** One more result of the tool message before it. */
  | { readonly kind: 'part' }
  /** Made here to close a call that had no result. */
  | { readonly kind: 'repair' };

/** A message on its way into the store. */
export type HistoryMessage = {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'summary';
  readonly name: string | null;
  readonly content: readonly unknown[];
  readonly text: string;
  readonly tool_calls: readonly {
    readonly tool_call_id: string;
    readonly name: string;
    readonly arguments: string;
  }[];
  readonly tool_call_id: string | null;
  readonly tool_status: 'success' | 'error' | null;
  readonly model: string | null;
  readonly created_at: string | null;
  readonly foreign_id: string | null;
  origin: MessageOrigin;
};

/** History and window of an agent of a file, and what had to be repaired, in sentences. */
export type History = {
  readonly system_message: V2Message | null;
  readonly messages: readonly HistoryMessage[];
  readonly window: readonly HistoryMessage[];
  readonly repairs: readonly string[];
};

/** What the model is told about a call whose result is not in the file. */
export const OUTCOME_UNKNOWN = 'Outcome unknown: the imported file holds no result of this call.';

/** Turns the messages of a file into history and window; every call in the window has its one result behind it. */
export function buildHistory(agent: V2Agent): History {
  const in_context = agent.in_context_message_ids ?? [];
  const first = agent.messages.find((message) => message.id === in_context[0]) ?? agent.messages[0];
  const system_message = first?.role === 'system' ? first : null;
  const kept = agent.messages.filter((message) => message !== system_message);
  const byId = new Map(kept.map((message) => [message.id, convert(message)]));
  const results = Map.groupBy(
    [...byId.values()].flat().filter((message) => message.role === 'tool'),
    (message) => message.tool_call_id ?? '',
  );
  const messages: HistoryMessage[] = [];
  let unanswered = 0;
  for (const message of [...byId.values()].flat()) {
    messages.push(message);
    for (const call of message.tool_calls) {
      if (results.has(call.tool_call_id)) continue;
      const closing = repair(message, call);
      results.set(call.tool_call_id, [closing]);
      messages.push(closing);
      unanswered += 1;
    }
  }
  const { window, left } = buildWindow(
    in_context.flatMap((id) => byId.get(id) ?? []),
    results,
  );
  return { system_message, messages, window, repairs: describe(agent, unanswered, left) };
}

function buildWindow(
  wanted: readonly HistoryMessage[],
  results: ReadonlyMap<string, readonly HistoryMessage[]>,
): { window: HistoryMessage[]; left: number } {
  const window: HistoryMessage[] = [];
  const placed = new Set<HistoryMessage>();
  for (const message of wanted) {
    if (message.role === 'tool' || isApprovalAnswer(message) || placed.has(message)) continue;
    window.push(message);
    placed.add(message);
    for (const call of message.tool_calls) {
      const result = results.get(call.tool_call_id)?.find((candidate) => !placed.has(candidate));
      if (result === undefined) continue;
      window.push(result);
      placed.add(result);
    }
  }
  let left = 0;
  for (const message of wanted) {
    if (placed.has(message) || message.origin.kind !== 'message') continue;
    message.origin = { ...message.origin, hidden: true };
    if (message.role === 'tool') left += 1;
  }
  return { window, left };
}

function isApprovalAnswer(message: HistoryMessage): boolean {
  return (
    message.origin.kind === 'message' &&
    message.origin.original['role'] === 'approval' &&
    message.role === 'system'
  );
}

function describe(agent: V2Agent, unanswered: number, left: number): string[] {
  const name = agent.name ?? agent.id;
  const told: string[] = [];
  if (unanswered > 0) {
    told.push(
      `${name}: ${unanswered} tool ${plural(unanswered, 'call has', 'calls have')} no result; marked as unknown.`,
    );
  }
  if (left > 0) {
    told.push(
      `${name}: ${left} tool ${plural(left, 'result has', 'results have')} no call; kept in the history, not shown to the model.`,
    );
  }
  return told;
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

function originalOf(message: V2Message): Record<string, unknown> {
  const { content, tool_calls, ...original } = message;
  if (typeof content === 'string') original['content_is_text'] = true;
  if (content === null || content === undefined) original['content_absent'] = null;
  if (tool_calls === null || tool_calls === undefined) original['calls_absent'] = true;
  return original;
}

function convert(message: V2Message): HistoryMessage[] {
  const original = originalOf(message);
  const calls = message.tool_calls ?? [];
  const base: HistoryMessage = {
    role: roleOf(message),
    name: message.name ?? null,
    content: contentParts(message),
    text: message.role === 'approval' && calls.length === 0 ? approvalText(message) : spokenText(message),
    tool_calls: calls.map((call) => ({
      tool_call_id: call.id,
      name: call.function.name,
      arguments: call.function.arguments,
    })),
    tool_call_id: null,
    tool_status: null,
    model: message.model ?? null,
    created_at: message.created_at ?? null,
    foreign_id: message.id,
    origin: { kind: 'message', original, hidden: false },
  };
  return base.role === 'tool' ? splitResults(message, base) : [base];
}

// One stored result answers one call; a file may hold the results of parallel calls in one message.
function splitResults(message: V2Message, base: HistoryMessage): HistoryMessage[] {
  const returns = message.tool_returns ?? [];
  const first = {
    ...base,
    tool_calls: [],
    tool_call_id: message.tool_call_id ?? returns[0]?.tool_call_id ?? null,
  };
  if (returns.length <= 1) return [{ ...first, tool_status: toolStatus(message, 0) }];
  return returns.map((one, index): HistoryMessage => {
    const said =
      typeof one.func_response === 'string' ? one.func_response : JSON.stringify(one.func_response ?? '');
    return {
      ...first,
      content: index === 0 ? first.content : [{ type: 'text', text: said }],
      text: said,
      tool_call_id: one.tool_call_id ?? first.tool_call_id,
      tool_status: toolStatus(message, index),
      foreign_id: index === 0 ? first.foreign_id : null,
      origin: index === 0 ? first.origin : { kind: 'part' },
    };
  });
}

function repair(message: HistoryMessage, call: HistoryMessage['tool_calls'][number]): HistoryMessage {
  return {
    role: 'tool',
    name: call.name,
    content: [{ type: 'text', text: OUTCOME_UNKNOWN }],
    text: OUTCOME_UNKNOWN,
    tool_calls: [],
    tool_call_id: call.tool_call_id,
    tool_status: 'error',
    model: null,
    created_at: message.created_at,
    foreign_id: null,
    origin: { kind: 'repair' },
  };
}

function roleOf(message: V2Message): HistoryMessage['role'] {
  if (message.role === 'function') return 'tool';
  if (message.role !== 'approval') return message.role;
  return message.tool_calls?.length ? 'assistant' : 'system';
}

function approvalText(message: V2Message): string {
  const reason = typeof message['denial_reason'] === 'string' ? `: ${message['denial_reason']}` : '';
  return message['approve'] === false ? `Tool call denied${reason}` : 'Tool call answered by the user.';
}
