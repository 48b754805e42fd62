import { createHash } from 'node:crypto';
import type { ChatMessage, ModelToolCall } from '../models/model.ts';
import type { WindowMessage } from '../store/window-messages.ts';

/** Something a provider would have refused, and what was done about it. */
export type Repair = {
  readonly kind:
    | 'missing_message'
    | 'missing_result'
    | 'orphan_result'
    | 'duplicate_id'
    | 'moved_result'
    | 'unreadable_arguments'
    | 'odd_name'
    | 'odd_id';
  /** Message or call it concerns. */
  readonly ref: string;
};

/** Result told to a model for a call whose result is not in the window. */
export const LOST_RESULT = 'No result was recorded for this call; its outcome is unknown.';

/** Goes where else two messages of the assistant would meet, or a request would end with one. */
export const CONTINUE = {
  role: 'user',
  content: '<system_note>\nGo on from where you stopped.\n</system_note>',
} as const;

/** One thing to show the model: a message of the history, or text of the runtime that people did not say. */
export type Shown =
  | { readonly kind: 'message'; readonly message: WindowMessage }
  | { readonly kind: 'note'; readonly text: string };

/** How the words of a message are put. */
export type Wording = {
  readonly user: (message: WindowMessage) => string;
  readonly assistant: (message: WindowMessage) => string | null;
  readonly result: (message: WindowMessage) => string;
};

/**
 * Turns what is in the window into messages a strict provider takes: every call has one result, right after it and in
 * order; ids are unique; results without a call are left out; the assistant never speaks twice in a row, as after an
 * answer that was cut and gone on with. What was mended is said in `repairs`.
 */
export function pairMessages(
  shown: readonly Shown[],
  wording: Wording,
): { messages: ChatMessage[]; repairs: Repair[] } {
  const repairs: Repair[] = [];
  const messages: ChatMessage[] = [];
  const used_ids = new Set<string>();
  const used_results = new Set<WindowMessage>();
  for (const [index, item] of shown.entries()) {
    if (item.kind === 'note') {
      messages.push({ role: 'user', content: item.text });
      continue;
    }
    const { message } = item;
    if (message.role === 'tool') {
      if (!used_results.has(message)) repairs.push({ kind: 'orphan_result', ref: message.id });
    } else if (message.role === 'assistant') {
      const said = pairAssistant({ message, index, shown, wording, used_ids, used_results, repairs });
      // The request for the second one ended so, and must begin the same now.
      if (said.length > 0 && messages.at(-1)?.role === 'assistant') messages.push(CONTINUE);
      messages.push(...said);
    } else {
      messages.push({ role: 'user', content: wording.user(message) });
    }
  }
  return { messages, repairs };
}

type Pairing = {
  readonly message: WindowMessage;
  readonly index: number;
  readonly shown: readonly Shown[];
  readonly wording: Wording;
  readonly used_ids: Set<string>;
  readonly used_results: Set<WindowMessage>;
  readonly repairs: Repair[];
};

function pairAssistant(pairing: Pairing): ChatMessage[] {
  const { message, wording, repairs } = pairing;
  const content = wording.assistant(message);
  if (message.tool_calls.length === 0) return content === null ? [] : [{ role: 'assistant', content }];
  const tool_calls: ModelToolCall[] = [];
  const results: ChatMessage[] = [];
  for (const [ord, call] of message.tool_calls.entries()) {
    const id = freeId(call.tool_call_id, pairing);
    const plain = plainCall(call);
    for (const kind of plain.mended) repairs.push({ kind, ref: id });
    tool_calls.push({ id, name: plain.name, arguments: plain.arguments });
    const result = findResult(call.tool_call_id, ord, pairing);
    results.push({
      role: 'tool',
      tool_call_id: id,
      content: result === null ? LOST_RESULT : wording.result(result),
    });
  }
  return [{ role: 'assistant', content, tool_calls }, ...results];
}

// Providers refuse the whole request over one past call that breaks their rules for names and ids.
const MAX_NAME = 64;
const MAX_ID = 40;

/** A call as any provider takes it, and what that took. */
type PlainCall = {
  readonly name: string;
  readonly arguments: string;
  readonly mended: readonly Repair['kind'][];
};

type MadeCall = WindowMessage['tool_calls'][number];

// A call stays in the window for many requests; its arguments need to be read for the first one only.
const plain_calls = new WeakMap<MadeCall, PlainCall>();

function plainCall(call: MadeCall): PlainCall {
  const known = plain_calls.get(call);
  if (known !== undefined) return known;
  const name = call.name.replaceAll(/[^\w-]/gu, '_').slice(0, MAX_NAME) || 'unnamed';
  const mended: Repair['kind'][] = name === call.name ? [] : ['odd_name'];
  // Some providers parse the arguments of past calls and refuse the whole request when one is not an object.
  const readable = isObject(call.arguments);
  if (!readable) mended.push('unreadable_arguments');
  const plain = {
    name,
    arguments: readable ? call.arguments : JSON.stringify({ unreadable: call.arguments }),
    mended,
  };
  plain_calls.set(call, plain);
  return plain;
}

function freeId(given: string, { used_ids, repairs }: Pairing): string {
  const wanted = plainId(given);
  if (wanted !== given) repairs.push({ kind: 'odd_id', ref: given });
  let id = wanted;
  for (let copy = 2; used_ids.has(id); copy += 1) id = `${wanted.slice(0, MAX_ID - 4)}-${copy}`;
  if (id !== wanted) repairs.push({ kind: 'duplicate_id', ref: given });
  used_ids.add(id);
  return id;
}

function plainId(given: string): string {
  if (given.length <= MAX_ID && /^[\w.:-]+$/u.test(given)) return given;
  return given === '' ? 'call' : `call_${createHash('sha256').update(given).digest('hex').slice(0, 24)}`;
}

function findResult(tool_call_id: string, ord: number, pairing: Pairing): WindowMessage | null {
  const { shown, index, used_results, repairs } = pairing;
  for (let position = index + 1; position < shown.length; position += 1) {
    const item = shown[position];
    if (item?.kind !== 'message' || item.message.role !== 'tool') continue;
    if (item.message.tool_call_id !== tool_call_id || used_results.has(item.message)) continue;
    used_results.add(item.message);
    if (position !== index + 1 + ord) repairs.push({ kind: 'moved_result', ref: tool_call_id });
    return item.message;
  }
  repairs.push({ kind: 'missing_result', ref: tool_call_id });
  return null;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    // Not JSON is the answer here, not a failure.
    return false;
  }
}
