import { hash, randomUUID } from 'node:crypto';

/** Reads a JSON column. The rows are our own, so the shape is trusted. */
export function fromJson<Value>(text: string): Value {
  return JSON.parse(text) as Value;
}

// How JSON writes half a character; a longer text may look like it and is only written a second time.
const HALF = /\\ud[89a-f]/u;

/**
 * Writes a JSON column. Half a character, as a model may stream one, becomes the sign for an unreadable one, as in columns
 * of text: many servers and programs refuse the whole of what holds it.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  return HALF.test(text) ? JSON.stringify(value, wholeText) : text;
}

function wholeText(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/**
 * Digest of a row as `<salt>.<hash>`, chained to the hash before it: a changed or missing row breaks every later one.
 * The salt keeps a short text from being guessed from its hash; erasing a text erases its salt and keeps the chain.
 */
export function chainDigest(previous: string, fields: readonly string[], salt = newSalt()): string {
  const text = [`${previous.slice(previous.indexOf('.') + 1)}${salt}`, ...fields].join('\u0000');
  return `${salt}.${hash('sha256', text)}`;
}

// Its random bits come from a pool; bytes asked for by themselves cost a call of the system each time.
function newSalt(): string {
  return randomUUID().replaceAll('-', '');
}

/** UTC text of fixed width, microseconds as the Letta API writes them: `2026-11-21T14:00:00.000000Z`. */
export function toTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000Z`;
}

/** The first `length` UTF-16 units of a text, one less where the last would be half a character. */
export function clipText(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/u, '');
}
