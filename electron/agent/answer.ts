import type { ContentPart, MessageToolCall } from '../../shared/contract/conversations.ts';
import type { ModelToolCall } from '../models/model.ts';
import { countTokens } from '../models/tokens.ts';
import { clipText } from '../store/encoding.ts';

/** What a model said, whole or cut. */
export type Answer = {
  readonly text: string;
  readonly reasoning: string;
  readonly tool_calls: readonly ModelToolCall[];
};

/** The parts of an assistant message. */
export type AnswerBody = {
  readonly content: ContentPart[];
  /** What was said to the person. */
  readonly text: string;
  readonly tool_calls: MessageToolCall[];
  readonly token_count: number;
};

/**
 * Puts an answer into the parts of a message. For an agent that speaks by tool, free text beside calls is a thought;
 * without any call it is the answer, since the person would else hear nothing.
 */
export function bodyOfAnswer(answer: Answer, speaks_by_tool: boolean): AnswerBody {
  const is_thought = speaks_by_tool && answer.tool_calls.length > 0;
  const content: ContentPart[] = [];
  if (answer.reasoning !== '')
    content.push({ type: 'reasoning', reasoning: answer.reasoning, is_native: true });
  if (answer.text !== '') {
    content.push(
      is_thought
        ? { type: 'reasoning', reasoning: answer.text, is_native: false }
        : { type: 'text', text: answer.text },
    );
  }
  const spoken = answer.tool_calls.map(spokenText);
  const tool_calls = answer.tool_calls.map((call) => ({
    tool_call_id: call.id,
    name: call.name,
    arguments: call.arguments,
  }));
  return {
    content,
    text: [is_thought ? '' : answer.text, ...spoken].filter((text) => text !== '').join('\n\n'),
    tool_calls,
    token_count: countTokens(
      answer.text + tool_calls.map((call) => `${call.name}${call.arguments}`).join(''),
    ),
  };
}

/** Gives each call an id no other call of the conversation has, keeping the model's own where it can. */
export function withFreeIds(
  calls: readonly ModelToolCall[],
  taken: ReadonlySet<string>,
  newId: () => string,
): ModelToolCall[] {
  const used = new Set(taken);
  return calls.map((call) => {
    const id = call.id === '' || used.has(call.id) ? newId() : call.id;
    used.add(id);
    return { ...call, id };
  });
}

function spokenText(call: ModelToolCall): string {
  if (call.name !== 'send_message') return '';
  try {
    const parsed: unknown = JSON.parse(call.arguments);
    const message = (parsed as { message?: unknown } | null)?.message;
    return typeof message === 'string' ? message : '';
  } catch {
    // Malformed arguments say nothing; the model is told when the call is judged.
    return '';
  }
}

const REASON_CHARS = 200;

/** What a model thought or said while it called, shortened: the reason of what its calls change. */
export function reasonOf({ reasoning, text }: Pick<Answer, 'reasoning' | 'text'>): string | null {
  const words = (reasoning.trim() === '' ? text : reasoning).trim();
  if (words === '') return null;
  return words.length <= REASON_CHARS ? words : `${clipText(words, REASON_CHARS)}…`;
}
