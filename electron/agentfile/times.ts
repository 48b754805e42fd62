import { toTimestamp } from '../store/encoding.ts';

/** A time of a file as UTC text of fixed width, microseconds kept; a time without zone is UTC. `null` for no time. */
export function toUtc(text: string | null): string | null {
  if (text === null) return null;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/u.test(text) ? text : `${text}Z`;
  const milliseconds = Date.parse(zoned);
  if (Number.isNaN(milliseconds)) return null;
  const micros = /\.\d{3}(\d{1,3})/u.exec(text)?.[1] ?? '';
  return `${toTimestamp(new Date(milliseconds)).slice(0, -4)}${micros.padEnd(3, '0')}Z`;
}
