import { countTokens } from '../models/tokens.ts';
import type { WindowItem } from '../store/window.ts';
import type { WindowMessage } from '../store/window-messages.ts';

// What stands around the words of a message, leaning to the high side: the time it was sent, the form of a result,
// names and ids of calls.
const AROUND_WORDS = 30;
const AROUND_RESULT = 55;
const AROUND_ANSWER = 8;
const AROUND_CALL = 24;
const AROUND_NOTE = 12;

/** A message of the window with the words it is shown with. */
export function shownMessage(item: Extract<WindowItem, { kind: 'message' }>): WindowMessage {
  const { message, short } = item;
  if (short === null) return message;
  return {
    ...message,
    content: [{ type: 'text', text: short }],
    text: short,
    token_count: countTokens(short),
  };
}

/** Estimates the tokens an entry of the window takes in a request. */
export function tokensOfItem(item: WindowItem): number {
  if (item.kind === 'missing') return 0;
  if (item.kind !== 'message') return countTokens(item.text) + AROUND_NOTE;
  const { message, short } = item;
  const words = short === null ? message.token_count : countTokens(short);
  if (message.role === 'tool') return words + AROUND_RESULT;
  if (message.role !== 'assistant') return words + AROUND_WORDS;
  return words + AROUND_ANSWER + message.tool_calls.length * AROUND_CALL;
}

/** Estimates the tokens of several entries. */
export function tokensOfItems(items: readonly WindowItem[]): number {
  return items.reduce((sum, item) => sum + tokensOfItem(item), 0);
}

const MAX_RESULT_CHARS = 50_000;
const MIN_RESULT_CHARS = 4000;
/** Characters of a result that are taken for a token, when it is cut. */
export const CHARS_PER_TOKEN = 4;

/** Characters a result of a tool may have: a fifth of the window, since several must fit beside each other. */
export function resultLimit(window: number): number {
  const share = Math.floor(window * 0.2 * CHARS_PER_TOKEN);
  return Math.max(MIN_RESULT_CHARS, Math.min(MAX_RESULT_CHARS, share));
}
