import { createHash } from 'node:crypto';

/** Reads a JSON column. The rows are our own, so the shape is trusted. */
export function fromJson<Value>(text: string): Value {
  return JSON.parse(text) as Value;
}

/** Writes a JSON column. */
export function toJson(value: unknown): string {
  return JSON.stringify(value);
}

/** Digest of a row, chained to the digest before it: a changed or missing row breaks every later one. */
export function chainDigest(previous: string, ...fields: readonly string[]): string {
  const hash = createHash('sha256').update(previous);
  for (const field of fields) hash.update('\u0000').update(field);
  return hash.digest('hex');
}

/** UTC text of fixed width, microseconds as the Letta API writes them: `2026-11-21T14:00:00.000000Z`. */
export function toTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000Z`;
}
