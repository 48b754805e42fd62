import type { HistoryMessage } from './history-message.ts';

/** A history in which every call has one result and an id of its own. */
export type PairedHistory = {
  readonly messages: readonly HistoryMessage[];
  /** The results of a message's calls, in the order of the calls. */
  readonly answers: ReadonlyMap<HistoryMessage, readonly HistoryMessage[]>;
  /** Calls whose result was not in the file. */
  readonly unanswered: number;
};

/** What the model is told about a call whose result is not in the file. */
export const OUTCOME_UNKNOWN = 'Outcome unknown: the imported file holds no result of this call.';

/**
 * Gives each call the first result of its id that no other call has; one without gets a result that says so, right
 * behind it. An id used twice gets a number, here and in its result: some servers count from `call_0` in every answer.
 */
export function pairHistory(came: readonly HistoryMessage[]): PairedHistory {
  const results = Map.groupBy(
    came.filter((message) => message.role === 'tool'),
    (message) => message.tool_call_id ?? '',
  );
  const taken = new Set<string>();
  const messages: HistoryMessage[] = [];
  const answers = new Map<HistoryMessage, HistoryMessage[]>();
  let unanswered = 0;
  for (const message of came) {
    messages.push(message);
    if (message.tool_calls.length === 0) continue;
    const own: HistoryMessage[] = [];
    const calls = message.tool_calls.map((call) => {
      const tool_call_id = freeId(call.tool_call_id, taken);
      const found = results.get(call.tool_call_id)?.shift();
      if (found === undefined) unanswered += 1;
      const result = found ?? repair(message, call.name);
      result.tool_call_id = tool_call_id;
      if (found === undefined) messages.push(result);
      own.push(result);
      return { ...call, tool_call_id };
    });
    if (calls.some((call, index) => call.tool_call_id !== message.tool_calls[index]?.tool_call_id)) {
      keepCallsAsCame(message);
    }
    message.tool_calls = calls;
    answers.set(message, own);
  }
  return { messages, answers, unanswered };
}

function freeId(wanted: string, taken: Set<string>): string {
  const base = wanted === '' ? 'call' : wanted;
  let id = base;
  for (let copy = 2; taken.has(id); copy += 1) id = `${base}-${copy}`;
  taken.add(id);
  return id;
}

// They go back out under the ids they came with.
function keepCallsAsCame(message: HistoryMessage): void {
  if (message.origin.kind !== 'message' || 'calls_as_came' in message.origin.original) return;
  const calls_as_came = message.tool_calls.map((call) => ({
    id: call.tool_call_id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  message.origin = { ...message.origin, original: { ...message.origin.original, calls_as_came } };
}

function repair(message: HistoryMessage, name: string): HistoryMessage {
  return {
    role: 'tool',
    name,
    content: [{ type: 'text', text: OUTCOME_UNKNOWN }],
    text: OUTCOME_UNKNOWN,
    tool_calls: [],
    tool_call_id: null,
    tool_status: 'error',
    model: null,
    created_at: message.created_at,
    foreign_id: null,
    origin: { kind: 'repair' },
  };
}
