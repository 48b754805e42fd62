import type { Activity, ActivityKind } from '../../../shared/contract/activity.ts';
import type { Actor } from '../../../shared/contract/blocks.ts';
import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import type { MemoirEvent } from '../../../shared/events.ts';
import type { AppError } from '../../../shared/errors.ts';

/** Which kinds are shown. */
export type Show = 'all' | 'changes' | 'steps' | 'errors';

/** How far back one looks. */
export type ActivityPeriod = 'day' | 'week' | 'month' | 'any';

/** What of all that happened is to be seen. */
export type ActivityFilter = {
  readonly show: Show;
  /** `null`: of every agent. */
  readonly agent_id: string | null;
  /** `null`: by every author. */
  readonly author: Actor | null;
  readonly period: ActivityPeriod;
  readonly query: string;
};

/** How much happened in a day. */
export type DayCount = OutputOf<'activity.count'>['counts'][number];

/** What the activity page knows: server copies, and what the person asked to see. */
export type ActivityState = {
  readonly filter: ActivityFilter;
  /** The newest first; what `next` stands for is not loaded yet. */
  readonly items: readonly Activity[];
  readonly next: string | null;
  readonly loading: 'page' | 'more' | null;
  readonly failure: AppError | null;
  /** By calendar day of the reader, `2026-11-21`. */
  readonly days: Readonly<Record<string, DayCount>>;
  /** Failures within the period; `null` until counted. */
  readonly failures: number | null;
};

/** The state before anything was read. */
export const EMPTY_ACTIVITY: ActivityState = {
  filter: { show: 'all', agent_id: null, author: null, period: 'week', query: '' },
  items: [],
  next: null,
  loading: 'page',
  failure: null,
  days: {},
  failures: null,
};

/** The id a thing is opened by. A message goes by its run. */
export function idOf(activity: Activity): string {
  switch (activity.kind) {
    case 'change':
      return activity.change.id;
    case 'step':
      return activity.step.id;
    case 'compaction':
      return activity.summary.id;
    case 'message':
      return activity.run.id;
    case 'approval':
      return activity.approval.id;
    case 'proposal':
      return activity.proposal.id;
  }
}

const KINDS: Readonly<Record<Show, readonly ActivityKind[] | null>> = {
  all: null,
  changes: ['change', 'proposal'],
  steps: ['step', 'compaction', 'approval'],
  errors: null,
};

const PERIOD_DAYS = { day: 1, week: 7, month: 30 } as const;

/** When a period began: with the first of its days, where the reader is. `null` for any time. `now` in ms. */
export function sinceOf(period: ActivityPeriod, now: number): string | null {
  if (period === 'any') return null;
  const today = new Date(now);
  return stamp(new Date(today.getFullYear(), today.getMonth(), today.getDate() - PERIOD_DAYS[period] + 1));
}

const PERIODS = ['day', 'week', 'month', 'any'] as const satisfies readonly ActivityPeriod[];

/** The shortest period, from one on, that a moment lies in. `now` in ms. */
export function reachingPeriod(from: ActivityPeriod, at: string, now: number): ActivityPeriod {
  const longer = PERIODS.slice(PERIODS.indexOf(from));
  return longer.find((period) => at >= (sinceOf(period, now) ?? '')) ?? 'any';
}

/** A moment as the store writes it. */
export function stamp(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000Z`;
}

/** The filter as the backend takes it. `now` in ms. */
export function inputOf(filter: ActivityFilter, now: number): InputOf<'activity.list'> {
  const kinds = KINDS[filter.show];
  const since = sinceOf(filter.period, now);
  const query = filter.query.trim();
  return {
    ...whoOf(filter),
    ...(kinds === null ? {} : { kinds: [...kinds] }),
    ...(since === null ? {} : { since }),
    ...(query === '' ? {} : { query }),
    failed: filter.show === 'errors',
  };
}

/** Whose doings a filter asks for. */
export function whoOf({ agent_id, author }: ActivityFilter): { agent_id?: string; actors?: Actor[] } {
  return {
    ...(agent_id === null ? {} : { agent_id }),
    ...(author === null ? {} : { actors: [author] }),
  };
}

/**
 * The newest page, read again, in front of what is loaded. When it does not reach down to what is loaded, it stands
 * alone: between them something would be missing.
 */
export function withNewest(
  state: ActivityState,
  page: OutputOf<'activity.list'>,
): Pick<ActivityState, 'items' | 'next'> {
  const fresh = new Set(page.activities.map(idOf));
  const last = page.activities.at(-1);
  const meets =
    page.next === null || last === undefined || state.items.some((each) => idOf(each) === idOf(last));
  if (!meets || last === undefined) return { items: page.activities, next: page.next };
  const older = state.items.filter((each) => !fresh.has(idOf(each)) && each.at <= last.at);
  return { items: [...page.activities, ...older], next: older.length === 0 ? page.next : state.next };
}

/** What an event says of what is loaded already, wherever in the list it stands. */
export function withEvent(items: readonly Activity[], event: MemoirEvent): readonly Activity[] {
  if (event.type !== 'memory.changed') return items;
  const { change } = event;
  return items.map((each) => {
    if (each.kind !== 'change') return each;
    if (each.change.id === change.id) return { ...each, change };
    if (each.change.id !== change.undoes) return each;
    return { ...each, change: { ...each.change, undone_by: change.id } };
  });
}
