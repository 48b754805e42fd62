import type { Pause } from '../store/pause.ts';
import type { HistoryMessage } from './history-message.ts';
import { contentParts, spokenText, toolStatus } from './message-text.ts';
import { pairHistory } from './pair.ts';
import type { V2Agent, V2Message } from './versions/v2.ts';

/** History and window of an agent of a file, and what had to be repaired, in sentences. */
export type History = {
  readonly system_message: V2Message | null;
  readonly messages: readonly HistoryMessage[];
  readonly window: readonly HistoryMessage[];
  readonly repairs: readonly string[];
};

/** Turns the messages of a file into history and window; every call in the window has its one result behind it. */
export async function buildHistory(agent: V2Agent, pause: Pause): Promise<History> {
  const in_context = agent.in_context_message_ids ?? [];
  const first = agent.messages.find((message) => message.id === in_context[0]) ?? agent.messages[0];
  const system_message = first?.role === 'system' ? first : null;
  const kept = agent.messages.filter((message) => message !== system_message);
  const byId = new Map<string, HistoryMessage[]>();
  for (const message of kept) {
    await pause();
    byId.set(message.id, convert(message));
  }
  const { messages, answers, unanswered } = pairHistory([...byId.values()].flat());
  const { window, left } = buildWindow(
    in_context.flatMap((id) => byId.get(id) ?? []),
    answers,
  );
  return { system_message, messages, window, repairs: describe(agent, unanswered, left) };
}

function buildWindow(
  wanted: readonly HistoryMessage[],
  answers: ReadonlyMap<HistoryMessage, readonly HistoryMessage[]>,
): { window: HistoryMessage[]; left: number } {
  const placed = new Set<HistoryMessage>();
  for (const message of wanted) {
    if (message.role === 'tool' || isApprovalAnswer(message) || placed.has(message)) continue;
    placed.add(message);
    for (const result of answers.get(message) ?? []) placed.add(result);
  }
  let left = 0;
  for (const message of wanted) {
    if (placed.has(message) || message.origin.kind !== 'message') continue;
    message.origin = { ...message.origin, hidden: true };
    if (message.role === 'tool') left += 1;
  }
  return { window: [...placed], left };
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
  else if (roleOf(message) !== 'assistant' || !hasPlainCalls(tool_calls))
    original['calls_as_came'] = tool_calls;
  return original;
}

// Calls as every exporter makes them can be made anew; others are kept word for word.
function hasPlainCalls(calls: NonNullable<V2Message['tool_calls']>): boolean {
  return calls.every(
    (call) =>
      call['type'] === 'function' &&
      Object.keys(call).length === 3 &&
      Object.keys(call.function).length === 2 &&
      call.id !== '',
  );
}

function convert(message: V2Message): HistoryMessage[] {
  const original = originalOf(message);
  const role = roleOf(message);
  const calls = role === 'assistant' ? (message.tool_calls ?? []) : [];
  const base: HistoryMessage = {
    role,
    name: message.name ?? null,
    content: contentParts(message),
    text: message.role === 'approval' && role === 'system' ? approvalText(message) : spokenText(message),
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

function roleOf(message: V2Message): HistoryMessage['role'] {
  if (message.role === 'function') return 'tool';
  if (message.role !== 'approval') return message.role;
  return message.tool_calls?.length ? 'assistant' : 'system';
}

function approvalText(message: V2Message): string {
  const reason = typeof message['denial_reason'] === 'string' ? `: ${message['denial_reason']}` : '';
  return message['approve'] === false ? `Tool call denied${reason}` : 'Tool call answered by the user.';
}
