import { formatLocale, t } from './t.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How dates are written, by what is shown of them. */
const STYLES = {
  clock: { hour: '2-digit', minute: '2-digit' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  weekday: { weekday: 'short' },
  day_month: { day: 'numeric', month: 'short' },
  day_month_year: { day: 'numeric', month: 'short', year: 'numeric' },
  exact: { dateStyle: 'full', timeStyle: 'medium' },
  long_day: { weekday: 'long', day: 'numeric', month: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Formats are slow to make: each is made once for a language. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** The whole date and time in the reader's time zone, for the tooltip of a time. */
export function exactTime(at: string): string {
  return write('exact', new Date(at));
}

/** How long ago: "now", "12 s ago", "4 min ago", "14:32" today, "Wed" this week, "9 Nov" before. `now` in ms. */
export function relativeTime(at: string, now: number): string {
  const age = now - Date.parse(at);
  if (age < 5_000) return t('time.now');
  if (age < MINUTE) return t('time.seconds', { count: Math.floor(age / 1_000) });
  if (age < HOUR) return t('time.minutes', { count: Math.floor(age / MINUTE) });
  return shortTime(at, now);
}

/** How long until: "in less than a minute", "in 5 min", "in 3 h", "in 7 days". `now` in ms. */
export function untilTime(at: string, now: number): string {
  const left = Date.parse(at) - now;
  if (left < MINUTE) return t('time.soon');
  if (left < HOUR) return t('time.inMinutes', { count: Math.round(left / MINUTE) });
  if (left < 2 * DAY) return t('time.inHours', { count: Math.round(left / HOUR) });
  return t('time.inDays', { count: Math.round(left / DAY) });
}

/** "now" within a minute, "14:32" today, "Wed" this week, "9 Nov" before. `now` in ms. */
export function shortTime(at: string, now: number): string {
  const date = new Date(at);
  if (now - date.getTime() < MINUTE) return t('time.now');
  const days = daysBetween(date, now);
  if (days === 0) return write('clock', date);
  if (days < 7) return write('weekday', date);
  return date.getFullYear() === new Date(now).getFullYear()
    ? write('day_month', date)
    : write('day_month_year', date);
}

/** The time of day, with the day before it when that is not today. `now` in ms. */
export function clockTime(at: string, now: number): string {
  const day = daysBetween(new Date(at), now) === 0 ? '' : `${shortTime(at, now)} `;
  return `${day}${write('clock', new Date(at))}`;
}

/** The time of day to the second. */
export function secondsTime(at: string): string {
  return write('seconds', new Date(at));
}

/** The calendar day of a time where the reader is: `2026-11-21`. */
export function dayOf(at: string): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Heading of a day in the talk: "Today, Friday 20 November". `now` in ms. */
export function dayName(at: string, now: number): string {
  const date = new Date(at);
  const days = daysBetween(date, now);
  const name = write('long_day', date);
  if (days === 0) return t('time.today', { day: name });
  return days === 1 ? t('time.yesterday', { day: name }) : name;
}

/** Which heading of the conversation list a time stands under. `now` in ms. */
export function timeGroup(at: string, now: number): 'today' | 'week' | 'earlier' {
  const days = daysBetween(new Date(at), now);
  if (days === 0) return 'today';
  return days < 7 ? 'week' : 'earlier';
}

/** Whole days of the calendar between a date and now. */
function daysBetween(date: Date, now: number): number {
  const start = (value: Date): number =>
    new Date(value.getFullYear(), value.getMonth(), value.getDate()).getTime();
  return Math.max(0, Math.round((start(new Date(now)) - start(date)) / DAY));
}

function write(style: keyof typeof STYLES, date: Date): string {
  const locale = formatLocale();
  const name = `${locale} ${style}`;
  const format = FORMATS.get(name) ?? new Intl.DateTimeFormat(locale, STYLES[style]);
  FORMATS.set(name, format);
  return format.format(date);
}
