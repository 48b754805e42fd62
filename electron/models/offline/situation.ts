import type { ChatMessage, ModelRequest, ModelToolCall } from '../model.ts';
import { type MemoryBlock, parseBlocks } from './memory-text.ts';

/** A tool call of this turn and what became of it. */
export type Outcome = {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly ok: boolean;
  /** The tool's own words. */
  readonly message: string;
};

/** All the offline model knows: what one request tells it. */
export type Situation = {
  /** What the person said last, in their own words; empty when no one has spoken. */
  readonly said: string;
  /** Memory as it was when the turn began. */
  readonly blocks: readonly MemoryBlock[];
  readonly tools: ReadonlySet<string>;
  /** Calls already made in this turn, in order. */
  readonly outcomes: readonly Outcome[];
  /** Whether the person was asked for their name just before. */
  readonly asked_name: boolean;
  /** Lines of the last thing that was kept in an earlier turn, in a block or in the archive. */
  readonly last_kept: readonly string[];
  /** All the agent said earlier, so that it need not repeat its hints. */
  readonly told: string;
  /** How many times the person has spoken in this window. */
  readonly turn: number;
};

/** Reads a request as a model would: memory from the system prompt, the last thing said, the results since. */
export function readSituation(request: ModelRequest): Situation {
  const system = request.messages.filter((message) => message.role === 'system').map((m) => m.content);
  const spoken = request.messages.map((message) =>
    message.role === 'user' ? personSaid(message.content) : '',
  );
  const last = spoken.findLastIndex((text) => text !== '');
  const prompt = system.join('\n');
  const history = last === -1 ? [] : request.messages.slice(0, last);
  return {
    said: spoken[last] ?? '',
    blocks: replayEdits(parseBlocks(prompt), history, snapshotTime(prompt)),
    tools: new Set(request.tools.map((tool) => tool.name)),
    outcomes: outcomesOf(last === -1 ? [] : request.messages.slice(last + 1)).map(({ outcome }) => outcome),
    asked_name: askedName(history),
    last_kept: lastKept(history),
    told: history.map(toldBy).join('\n'),
    turn: spoken.filter((text) => text !== '').length,
  };
}

/** Whether the last thing the agent said asks for a name, in its own words or through a call. */
function askedName(history: readonly ChatMessage[]): boolean {
  const last = history.findLast((message) => message.role === 'assistant');
  return last !== undefined && ASKS_NAME.test(toldBy(last));
}

function toldBy(message: ChatMessage): string {
  if (message.role !== 'assistant') return '';
  const calls = (message.tool_calls ?? []).filter((call) => call.name === 'send_message');
  return [
    message.content ?? '',
    ...calls.map((call) => textOf(parseObject(call.arguments)?.['message'])),
  ].join('\n');
}

const KEEPS = /^(?:(?:core_)?memory_(?:insert|append|replace)|archival_memory_insert)$/u;

function lastKept(history: readonly ChatMessage[]): string[] {
  const kept = outcomesOf(history).findLast(
    ({ outcome }) => outcome.ok && KEEPS.test(outcome.name) && !outcome.message.includes(PROPOSED),
  );
  if (kept === undefined) return [];
  const { new_string, content, new_content } = kept.outcome.arguments;
  return textOf(new_string ?? content ?? new_content)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const ASKS_NAME = /what shall I call you\?/iu;

/** A tagged note of the runtime (a memory change, the clock), which is not the person speaking. */
const NOTE =
  /^\s*<([a-z]+[_-][a-z_-]+)(?:\s[^>]*)?>[\s\S]*?<\/\1>\s*|\s*<([a-z]+[_-][a-z_-]+)(?:\s[^>]*)?>[\s\S]*?<\/\2>\s*$/u;

function personSaid(content: string): string {
  let text = unwrapJson(content);
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(NOTE, '');
  }
  return text.trim();
}

/** Letta's older agents wrap what was said: `{"type": "user_message", "message": ..., "time": ...}`. */
function unwrapJson(content: string): string {
  if (!content.trimStart().startsWith('{')) return content;
  const parsed = parseObject(content);
  if (parsed === null || typeof parsed['type'] !== 'string') return content;
  const { type, message } = parsed;
  return type === 'user_message' && typeof message === 'string' ? message : '';
}

type Timed = { readonly outcome: Outcome; readonly time: number };

function outcomesOf(messages: readonly ChatMessage[]): Timed[] {
  const calls = new Map<string, ModelToolCall>();
  const outcomes: Timed[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') for (const call of message.tool_calls ?? []) calls.set(call.id, call);
    if (message.role !== 'tool') continue;
    const unknown = { id: message.tool_call_id, name: '', arguments: '{}' };
    outcomes.push(readOutcome(calls.get(message.tool_call_id) ?? unknown, message.content));
  }
  return outcomes;
}

function readOutcome(call: ModelToolCall, content: string): Timed {
  const parsed = parseObject(content);
  const status = parsed?.['status'];
  const message = parsed?.['message'];
  const time = parsed?.['time'];
  const ok = typeof status === 'string' ? /^(?:ok|success)$/iu.test(status) : !/^\s*error\b/iu.test(content);
  return {
    outcome: {
      name: call.name,
      arguments: parseObject(call.arguments) ?? {},
      ok,
      message:
        typeof message === 'string' ? message : message === undefined ? content : JSON.stringify(message),
    },
    time: typeof time === 'string' ? Date.parse(time) : Number.NaN,
  };
}

/** When the prompt's view of memory was taken, in milliseconds; NaN when it does not say. */
function snapshotTime(prompt: string): number {
  const match =
    /(?:last recompiled|memory (?:as of|read at)|last modified)[^:\n]*:?\s*(\d{4}-\d\d-\d\d[^\n]*)/iu.exec(
      prompt,
    );
  return Date.parse(match?.[1]?.trim() ?? '');
}

/** In the result of an edit that waits for a person. */
export const PROPOSED = 'is kept as a proposal';

/**
 * Brings the prompt's view of memory up to the present: the agent's own later edits are in the window as calls and
 * results, edits by others as notes. Each is applied only where it still fits, so applying one twice changes nothing.
 */
function replayEdits(
  snapshot: readonly MemoryBlock[],
  history: readonly ChatMessage[],
  taken_at: number,
): readonly MemoryBlock[] {
  const values = new Map(snapshot.map((block) => [block.label, block.value]));
  const timed = outcomesOf(history);
  for (const message of history) {
    if (message.role === 'tool') {
      const result = timed.shift();
      const is_edit = result?.outcome.ok === true && !result.outcome.message.includes(PROPOSED);
      if (is_edit && !(result.time < taken_at)) applyEdit(values, result.outcome);
    } else if (message.role === 'user') {
      for (const block of parseBlocks(message.content)) values.set(block.label, block.value);
    }
  }
  return snapshot.map((block) => ({ ...block, value: values.get(block.label) ?? block.value }));
}

function applyEdit(values: Map<string, string>, { name, arguments: given }: Outcome): void {
  const label = textOf(given['label']);
  const value = values.get(label);
  if (value === undefined) return;
  const new_text = textOf(given['new_string'] ?? given['content'] ?? given['new_content']);
  const old_text = textOf(given['old_string'] ?? given['old_content']);
  if (/^(?:memory_insert|core_memory_append)$/u.test(name) && !hasLines(value, new_text)) {
    values.set(label, value === '' ? new_text : `${value}\n${new_text}`);
  }
  if (/^(?:core_)?memory_replace$/u.test(name) && old_text !== '') {
    // Only a text that grew can be found again in its own result.
    const isDone = new_text.includes(old_text) && value.includes(new_text);
    if (!isDone) values.set(label, value.split(old_text).join(new_text));
  }
}

/** Whole lines count: `Name: Pete` is not in `Name: Peter`. */
function hasLines(value: string, new_text: string): boolean {
  const text = new_text.trim();
  return text !== '' && `\n${value}\n`.includes(`\n${text}\n`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Parses a JSON object; `null` for anything else. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
    return parsed as Record<string, unknown>;
  } catch {
    // Not JSON is an answer, not a failure: the caller then takes the text as it is.
    return null;
  }
}
