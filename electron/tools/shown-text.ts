import { formatCount } from '../memory/text.ts';

const SHOWN_CHARS = 4000;

/** A found text for the model: whole, or its first 4,000 characters with a word on how much there is. */
export function shownText(text: string): string {
  if (text.length <= SHOWN_CHARS) return text;
  return `${text.slice(0, SHOWN_CHARS).toWellFormed()}… [cut: ${formatCount(text.length)} characters in all]`;
}
