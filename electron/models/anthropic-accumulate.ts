import type { Accumulated, Accumulator } from './accumulate.ts';
import { readInput } from './anthropic-body.ts';
import { fieldsOf, textOf, tokensOf } from './ask-json.ts';
import type { ModelEvent, ModelResponse } from './model.ts';
import type { AnswerBlock, Thoughts } from './thoughts.ts';

type Fields = Readonly<Record<string, unknown>>;
type Slot = {
  readonly type: string;
  readonly opened: Fields;
  text: string;
  signature: string;
};

/**
 * Adds up the events of a Messages stream. What it does not know it leaves. An answer that thinks and calls tools is
 * kept in `thoughts` when it is finished.
 */
export function createAnthropicAccumulator(
  onEvent: (event: ModelEvent) => void,
  thoughts: Thoughts,
): Accumulator {
  const slots = new Map<number, Slot>();
  let reason: string | null = null;
  let usage: Fields = {};
  const take = (event: Fields): void => {
    const index = typeof event['index'] === 'number' ? event['index'] : -1;
    switch (event['type']) {
      case 'message_start':
        usage = fieldsOf(fieldsOf(event['message'])['usage']);
        return;
      case 'content_block_start':
        slots.set(index, openSlot(fieldsOf(event['content_block'])));
        tellStart(slots, index, onEvent);
        return;
      case 'content_block_delta':
        takeDelta(slots, { index, delta: fieldsOf(event['delta']) }, onEvent);
        return;
      case 'message_delta':
        reason = textOf(fieldsOf(event['delta'])['stop_reason']) || reason;
        usage = { ...usage, ...withoutNull(fieldsOf(event['usage'])) };
        return;
      default:
    }
  };
  return {
    push: (event) => take(fieldsOf(event)),
    started: () => [...slots.values()].some(({ type, text }) => type === 'tool_use' || text !== ''),
    finish: () => {
      const answer = summed([...slots.values()], reason, usage);
      const blocks = [...slots.values()].flatMap(blockOf);
      if (answer.tool_calls.length > 0 && blocks.some(({ type }) => type.endsWith('thinking'))) {
        thoughts.keep(
          answer.tool_calls.map(({ id }) => id),
          blocks,
        );
      }
      return answer;
    },
  };
}

function openSlot(opened: Fields): Slot {
  const text = textOf(opened['text']) + textOf(opened['thinking']);
  return { type: textOf(opened['type']), opened, text, signature: textOf(opened['signature']) };
}

function callIndex(slots: ReadonlyMap<number, Slot>, index: number): number {
  return [...slots].filter(([, { type }]) => type === 'tool_use').findIndex(([key]) => key === index);
}

function tellStart(
  slots: ReadonlyMap<number, Slot>,
  index: number,
  onEvent: (event: ModelEvent) => void,
): void {
  const slot = slots.get(index);
  if (slot === undefined) return;
  if (slot.type === 'tool_use') {
    const name = textOf(slot.opened['name']);
    onEvent({ type: 'tool_call', index: callIndex(slots, index), name, delta: '' });
  } else if (slot.text !== '') {
    onEvent({ type: slot.type === 'thinking' ? 'reasoning' : 'text', delta: slot.text });
  }
}

function takeDelta(
  slots: ReadonlyMap<number, Slot>,
  { index, delta }: { readonly index: number; readonly delta: Fields },
  onEvent: (event: ModelEvent) => void,
): void {
  const slot = slots.get(index);
  if (slot === undefined) return;
  slot.signature += textOf(delta['signature']);
  const piece = textOf(delta['text']) + textOf(delta['thinking']) + textOf(delta['partial_json']);
  if (piece === '') return;
  slot.text += piece;
  if (slot.type === 'tool_use') {
    onEvent({ type: 'tool_call', index: callIndex(slots, index), name: '', delta: piece });
  } else if (slot.type === 'text' || slot.type === 'thinking') {
    onEvent({ type: slot.type === 'thinking' ? 'reasoning' : 'text', delta: piece });
  }
}

function summed(slots: readonly Slot[], reason: string | null, usage: Fields): Accumulated {
  const joined = (type: string): string =>
    slots
      .filter((slot) => slot.type === type)
      .map(({ text }) => text)
      .join('');
  const tool_calls = slots
    .filter(({ type }) => type === 'tool_use')
    .map(({ opened, text }, index) => ({
      id: textOf(opened['id']) || `call_${index}_${crypto.randomUUID().replaceAll('-', '')}`,
      name: textOf(opened['name']) || 'unnamed_tool',
      arguments: text === '' ? JSON.stringify(fieldsOf(opened['input'])) : text,
    }));
  return {
    text: joined('text'),
    reasoning: joined('thinking'),
    tool_calls,
    finish_reason: reason === null ? null : finishReason(reason, tool_calls.length > 0),
    usage: readUsage(usage),
  };
}

/** A block as it must go back: whole, in its place, with its signature. Empty texts are refused, so they go. */
function blockOf({ type, opened, text, signature }: Slot): AnswerBlock[] {
  if (type === 'thinking') return [{ type, thinking: text, signature }];
  if (type === 'redacted_thinking') return [{ type, data: opened['data'] }];
  if (type === 'text') return text.trim() === '' ? [] : [{ type, text }];
  if (type !== 'tool_use') return [];
  const input = text === '' ? fieldsOf(opened['input']) : readInput(text);
  return [{ type, id: textOf(opened['id']), name: textOf(opened['name']), input }];
}

function finishReason(reason: string, has_calls: boolean): ModelResponse['finish_reason'] {
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
  if (reason === 'refusal') return 'content_filter';
  return has_calls ? 'tool_calls' : 'stop';
}

/** The provider counts what it took from its cache, and what it put there, apart from the rest of the prompt. */
function readUsage(usage: Fields): Accumulated['usage'] {
  const cached_input_tokens = tokensOf(usage['cache_read_input_tokens']) ?? 0;
  const prompt_tokens =
    (tokensOf(usage['input_tokens']) ?? 0) +
    (tokensOf(usage['cache_creation_input_tokens']) ?? 0) +
    cached_input_tokens;
  const completion_tokens = tokensOf(usage['output_tokens']) ?? 0;
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    cached_input_tokens,
    reasoning_tokens: tokensOf(fieldsOf(usage['output_tokens_details'])['thinking_tokens']) ?? 0,
  };
}

function withoutNull(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
