import { AppError } from '../../shared/errors.ts';
import { clipText } from '../store/encoding.ts';

/**
 * Makes a text storable without changing anything else: NUL characters are dropped (SQLite ends a text there) and lone
 * surrogates become U+FFFD (UTF-8 has no form for them). Tabs, line ends and every other character stay as they are.
 */
export function cleanText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** A number for people: `5,200`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** Lines of a text; an empty text has none. Line ends other than `\n` stay part of their line. */
export function splitLines(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

/** Adds a text on a line of its own at the end; an empty block takes it as it is. */
export function appendText(value: string, content: string): string {
  return value === '' ? content : `${value}\n${content}`;
}

/** Replaces every occurrence. Throws `invalid_input` for an empty `old_text`, `not_found` when it is not there. */
export function replaceEvery(value: string, old_text: string, new_text: string, label: string): string {
  refuseEmpty(old_text);
  if (!value.includes(old_text)) throw notThere(old_text, label);
  return value.split(old_text).join(new_text);
}

/**
 * Replaces the one occurrence of a text. Throws `invalid_input` for an empty `old_text` or when it occurs more than
 * once (naming the lines), `not_found` when it is not there.
 */
export function replaceOnly(value: string, old_text: string, new_text: string, label: string): string {
  refuseEmpty(old_text);
  const places = findPlaces(value, old_text);
  const [first] = places;
  if (first === undefined) throw notThere(old_text, label);
  if (places.length > 1) {
    const lines = [...new Set(places.map((place) => lineOf(value, place)))];
    throw new AppError(
      'invalid_input',
      `The text occurs ${formatCount(places.length)} times in ${label}, on ${lines.length === 1 ? 'line' : 'lines'} ` +
        `${lines.slice(0, 20).join(', ')}. Nothing was changed. Give more of the text around it, so that it occurs once.`,
      { details: { label, lines } },
    );
  }
  return value.slice(0, first) + new_text + value.slice(first + old_text.length);
}

/** Inserts lines: 0 at the top, n after line n, -1 at the end. Throws `invalid_input` outside of the block. */
export function insertAtLine(value: string, new_text: string, line: number, label: string): string {
  const lines = splitLines(value);
  const at = line === -1 ? lines.length : line;
  if (!Number.isInteger(at) || at < 0 || at > lines.length) {
    throw new AppError(
      'invalid_input',
      `${label} has ${formatCount(lines.length)} ${lines.length === 1 ? 'line' : 'lines'}, so insert_line ${line} is ` +
        `outside of it. Nothing was changed. Use 0 for the top, 1 to ${lines.length} for after that line, -1 for the end.`,
      { details: { label, lines: lines.length, insert_line: line } },
    );
  }
  return [...lines.slice(0, at), new_text, ...lines.slice(at)].join('\n');
}

function refuseEmpty(old_text: string): void {
  if (old_text !== '') return;
  throw new AppError(
    'invalid_input',
    'The text to replace is empty, which would match everywhere. Nothing was changed. Give the exact text to replace, or insert instead.',
  );
}

// Overlapping places count too: replacing "aa" in "aaa" is just as ambiguous.
function findPlaces(value: string, text: string): number[] {
  const places: number[] = [];
  for (let at = value.indexOf(text); at !== -1; at = value.indexOf(text, at + 1)) places.push(at);
  return places;
}

function lineOf(value: string, place: number): number {
  return value.slice(0, place).split('\n').length;
}

const LINE_NUMBER = /^\s*(?:Line )?\d+\s*(?:→|:)/mu;

function notThere(old_text: string, label: string): AppError {
  const shown = old_text.length > 200 ? `${clipText(old_text, 200)}…` : old_text;
  const hint = LINE_NUMBER.test(old_text) ? ' Leave out line numbers: they are not part of the block.' : '';
  return new AppError(
    'not_found',
    `"${shown}" is not in ${label}. Nothing was changed. Copy the text exactly as the block has it.${hint}`,
    { details: { label } },
  );
}
