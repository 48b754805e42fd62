import { describe, expect, test } from 'vitest';
import type { Client } from '../../shared/client.ts';
import type { Passage } from '../../shared/contract/archive.ts';
import { AppError } from '../../shared/errors.ts';
import {
  EMPTY_ARCHIVE,
  entryAt,
  withoutPassage,
  withPassage,
  type ArchiveState,
} from '../../renderer/views/archive/archive-state.ts';
import { createArchiveStore } from '../../renderer/views/archive/archive-store.ts';
import { piecesOf } from '../../renderer/views/archive/marked-text.tsx';

const AGENT = 'agent-1';

function passage(id: string, fields: Partial<Passage> = {}): Passage {
  const at = '2026-11-21T14:00:00.000000Z';
  const base = {
    archive_id: 'archive-1',
    tags: [],
    metadata: {},
    version: 1,
    created_at: at,
    updated_at: at,
  };
  return { ...base, id, actor: 'agent', text: `text of ${id}`, ...fields };
}

function stateOf(...entries: Passage[]): ArchiveState {
  return { ...EMPTY_ARCHIVE, entries, total: entries.length, loading: null };
}

/** A client that answers each method with a function of its input. */
function clientOf(answers: Record<string, (input: never) => unknown>): Client {
  return {
    call: async (name, input) => (await answers[name]?.(input as never)) as never,
    subscribe: () => () => undefined,
  };
}

describe('the entries on the archive page', () => {
  test('a newer version takes the place of the loaded one, an older one changes nothing', () => {
    const state = stateOf(passage('a', { version: 2 }), passage('b'));
    expect(withPassage(state, passage('a', { version: 3, text: 'new' })).entries[0]?.text).toBe('new');
    expect(withPassage(state, passage('a', { version: 1, text: 'old' })).entries).toEqual(state.entries);
  });

  test('when the selected entry goes, the one after it is selected; at the end the one before', () => {
    const state = { ...stateOf(passage('a'), passage('b'), passage('c')), selected_id: 'b' };
    expect(withoutPassage(state, 'b')).toMatchObject({ selected_id: 'c', total: 2 });
    expect(withoutPassage({ ...state, selected_id: 'c' }, 'c').selected_id).toBe('b');
    expect(withoutPassage(state, 'unknown')).toBe(state);
  });

  test('moving stays inside the list and begins at its first row', () => {
    const state = stateOf(passage('a'), passage('b'));
    expect(entryAt(state, 1)).toBe('a');
    expect(entryAt({ ...state, selected_id: 'a' }, Infinity)).toBe('b');
    expect(entryAt({ ...state, selected_id: 'a' }, -1)).toBe('a');
    expect(entryAt(stateOf(), 1)).toBeNull();
  });
});

describe('the store of the archive page', () => {
  const empty = { 'archive.tags': () => ({ tags: [] }) };

  test('an answer to a query that was replaced meanwhile is dropped', async () => {
    const answered = new Map<string, (value: unknown) => void>();
    const client = clientOf({
      ...empty,
      'archive.search': ({ query }: { query: string }) =>
        new Promise((resolve) => void answered.set(query, resolve)),
    });
    const store = createArchiveStore(client, AGENT);
    const found = (id: string): unknown => ({
      hits: [{ passage: passage(id), score: 1, matches: [] }],
      total: 1,
      why_empty: null,
      took_ms: 1,
    });
    store.actions.setQuery('old');
    store.actions.setQuery('new');
    answered.get('new')?.(found('n'));
    answered.get('old')?.(found('o'));
    await new Promise(setImmediate);
    expect(store.getState().found?.hits.map((hit) => hit.passage.id)).toEqual(['n']);
  });

  test('the pages of a browsed archive are joined without doubles', async () => {
    const client = clientOf({
      ...empty,
      'archive.list': ({ cursor }: { cursor?: string }) =>
        cursor === undefined
          ? { passages: [passage('a'), passage('b')], total: 3, next: '2' }
          : { passages: [passage('b'), passage('c')], total: 3, next: null },
    });
    const store = createArchiveStore(client, AGENT);
    await store.actions.refresh();
    await store.actions.loadMore();
    expect(store.getState().entries.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(store.getState().next).toBeNull();
  });

  test('a conflict is passed on, and the newer text is shown', async () => {
    const conflict = new AppError('conflict', 'Changed.', { details: { current: 'theirs', version: 2 } });
    const client = clientOf({
      ...empty,
      'archive.list': () => ({ passages: [passage('a')], total: 1, next: null }),
      'archive.update': () => Promise.reject(conflict),
    });
    const store = createArchiveStore(client, AGENT);
    await store.actions.refresh();
    await expect(store.actions.update(passage('a'), { text: 'mine', tags: [] })).rejects.toBe(conflict);
    expect(store.getState().entries[0]).toMatchObject({ text: 'theirs', version: 2 });
  });

  test('a failed reading is kept with its message, and the next good one clears it', async () => {
    let isDown = true;
    const client = clientOf({
      ...empty,
      'archive.list': () => {
        if (isDown) throw new AppError('internal', 'Memoir does not answer.');
        return { passages: [], total: 0, next: null };
      },
    });
    const store = createArchiveStore(client, AGENT);
    await store.actions.refresh();
    expect(store.getState().failure?.message).toBe('Memoir does not answer.');
    isDown = false;
    await store.actions.refresh();
    expect(store.getState()).toMatchObject({ failure: null, loading: null });
  });
});

describe('hits in a text', () => {
  test('overlapping and outlying ranges mark each character once', () => {
    expect(
      piecesOf('the cat sat', [
        [4, 7],
        [5, 9],
        [9, 99],
      ]).map(({ text, isHit }) => (isHit ? `[${text}]` : text)),
    ).toEqual(['the ', '[cat]', '[ s]', '[at]']);
  });
});
