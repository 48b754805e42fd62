import { randomUUID } from 'node:crypto';
import type { ModelEvent, ModelResponse, ModelToolCall } from './model.ts';

/** What a stream adds up to; `finish_reason` is `null` when the stream never gave one. */
export type Accumulated = Omit<ModelResponse, 'finish_reason' | 'raw_request' | 'raw_response'> & {
  readonly finish_reason: ModelResponse['finish_reason'] | null;
};

/** Adds up the chunks of a stream, telling each new piece as it comes. */
export type Accumulator = {
  /** Takes a chunk of any shape; what it does not know it leaves. */
  readonly push: (chunk: unknown) => void;
  readonly started: () => boolean;
  readonly finish: () => Accumulated;
};

type Slot = { readonly index: number | null; id: string; name: string; arguments: string };
type Fields = Readonly<Record<string, unknown>>;

/** Makes an accumulator for one answer. */
export function createAccumulator(onEvent: (event: ModelEvent) => void): Accumulator {
  const slots: Slot[] = [];
  let text = '';
  let reasoning = '';
  let reason: string | null = null;
  let usage: Fields = {};
  const takeDelta = (delta: Fields): void => {
    const thought = textIn(delta['reasoning_content'] ?? delta['reasoning']);
    if (thought !== '') {
      reasoning += thought;
      onEvent({ type: 'reasoning', delta: thought });
    }
    const said = textIn(delta['content'] ?? delta['refusal']);
    if (said !== '') {
      text += said;
      onEvent({ type: 'text', delta: said });
    }
    for (const piece of callPieces(delta)) takePiece(slots, piece, onEvent);
  };
  return {
    push: (chunk) => {
      const fields = fieldsOf(chunk);
      if (Object.keys(fieldsOf(fields['usage'])).length > 0) usage = fieldsOf(fields['usage']);
      const choices = fields['choices'];
      const choice = fieldsOf(Array.isArray(choices) ? choices[0] : null);
      takeDelta(fieldsOf(choice['delta'] ?? choice['message']));
      if (typeof choice['finish_reason'] === 'string' && choice['finish_reason'] !== '')
        reason = choice['finish_reason'];
    },
    started: () => text !== '' || reasoning !== '' || slots.length > 0,
    finish: () => ({
      text,
      reasoning,
      tool_calls: namedCalls(slots),
      finish_reason: reason === null ? null : finishReason(reason, slots.length > 0),
      usage: readUsage(usage),
    }),
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Text, or the text parts of a list of parts. */
function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.map((part) => textIn(fieldsOf(part)['text'])).join('');
}

function callPieces(delta: Fields): readonly Fields[] {
  const pieces = delta['tool_calls'];
  if (Array.isArray(pieces)) return pieces.map(fieldsOf);
  return delta['function_call'] === undefined ? [] : [{ index: 0, function: delta['function_call'] }];
}

function takePiece(slots: Slot[], piece: Fields, onEvent: (event: ModelEvent) => void): void {
  const called = fieldsOf(piece['function']);
  const name = textIn(called['name']);
  const slot = slotFor(slots, piece, name);
  const first = slot.name === '';
  if (first) slot.name = name;
  const sent = called['arguments'];
  // Some servers send arguments as an object instead of text.
  const delta = typeof sent === 'object' && sent !== null ? JSON.stringify(sent) : textIn(sent);
  slot.arguments += delta;
  if ((first && name !== '') || delta !== '') {
    onEvent({ type: 'tool_call', index: slots.indexOf(slot), name: first ? name : '', delta });
  }
}

/**
 * The call a piece belongs to: by index, unless its id is another one (Ollama numbered every call 0); without index by
 * id; without either, a name opens a call and the rest goes to the last.
 */
function slotFor(slots: Slot[], piece: Fields, name: string): Slot {
  const index = typeof piece['index'] === 'number' ? piece['index'] : null;
  const id = textIn(piece['id']);
  const found =
    index !== null
      ? slots.findLast((slot) => slot.index === index && (id === '' || slot.id === '' || slot.id === id))
      : id !== ''
        ? slots.find((slot) => slot.id === id)
        : name !== '' && slots.at(-1)?.name !== ''
          ? undefined
          : slots.at(-1);
  if (found !== undefined) {
    if (found.id === '') found.id = id;
    return found;
  }
  const slot: Slot = { index, id, name: '', arguments: '' };
  slots.push(slot);
  return slot;
}

/** Every call gets a name and an id of its own: without them its result could not be told apart. */
function namedCalls(slots: readonly Slot[]): ModelToolCall[] {
  const seen = new Set<string>();
  return slots.map((slot) => {
    const id = slot.id === '' || seen.has(slot.id) ? `call_${randomUUID().replaceAll('-', '')}` : slot.id;
    seen.add(id);
    return { id, name: slot.name === '' ? 'unnamed_tool' : slot.name, arguments: slot.arguments };
  });
}

function finishReason(reason: string, has_calls: boolean): ModelResponse['finish_reason'] {
  if (/length|max_tokens|max_output/iu.test(reason)) return 'length';
  if (/content_filter|safety|refusal|recitation|blocked/iu.test(reason)) return 'content_filter';
  return has_calls ? 'tool_calls' : 'stop';
}

function readUsage(usage: Fields): Accumulated['usage'] {
  const prompt_tokens = count(usage['prompt_tokens']);
  const completion_tokens = count(usage['completion_tokens']);
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: count(usage['total_tokens']) || prompt_tokens + completion_tokens,
    cached_input_tokens: count(
      fieldsOf(usage['prompt_tokens_details'])['cached_tokens'] ?? usage['prompt_cache_hit_tokens'],
    ),
    reasoning_tokens: count(fieldsOf(usage['completion_tokens_details'])['reasoning_tokens']),
  };
}

/** Beyond this a count of tokens is a mistake, and the sum of a few would be no number that can be kept. */
export const MOST_TOKENS = 1_000_000_000;

function count(value: unknown): number {
  const is_count = typeof value === 'number' && value > 0 && value <= MOST_TOKENS;
  return is_count ? Math.round(value) : 0;
}
