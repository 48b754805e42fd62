import { createHash } from 'node:crypto';
import { thinkingOf } from './claude-family.ts';
import type { ChatMessage, ModelRequest, ModelToolCall, ToolSchema } from './model.ts';
import type { AnswerBlock, Thoughts } from './thoughts.ts';

type Block = Readonly<Record<string, unknown>> & { readonly type: string };
type Turn = { readonly role: 'user' | 'assistant'; readonly content: readonly Block[] };

/** The JSON body of a request to the Messages API, as it goes over the wire. */
export type AnthropicBody = {
  readonly model: string;
  readonly max_tokens: number;
  readonly system?: readonly Block[];
  readonly messages: readonly Turn[];
  readonly tools?: readonly Record<string, unknown>[];
  readonly tool_choice?: Readonly<Record<string, unknown>>;
  readonly thinking?: Readonly<Record<string, unknown>>;
  readonly output_config?: Readonly<Record<string, unknown>>;
  readonly temperature?: number;
  readonly stream: true;
};

// Marks where the provider may take up what it has read before: after the tools, the system prompt and the last message.
const CACHED = { cache_control: { type: 'ephemeral' } } as const;

/**
 * Writes a request in the form of the Messages API. Tools, system prompt and talk so far are marked for the provider's
 * cache. Answers of the turn at work go back as they came, thoughts included. Equal requests give equal key order.
 */
export function anthropicBody(request: ModelRequest, thoughts: Thoughts): AnthropicBody {
  const turns = turnsOf(request.messages, thoughts);
  const { thinking, output_config, max_tokens, temperature } = thinkingOf(request, turns.is_whole);
  const system = request.messages
    .flatMap((message) => (message.role === 'system' ? [message.content] : []))
    .join('\n\n');
  return {
    model: request.model,
    max_tokens,
    ...(system.trim() === '' ? {} : { system: [{ type: 'text', text: system, ...CACHED }] }),
    messages: markLast(turns.turns),
    ...toolFields(request),
    ...(thinking === null ? {} : { thinking }),
    ...(output_config === null ? {} : { output_config }),
    ...(temperature === null ? {} : { temperature }),
    stream: true,
  };
}

function toolFields(request: ModelRequest): Pick<AnthropicBody, 'tools' | 'tool_choice'> {
  const tools = request.tools.length > 0 ? request.tools : toolsSpokenOf(request.messages);
  if (tools.length === 0) return {};
  const wire = tools.map(({ name, description, parameters }, index) => ({
    name,
    description,
    input_schema: parameters,
    ...(index === tools.length - 1 ? CACHED : {}),
  }));
  return { tools: wire, tool_choice: toolChoice(request) };
}

/** A talk that holds calls is refused without tools, though none may be called any more. */
function toolsSpokenOf(messages: readonly ChatMessage[]): ToolSchema[] {
  const names = messages.flatMap((message) =>
    message.role === 'assistant' ? (message.tool_calls ?? []).map(({ name }) => name) : [],
  );
  return [...new Set(names)].map((name) => ({ name, description: '', parameters: { type: 'object' } }));
}

function toolChoice({ tool_choice, tools, parallel_tool_calls }: ModelRequest): Record<string, unknown> {
  if (tool_choice === 'none' || tools.length === 0) return { type: 'none' };
  return {
    type: tool_choice === 'required' ? 'any' : 'auto',
    ...(parallel_tool_calls ? {} : { disable_parallel_tool_use: true }),
  };
}

type Turns = {
  readonly turns: readonly Turn[];
  /** Whether every answer of the turn at work could be given back with its thoughts. */
  readonly is_whole: boolean;
};

function turnsOf(messages: readonly ChatMessage[], thoughts: Thoughts): Turns {
  const talk = messages.filter((message) => message.role !== 'system');
  const begin = talk.findLastIndex(
    (message, index) => message.role === 'user' && talk[index - 1]?.role !== 'tool',
  );
  const turns: Turn[] = talk[0]?.role === 'assistant' ? [{ role: 'user', content: [text(EARLIER)] }] : [];
  let is_whole = true;
  for (const [index, message] of talk.entries()) {
    const call_ids = index > begin ? callIds(message) : [];
    const kept = call_ids.length === 0 ? null : thoughts.find(call_ids);
    is_whole &&= call_ids.length === 0 || kept !== null;
    add(turns, message.role === 'assistant' ? 'assistant' : 'user', kept ?? blocksOf(message));
  }
  return { turns, is_whole };
}

function callIds(message: ChatMessage): string[] {
  return message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [];
}

const EARLIER = '<system_note>\nThe talk goes on from earlier.\n</system_note>';

/** Roles must take turns, so neighbours of one role become one. */
function add(turns: Turn[], role: Turn['role'], content: readonly Block[]): void {
  if (content.length === 0) return;
  const last = turns.at(-1);
  if (last?.role === role) turns[turns.length - 1] = { role, content: [...last.content, ...content] };
  else turns.push({ role, content });
}

function blocksOf(message: ChatMessage): readonly Block[] {
  if (message.role === 'tool') {
    const { content, tool_call_id } = message;
    return [
      {
        type: 'tool_result',
        tool_use_id: plainId(tool_call_id),
        ...(content.trim() === '' ? {} : { content }),
      },
    ];
  }
  if (message.role !== 'assistant') return [text(message.content)];
  const said = (message.content ?? '').trimEnd();
  return [...(said === '' ? [] : [text(said)]), ...(message.tool_calls ?? []).map(callBlock)];
}

/** A text of blanks alone is refused. */
function text(words: string): Block {
  return { type: 'text', text: words.trim() === '' ? '(nothing)' : words };
}

function callBlock({ id, name, arguments: words }: ModelToolCall): Block {
  return { type: 'tool_use', id: plainId(id), name, input: readInput(words) };
}

/** Ids of other providers hold signs that are refused here; a call and its result stay together. */
function plainId(id: string): string {
  if (/^[\w-]+$/u.test(id)) return id;
  return `call_${createHash('sha256').update(id).digest('hex').slice(0, 24)}`;
}

/** The arguments of a call as the object the provider wants; empty when they can't be read as one. */
export function readInput(words: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(words === '' ? '{}' : words, wholeText);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    // The model's own mistake; its result message tells it so.
    return {};
  }
}

/** Half a character, which JSON can write, is refused with all the rest. */
function wholeText(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function markLast(turns: readonly Turn[]): Turn[] {
  const last = turns.at(-1);
  const block = last?.content.at(-1);
  if (last === undefined || block === undefined || isThought(block)) return [...turns];
  return [
    ...turns.slice(0, -1),
    { role: last.role, content: [...last.content.slice(0, -1), { ...block, ...CACHED }] },
  ];
}

function isThought({ type }: AnswerBlock): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}
