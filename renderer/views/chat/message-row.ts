import type { Message } from '../../../shared/contract/conversations.ts';
import type { TalkRow } from './talk-place.ts';

/** Which message of the talk an article begins with, for those who do not see how far it goes on. */
export type MessageNumber = { readonly 'aria-posinset'?: number; readonly 'aria-setsize'?: number };

/** The number of a message; `of` is that of the newest one. Nothing when there is no message yet. */
export function numberOf(message: Message | undefined, of: number | null): MessageNumber {
  if (message === undefined || of === null) return {};
  return { 'aria-posinset': message.seq, 'aria-setsize': Math.max(of, message.seq) };
}

/** Letters on a line of the talk, about. */
const LINE_LETTERS = 90;
/** Texts are folded, code scrolls: nothing is much higher, in pixels. */
const HIGHEST = 900;

/** About how high the messages of a turn are, in pixels, before they are measured. */
export function guessHeight(messages: readonly Message[]): number {
  const heights = messages.map(({ role, text, tool_calls }) => {
    if (role === 'tool') return 0;
    const lines = text.split('\n').length + Math.floor(text.length / LINE_LETTERS);
    return Math.min(HIGHEST, lines * 24) + tool_calls.length * 32;
  });
  return 48 + heights.reduce((sum, height) => sum + height, 0);
}

/** A message that is a row of its own. */
export type MessageRow = TalkRow & { readonly message: Message };

/** The messages as rows of about this height each. */
export function messageRows(
  messages: readonly Message[],
  guess: (message: Message) => number,
): readonly MessageRow[] {
  return messages.map((message) => ({
    key: message.id,
    guess: guess(message),
    has: (name) => name === message.id,
    message,
  }));
}
