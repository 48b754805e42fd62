import type { Client } from '../../../shared/client.ts';
import { dayOf } from '../../messages/time.ts';
import { sinceOf, stamp, whoOf, type ActivityFilter, type ActivityState } from './activity-state.ts';

/** Days counted at once. */
const MOST_SPANS = 100;
const DAY_MS = 86_400_000;

/** Counts the days of the loaded things. Those in `known` are not counted again. */
export async function countDays(
  client: Client,
  {
    filter,
    items,
    known,
  }: Pick<ActivityState, 'filter' | 'items'> & { readonly known: ActivityState['days'] },
): Promise<ActivityState['days']> {
  const wanted = [...new Set(items.map(({ at }) => dayOf(at)))].filter((day) => known[day] === undefined);
  const days: Record<string, ActivityState['days'][string]> = { ...known };
  for (let at = 0; at < wanted.length; at += MOST_SPANS) {
    const part = wanted.slice(at, at + MOST_SPANS);
    const { counts } = await client.call('activity.count', { ...whoOf(filter), spans: part.map(spanOf) });
    for (const [index, day] of part.entries()) {
      const count = counts[index];
      if (count !== undefined) days[day] = count;
    }
  }
  return days;
}

/** Counts the failures within the period of a filter, or all there are. `now` in ms. */
export async function countFailures(client: Client, filter: ActivityFilter, now: number): Promise<number> {
  const from = sinceOf(filter.period, now) ?? '';
  const to = stamp(new Date(now + DAY_MS));
  const { counts } = await client.call('activity.count', { ...whoOf(filter), spans: [{ from, to }] });
  return counts[0]?.failures ?? 0;
}

/** The beginning and end of a calendar day where the reader is, which is not always 24 hours. */
function spanOf(day: string): { from: string; to: string } {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return {
    from: stamp(new Date(year, month - 1, date)),
    to: stamp(new Date(year, month - 1, date + 1)),
  };
}
