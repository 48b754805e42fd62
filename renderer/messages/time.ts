import { LOCALE, t } from './t.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const CLOCK = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const WEEKDAY = new Intl.DateTimeFormat(LOCALE, { weekday: 'short' });
const DAY_MONTH = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' });
const DAY_MONTH_YEAR = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const EXACT = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'medium' });
const LONG_DAY = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', day: 'numeric', month: 'long' });

/** The whole date and time in the reader's time zone, for the tooltip of a time. */
export function exactTime(at: string): string {
  return EXACT.format(new Date(at));
}

/** How long ago: "now", "12 s ago", "4 min ago", "14:32" today, "Wed" this week, "9 Nov" before. `now` in ms. */
export function relativeTime(at: string, now: number): string {
  const age = now - Date.parse(at);
  if (age < 5_000) return t('time.now');
  if (age < MINUTE) return t('time.seconds', { count: Math.floor(age / 1_000) });
  if (age < HOUR) return t('time.minutes', { count: Math.floor(age / MINUTE) });
  return shortTime(at, now);
}

/** "now" within a minute, "14:32" today, "Wed" this week, "9 Nov" before. `now` in ms. */
export function shortTime(at: string, now: number): string {
  const date = new Date(at);
  if (now - date.getTime() < MINUTE) return t('time.now');
  const days = daysBetween(date, now);
  if (days === 0) return CLOCK.format(date);
  if (days < 7) return WEEKDAY.format(date);
  return date.getFullYear() === new Date(now).getFullYear()
    ? DAY_MONTH.format(date)
    : DAY_MONTH_YEAR.format(date);
}

/** The time of day, with the day before it when that is not today. `now` in ms. */
export function clockTime(at: string, now: number): string {
  const day = daysBetween(new Date(at), now) === 0 ? '' : `${shortTime(at, now)} `;
  return `${day}${CLOCK.format(new Date(at))}`;
}

/** Heading of a day in the talk: "Today, Friday 20 November". `now` in ms. */
export function dayName(at: string, now: number): string {
  const date = new Date(at);
  const days = daysBetween(date, now);
  const name = LONG_DAY.format(date);
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
