import { countTokens } from '../../models/tokens.ts';
import { clipText } from '../../store/encoding.ts';
import type { WindowItem } from '../../store/window.ts';
import { summaryWords } from './prompt.ts';

const FIRST_CHARS = 110;
const LAST_CHARS = 50;

/**
 * Sums up without a model: the earlier summary, then the first and last words of what was said and done, oldest first;
 * what does not fit into `most` tokens is left out from the middle. Equal entries give equal words.
 */
export function sumUpByQuoting(items: readonly WindowItem[], most: number): string {
  const earlier = items.flatMap((item) => (item.kind === 'summary' ? [summaryWords(item.text)] : []));
  const lines = items.flatMap(lineOf);
  const head = 'What was said, by first and last words:';
  const room = most - countTokens(head) - 4;
  const before = earlier.length === 0 ? '' : fitText(earlier.join('\n'), Math.floor(room * 0.45));
  const quoted = fitLines(lines, room - countTokens(before));
  return [before, head, ...quoted].filter((line) => line !== '').join('\n');
}

/** A text cut to so many tokens, its beginning kept. */
export function fitText(text: string, most: number): string {
  if (countTokens(text) <= most) return text;
  let chars = Math.floor((text.length * most) / countTokens(text));
  for (;;) {
    const cut = `${clipText(text, Math.max(0, chars)).trimEnd()}…`;
    if (chars <= 0 || countTokens(cut) <= most) return cut;
    chars = Math.floor(chars * 0.9) - 1;
  }
}

function lineOf(item: WindowItem): string[] {
  if (item.kind !== 'message') return [];
  const { message } = item;
  if (message.role === 'tool') return [];
  const called = message.tool_calls.map((call) => call.name).filter((name) => name !== 'send_message');
  const calls = called.length === 0 ? [] : [`- ${message.role} used ${called.join(', ')}`];
  const said = message.text.trim() === '' ? [] : [`- ${message.role}: ${quote(message.text)}`];
  return [...said, ...calls];
}

function quote(text: string): string {
  const line = text.trim().replaceAll(/\s+/gu, ' ');
  if (line.length <= FIRST_CHARS + LAST_CHARS + 5) return line;
  return `${clipText(line, FIRST_CHARS)} … ${line.slice(line.length - LAST_CHARS).toWellFormed()}`;
}

// The newest are worth most; the first few tell what it was all about.
const FIRST_LINES = 3;

function fitLines(lines: readonly string[], most: number): string[] {
  const sizes = lines.map((line) => countTokens(line) + 1);
  if (sizes.reduce((sum, size) => sum + size, 0) <= most) return [...lines];
  const gap = (count: number): string => `- (${count} left out)`;
  const first: string[] = [];
  const last: string[] = [];
  let room = most - countTokens(gap(lines.length)) - 1;
  for (const [at, line] of lines.slice(0, FIRST_LINES).entries()) {
    const size = sizes[at] ?? 0;
    if (size > room / 2) break;
    first.push(line);
    room -= size;
  }
  for (let at = lines.length - 1; at >= first.length; at -= 1) {
    const size = sizes[at] ?? 0;
    if (size > room) break;
    last.unshift(lines[at] ?? '');
    room -= size;
  }
  return [...first, gap(lines.length - first.length - last.length), ...last];
}
