import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../../shared/client.ts';
import type { OutputOf } from '../../../shared/contract/index.ts';
import { AppError, toWire } from '../../../shared/errors.ts';
import type { MemoirEvent } from '../../../shared/events.ts';
import {
  EMPTY_ACTIVITY,
  idOf,
  inputOf,
  withEvent,
  withNewest,
  type ActivityFilter,
  type ActivityState,
} from './activity-state.ts';
import { countDays, countFailures } from './count-days.ts';

/** Things read at once. */
const PAGE = 50;
/** A search goes on by itself until it has found so many, or asked so often. */
const ENOUGH = 20;
const MOST_PAGES = 200;
/** Events that come together are answered by one reading, this many ms after the first. */
const GATHER_MS = 250;

/** What can be done on the activity page. Nothing rejects: what fails is in `failure`. */
export type ActivityActions = {
  /** Reads what the filter asks for. Keeps the rows on screen until the answer is there. */
  readonly refresh: () => Promise<void>;
  /** Reads the next page; nothing at the end. */
  readonly loadMore: () => Promise<void>;
  readonly setFilter: (fields: Partial<ActivityFilter>) => void;
  /** Applies an event of the store, and reads the newest page again when something may have happened. */
  readonly apply: (event: MemoirEvent) => void;
};

/** Store of what happened. */
export type ActivityStore = StoreApi<ActivityState> & { readonly actions: ActivityActions };

/** Makes the store of the activity page. It reads nothing until `refresh`. `now` is in milliseconds. */
export function createActivityStore(client: Client, now: () => number = Date.now): ActivityStore {
  const store = createStore<ActivityState>(() => EMPTY_ACTIVITY);
  const source = { client, store, now };
  const reading = readingActions(source);
  return Object.assign(store, { actions: { ...reading, apply: applier(source, reading) } });
}

type Source = {
  readonly client: Client;
  readonly store: StoreApi<ActivityState>;
  readonly now: () => number;
};
type Page = OutputOf<'activity.list'>;
type Reading = Pick<ActivityActions, 'refresh' | 'loadMore' | 'setFilter'> & {
  readonly readNewest: () => Promise<void>;
};

function readingActions(source: Source): Reading {
  const { store } = source;
  // An answer to a question nobody asks any more is dropped.
  let question = 0;
  const ask = async (
    loading: ActivityState['loading'],
    read: (isAsked: () => boolean) => Promise<Partial<ActivityState>>,
  ): Promise<void> => {
    question += 1;
    const own = question;
    store.setState({ loading });
    const answer = await read(() => own === question).catch((error: unknown): Partial<ActivityState> => ({
      failure: asAppError(error),
    }));
    if (own === question) store.setState({ failure: null, ...answer, loading: null });
  };
  const refresh = (): Promise<void> =>
    ask('page', async (isAsked) => {
      const page = await readEnough(source, null, isAsked);
      await count(source, isAsked, { items: page.activities, known: {} });
      return { items: page.activities, next: page.next };
    });
  return {
    refresh,
    loadMore: async () => {
      const { next, loading, items, days } = store.getState();
      if (next === null || loading !== null) return;
      await ask('more', async (isAsked) => {
        const page = await readEnough(source, next, isAsked);
        const known = new Set(items.map(idOf));
        const all = [...items, ...page.activities.filter((each) => !known.has(idOf(each)))];
        await count(source, isAsked, { items: all, known: days });
        return { items: all, next: page.next };
      });
    },
    setFilter: (fields) => {
      store.setState(({ filter }) => ({ filter: { ...filter, ...fields } }));
      void refresh();
    },
    readNewest: async () => {
      const { loading, filter } = store.getState();
      // What is under way brings the newest along.
      if (loading === 'page') return;
      const own = question;
      const page = await source.client.call('activity.list', {
        ...inputOf(filter, source.now()),
        limit: PAGE,
      });
      if (own !== question) return;
      store.setState((state) => ({ ...withNewest(state, page), failure: null }));
      await count(source, () => own === question, { items: store.getState().items, known: {} });
    },
  };
}

/** Counts the days of things, and the failures of the period, unless nobody asks any more. */
async function count(
  { client, store, now }: Source,
  isAsked: () => boolean,
  what: { readonly items: ActivityState['items']; readonly known: ActivityState['days'] },
): Promise<void> {
  const { filter } = store.getState();
  const [days, failures] = await Promise.all([
    countDays(client, { filter, ...what }),
    countFailures(client, filter, now()),
  ]);
  if (isAsked()) store.setState({ days, failures });
}

/** A search may come back with little before the end: it goes on until the window is filled. */
async function readEnough(source: Source, from: string | null, isAsked: () => boolean): Promise<Page> {
  const { client, store, now } = source;
  const input = inputOf(store.getState().filter, now());
  const found: Page['activities'] = [];
  let cursor = from;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await client.call('activity.list', {
      ...input,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    found.push(...page.activities);
    cursor = page.next;
    if (cursor === null || found.length >= ENOUGH || !isAsked()) break;
  }
  return { activities: found, next: cursor };
}

const TELLING: ReadonlySet<MemoirEvent['type']> = new Set([
  'run.started',
  'run.finished',
  'run.paused',
  'message.added',
  'tool.changed',
  'memory.changed',
  'approval.changed',
  'proposal.changed',
  'window.changed',
  'agent.deleted',
]);

function applier({ store }: Source, { readNewest }: Reading): ActivityActions['apply'] {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const later = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      readNewest().catch((error: unknown) => store.setState({ failure: asAppError(error) }));
    }, GATHER_MS);
  };
  return (event) => {
    if (!TELLING.has(event.type)) return;
    store.setState(({ items }) => ({ items: withEvent(items, event) }));
    later();
  };
}

/** Whatever was thrown, with a message for a person. */
function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code, message } = toWire(error);
  return new AppError(code, message, { cause: error });
}
