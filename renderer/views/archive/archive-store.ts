import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Passage } from '../../../shared/contract/archive.ts';
import type { Client } from '../../../shared/client.ts';
import { AppError, toWire } from '../../../shared/errors.ts';
import type { MemoirEvent } from '../../../shared/events.ts';
import {
  EMPTY_ARCHIVE,
  isKnown,
  isSearching,
  withEdited,
  withoutPassage,
  withPassage,
  type ArchiveState,
  type Period,
} from './archive-state.ts';

/** Entries read at once; a refresh re-reads at most {@link MOST_ENTRIES}. */
const PAGE_ENTRIES = 50;
const MOST_ENTRIES = 200;
const MOST_HITS = 100;
const RECENT_DAYS = 30;

/** What can be done on the archive page. Writing actions reject with an `AppError`; reading ones put it in `failure`. */
export type ArchiveActions = {
  /** Reads what the query and the filters ask for. Keeps the rows on screen until the answer is there. */
  readonly refresh: () => Promise<void>;
  /** Reads the next page while browsing; nothing while searching or at the end. */
  readonly loadMore: () => Promise<void>;
  readonly setQuery: (query: string) => void;
  readonly setTags: (tags: readonly string[]) => void;
  readonly setPeriod: (period: Period) => void;
  readonly select: (passage_id: string | null) => void;
  readonly add: (entry: { readonly text: string; readonly tags: readonly string[] }) => Promise<Passage>;
  /** Fails with `conflict` and the current entry in `details.current` when the entry is newer than `base`. */
  readonly update: (
    base: Passage,
    fields: { readonly text: string; readonly tags: readonly string[] },
  ) => Promise<Passage>;
  readonly remove: (passage_id: string) => Promise<void>;
  readonly restore: (passage_id: string) => Promise<Passage>;
  /** Applies an event of the store; re-reads when it concerns an entry that is not loaded. */
  readonly apply: (event: MemoirEvent) => void;
};

/** Store of one agent's archive. */
export type ArchiveStore = StoreApi<ArchiveState> & { readonly actions: ArchiveActions };

/** Makes the store of one agent's archive. It reads nothing until `refresh`. `now` is in milliseconds. */
export function createArchiveStore(
  client: Client,
  agent_id: string,
  now: () => number = Date.now,
): ArchiveStore {
  const store = createStore<ArchiveState>(() => EMPTY_ARCHIVE);
  const reading = readingActions({ client, agent_id, store, now });
  const actions = {
    ...reading,
    ...writingActions(client, agent_id, store),
    apply: applier(agent_id, store, reading.refresh),
  };
  return Object.assign(store, { actions });
}

type Reading = Pick<ArchiveActions, 'refresh' | 'loadMore' | 'setQuery' | 'setTags' | 'setPeriod' | 'select'>;
type Source = {
  readonly client: Client;
  readonly agent_id: string;
  readonly store: StoreApi<ArchiveState>;
  readonly now: () => number;
};

function readingActions(source: Source): Reading {
  const { store } = source;
  // An answer to a question nobody asks any more is dropped.
  let question = 0;
  const ask = async (loading: 'page' | 'more', read: () => Promise<Partial<ArchiveState>>): Promise<void> => {
    question += 1;
    const own = question;
    store.setState({ loading });
    const answer = await read().catch((error: unknown): Partial<ArchiveState> => ({
      failure: asAppError(error),
    }));
    if (own === question) store.setState({ failure: null, ...answer, loading: null });
  };
  const refresh = (): Promise<void> =>
    ask('page', () => (isSearching(store.getState()) ? search(source) : listAgain(source)));
  const change = (fields: Partial<ArchiveState>): void => {
    store.setState(fields);
    void refresh();
  };
  return {
    refresh,
    loadMore: async () => {
      const { next, loading } = store.getState();
      if (next === null || loading !== null || isSearching(store.getState())) return;
      await ask('more', () => listMore(source, next));
    },
    setQuery: (query) => {
      if (query !== store.getState().query)
        change({ query, edited: null, ...(query.trim() === '' ? { found: null } : {}) });
    },
    setTags: (chosen_tags) => change({ chosen_tags, edited: null }),
    setPeriod: (period) => change({ period, edited: null }),
    select: (selected_id) => store.setState({ selected_id }),
  };
}

async function search({ client, agent_id, store, now }: Source): Promise<Partial<ArchiveState>> {
  const { query, chosen_tags, period } = store.getState();
  const [found, { tags }] = await Promise.all([
    client.call('archive.search', {
      agent_id,
      query: query.trim(),
      tags: [...chosen_tags],
      limit: MOST_HITS,
      ...datesOf(period, now()),
    }),
    client.call('archive.tags', { agent_id }),
  ]);
  return { found: { ...found, query: query.trim() }, tags };
}

async function listAgain({ client, agent_id, store }: Source): Promise<Partial<ArchiveState>> {
  const { chosen_tags, entries } = store.getState();
  const limit = Math.min(MOST_ENTRIES, Math.max(PAGE_ENTRIES, entries.length));
  const [page, { tags }] = await Promise.all([
    client.call('archive.list', { agent_id, tags: [...chosen_tags], limit }),
    client.call('archive.tags', { agent_id }),
  ]);
  return { entries: page.passages, next: page.next, tags, ...totalOf(page) };
}

async function listMore({ client, agent_id, store }: Source, cursor: string): Promise<Partial<ArchiveState>> {
  const { chosen_tags } = store.getState();
  const page = await client.call('archive.list', {
    agent_id,
    tags: [...chosen_tags],
    limit: PAGE_ENTRIES,
    cursor,
  });
  const { entries } = store.getState();
  const known = new Set(entries.map(({ id }) => id));
  const added = page.passages.filter(({ id }) => !known.has(id));
  return { entries: [...entries, ...added], next: page.next, ...totalOf(page) };
}

/** Later pages do not count again; the number of the first one stays. */
function totalOf({ total }: { readonly total: number | null }): { total?: number } {
  return total === null ? {} : { total };
}

/** The limits of a period as the search takes them. */
function datesOf(period: Period, now: number): { start_datetime?: string; end_datetime?: string } {
  if (period.kind === 'any') return {};
  if (period.kind === 'recent')
    return { start_datetime: new Date(now - RECENT_DAYS * 86_400_000).toISOString() };
  return {
    ...(period.start === '' ? {} : { start_datetime: period.start }),
    ...(period.end === '' ? {} : { end_datetime: period.end }),
  };
}

type Writing = Pick<ArchiveActions, 'add' | 'update' | 'remove' | 'restore'>;

function writingActions(client: Client, agent_id: string, store: StoreApi<ArchiveState>): Writing {
  const keep = (passage: Passage): Passage => {
    store.setState((state) => withPassage(state, passage));
    return passage;
  };
  return {
    add: ({ text, tags }) => client.call('archive.add', { agent_id, text, tags: [...tags] }),
    update: async (base, { text, tags }) => {
      // Before it is written: the event of the writing reads the search anew.
      store.setState((state) => withEdited(state, base));
      const fields = { ...(text === base.text ? {} : { text }), tags: [...tags] };
      try {
        return keep(
          await client.call('archive.update', { passage_id: base.id, base_version: base.version, ...fields }),
        );
      } catch (error) {
        const current = currentOf(error, base);
        if (current !== null) keep(current);
        throw error;
      }
    },
    remove: async (passage_id) => {
      await client.call('archive.delete', { passage_id });
      store.setState((state) => withoutPassage(state, passage_id));
    },
    restore: (passage_id) => client.call('archive.restore', { passage_id }),
  };
}

/** The entry as it is now: a conflict brings its text and version along. The rest comes with the next reading. */
function currentOf(error: unknown, base: Passage): Passage | null {
  if (!(error instanceof AppError) || error.code !== 'conflict') return null;
  const { current, version } = error.details ?? {};
  if (typeof current !== 'string' || typeof version !== 'number') return null;
  return { ...base, text: current, version };
}

function applier(
  agent_id: string,
  store: StoreApi<ArchiveState>,
  refresh: () => Promise<void>,
): ArchiveActions['apply'] {
  // Many events at once (an import) cost two reads, not one each.
  let reading = false;
  let again = false;
  const readSoon = async (): Promise<void> => {
    again = true;
    if (reading) return;
    reading = true;
    while (again) {
      again = false;
      await refresh();
    }
    reading = false;
  };
  return (event) => {
    if (event.type !== 'passage.changed' && event.type !== 'passage.deleted') return;
    if (!event.agent_ids.includes(agent_id)) return;
    if (event.type === 'passage.deleted') {
      store.setState((state) => withoutPassage(state, event.passage_id));
    } else if (isKnown(store.getState(), event.passage.id)) {
      store.setState((state) => withPassage(state, event.passage));
    }
    // Totals, tag counts and the place of a new entry are the server's to say.
    void readSoon();
  };
}

/** Whatever was thrown, with a message for a person. */
function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code, message } = toWire(error);
  return new AppError(code, message, { cause: error });
}
