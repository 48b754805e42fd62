import { isTimezone } from '../../shared/contract/agents.ts';
import { AppError } from '../../shared/errors.ts';
import { toTimestamp } from '../store/encoding.ts';

/** A stretch of time: from `from` on and before `before`, both UTC text of fixed width, `null` for open. */
export type Period = { readonly from: string | null; readonly before: string | null };

type WallTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
};

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/iu;

/**
 * Reads two bounds as a person means them: a date alone is the whole day in the time zone, both ends included; a time
 * without offset is one in that zone. Throws `invalid_input` for what is no date or when the end is before the start.
 */
export function parsePeriod(start: string | null, end: string | null, timezone: string): Period {
  const from = start === null ? null : parseBound(start, timezone, 'start');
  const before = end === null ? null : parseBound(end, timezone, 'end');
  if (from !== null && before !== null && before <= from) {
    throw new AppError('invalid_input', `The end (${end ?? ''}) is before the start (${start ?? ''}).`);
  }
  return { from, before };
}

function parseBound(text: string, timezone: string, side: 'start' | 'end'): string {
  const date = readDate(text);
  const { wall } = date;
  if (!date.has_time) {
    return inRange(zonedTime(side === 'start' ? wall : { ...wall, day: wall.day + 1 }, timezone));
  }
  const instant = instantOf(date, timezone);
  // The end is included: a millisecond is the finest a caller can name.
  return inRange(side === 'start' ? instant : new Date(instant.getTime() + 1));
}

/**
 * A time or date as UTC text of fixed width, to the microsecond. A date alone is the start of that day in the time
 * zone; a time without offset is one in that zone. Throws `invalid_input` for what is no date.
 */
export function normalizeTime(text: string, timezone: string): string {
  const date = readDate(text);
  const stamp = inRange(instantOf(date, timezone));
  return `${stamp.slice(0, -4)}${date.micros}Z`;
}

type ReadDate = {
  readonly wall: WallTime;
  readonly has_time: boolean;
  readonly offset: string | undefined;
  /** The three digits behind the milliseconds. */
  readonly micros: string;
};

function readDate(text: string): ReadDate {
  const match = PATTERN.exec(text.trim());
  const wall = match === null ? null : readWall(match);
  if (match !== null && wall !== null && isOffset(match[8])) {
    const micros = (match[7] ?? '').padEnd(6, '0').slice(3, 6);
    return { wall, has_time: match[4] !== undefined, offset: match[8], micros };
  }
  throw new AppError(
    'invalid_input',
    `"${text.slice(0, 60).toWellFormed()}" is not a date. Write it as 2026-01-20 or 2026-01-20T14:30:00.`,
  );
}

function instantOf({ wall, offset }: ReadDate, timezone: string): Date {
  return offset === undefined ? zonedTime(wall, timezone) : offsetTime(wall, offset);
}

// Text of fixed width has four digits for the year; what a time zone pushes beyond them is the edge of time.
function inRange(instant: Date): string {
  const year = instant.getUTCFullYear();
  if (year > 9999) return '9999-12-31T23:59:59.999000Z';
  return year < 0 ? '0000-01-01T00:00:00.000000Z' : toTimestamp(instant);
}

function isOffset(text: string | undefined): boolean {
  if (text === undefined || text.toUpperCase() === 'Z') return true;
  return Number(text.slice(1, 3)) < 24 && Number(text.slice(-2)) < 60;
}

function readWall(match: RegExpExecArray): WallTime | null {
  const number = (index: number): number => Number(match[index] ?? 0);
  const wall = {
    year: number(1),
    month: number(2),
    day: number(3),
    hour: number(4),
    minute: number(5),
    second: number(6),
    millisecond: Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)),
  };
  const date = new Date(asUtc(wall));
  const isReal =
    date.getUTCFullYear() === wall.year &&
    date.getUTCMonth() + 1 === wall.month &&
    date.getUTCDate() === wall.day &&
    wall.hour < 24 &&
    wall.minute < 60;
  return isReal && wall.second < 60 ? wall : null;
}

function asUtc(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second, wall.millisecond);
}

function offsetTime(wall: WallTime, offset: string): Date {
  if (offset.toUpperCase() === 'Z') return new Date(asUtc(wall));
  const sign = offset.startsWith('-') ? -1 : 1;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return new Date(asUtc(wall) - sign * minutes * 60_000);
}

function zonedTime(wall: WallTime, timezone: string): Date {
  const local = asUtc(wall);
  // Twice, since the first guess may lie on the other side of a change of clocks.
  const guess = local - offsetAt(local, timezone);
  return new Date(local - offsetAt(guess, timezone));
}

/** Milliseconds a zone is ahead of UTC at an instant. */
function offsetAt(instant: number, timezone: string): number {
  const parts = wallParts(instant, timezone);
  return asUtc({ ...parts, millisecond: 0 }) - Math.floor(instant / 1000) * 1000;
}

function wallParts(instant: number, timezone: string): Omit<WallTime, 'millisecond'> {
  const parts = formatOf(timezone).formatToParts(instant);
  const number = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
  };
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const format = (timeZone: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  try {
    return format(timezone);
  } catch {
    // An imported agent may name a zone this machine does not know; `timezoneNote` says so to whoever reads the times.
    return format('UTC');
  }
}

/** A sentence for an unknown time zone, whose dates are taken as UTC; `null` for a known one. */
export function timezoneNote(timezone: string): string | null {
  if (isTimezone(timezone)) return null;
  return `The time zone "${timezone.slice(0, 60).toWellFormed()}" is not known here, so dates and times are in UTC.`;
}

/**
 * A stored time as the clock of a zone shows it, with the offset: `2026-01-20T14:30:00+01:00`; UTC in a zone that is not
 * known. What is stored and is no time comes back as it is.
 */
export function formatInZone(timestamp: string, timezone: string): string {
  const instant = Date.parse(timestamp);
  if (Number.isNaN(instant)) return timestamp;
  const { year, month, day, hour, minute, second } = wallParts(instant, timezone);
  const two = (value: number): string => String(value).padStart(2, '0');
  const offset = Math.round(offsetAt(instant, timezone) / 60_000);
  const sign = offset < 0 ? '-' : '+';
  const shift = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${shift}`;
}
