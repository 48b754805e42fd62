import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addPassage } from '../../electron/memory/archival.ts';
import {
  type ArchiveAnswer,
  type ArchiveQuery,
  searchArchive,
} from '../../electron/memory/archive-search.ts';
import type { EditContext } from '../../electron/memory/block-versions.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { findMatches } from '../../electron/store/search/matches.ts';
import { toMatch } from '../../electron/store/search/query.ts';
import { searchWords } from '../../electron/store/search/words.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

const context: EditContext = { cause: directCause('user'), clock: steppingClock() };

type Entry = { text: string; tags?: string[]; created_at?: string };

async function setUp(entries: readonly Entry[]): Promise<{
  search: (query: Partial<ArchiveQuery>) => Promise<ArchiveAnswer>;
  texts: (query: Partial<ArchiveQuery>) => Promise<string[]>;
}> {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const other = await insertTestAgent(database, { name: 'Bo' });
  for (const entry of entries)
    await database.transaction((tx) => addPassage(tx, { agent_id, ...entry }, context));
  await database.transaction((tx) => addPassage(tx, { agent_id: other, text: 'the wifi of Bo' }, context));
  const search = (query: Partial<ArchiveQuery>): Promise<ArchiveAnswer> =>
    searchArchive(database.read, { agent_id, limit: 10, timezone: 'UTC', ...query });
  const texts = async (query: Partial<ArchiveQuery>): Promise<string[]> =>
    (await search(query)).hits.map((hit) => hit.passage.text);
  return { search, texts };
}

test('a question finds the entry by its telling words, inside its own archive only', async () => {
  const { texts } = await setUp([{ text: 'The wifi code is tulip-42' }, { text: 'What a day it is' }]);
  expect(await texts({ query: 'What is the wifi code?' })).toEqual(['The wifi code is tulip-42']);
});

test('a query of stop words alone searches by them', async () => {
  const { texts } = await setUp([{ text: 'to be or not to be' }, { text: 'tulips' }]);
  expect(searchWords('to be, or not')).toEqual(['to', 'be', 'or', 'not']);
  expect(await texts({ query: 'to be' })).toEqual(['to be or not to be']);
});

test('word forms, accents and scripts without spaces are found', async () => {
  const { texts } = await setUp([{ text: 'She was running in Évora' }, { text: '我的猫叫费加罗' }]);
  expect(await texts({ query: 'runs' })).toEqual(['She was running in Évora']);
  expect(await texts({ query: 'evora' })).toEqual(['She was running in Évora']);
  expect(await texts({ query: '猫' })).toEqual(['我的猫叫费加罗']);
});

test('tags are filtered before the limit', async () => {
  const crowd = Array.from({ length: 30 }, () => ({ text: 'wifi wifi wifi' }));
  const { texts } = await setUp([{ text: 'the wifi at home', tags: ['home', 'net'] }, ...crowd]);
  expect(await texts({ query: 'wifi', tags: ['home'], limit: 1 })).toEqual(['the wifi at home']);
  expect(await texts({ query: 'wifi', tags: ['home', 'office'], tag_match_mode: 'all' })).toEqual([]);
  expect(await texts({ query: 'wifi', tags: ['home', 'office'], tag_match_mode: 'any' })).toHaveLength(1);
});

test('dates are whole days in the time zone, the last one included', async () => {
  const { texts } = await setUp([
    { text: 'before', created_at: '2026-01-20T04:59:59.000000Z' },
    { text: 'first', created_at: '2026-01-20T05:00:00.000000Z' },
    { text: 'last', created_at: '2026-01-21T04:59:59.999000Z' },
    { text: 'after', created_at: '2026-01-21T05:00:00.000000Z' },
  ]);
  const day = { start_datetime: '2026-01-20', end_datetime: '2026-01-20', timezone: 'America/New_York' };
  expect(await texts(day)).toEqual(['last', 'first']);
  expect(await texts({ start_datetime: '2026-01-21T00:00:00-05:00' })).toEqual(['after']);
  expect(await texts({ end_datetime: '2026-01-20T00:00:00', timezone: 'America/New_York' })).toEqual([
    'first',
    'before',
  ]);
});

test.each(['yesterday', '2026-02-30', '2026-1-5', '20260120'])(
  '%s is refused as a date',
  async (start_datetime) => {
    const { search } = await setUp([{ text: 'x' }]);
    await expect(search({ start_datetime })).rejects.toMatchObject({ code: 'invalid_input' });
  },
);

test('an empty answer says why', async () => {
  const { search } = await setUp([{ text: 'wifi at home', tags: ['home'] }]);
  const why = async (query: Partial<ArchiveQuery>): Promise<string | null> => (await search(query)).why_empty;
  expect(await why({ query: 'garden rose' })).toBe(
    'None of the 1 entry has any of the words garden, rose. Try other words.',
  );
  expect(await why({ query: 'wifi', tags: ['work'] })).toBe(
    '1 entry matches the words, but the filter for the tag work left it out.',
  );
  expect(await why({ end_datetime: '2020-01-01' })).toBe('There is 1 entry, but the dates left it out.');
  expect(await why({ query: '?!' })).toBe('The query holds no word to search by. Use key words.');
  expect(await why({ query: 'wifi' })).toBeNull();
});

test('no text of a query acts as syntax', async () => {
  const { search } = await setUp([{ text: 'wifi' }]);
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), async (query) => {
      await search({ query });
    }),
    { numRuns: 200 },
  );
  for (const query of [
    '" OR scope:*',
    'NEAR(a b)',
    'wifi*',
    'text : x',
    "'; drop table passage; --",
    '-wifi',
    '^a',
  ]) {
    expect(Array.isArray((await search({ query })).hits)).toBe(true);
  }
  expect(toMatch('a" OR scope : "x', 'archive-1')).toBe('scope : "archive1" AND text : ("scope" OR "x")');
});

test('matches are the ranges of the words found, by their stem', () => {
  const text = 'He likes running; the CATS ran.';
  const ranges = findMatches(text, 'run cat liked');
  expect(ranges.map(([start, end]) => text.slice(start, end))).toEqual(['likes', 'running', 'CATS']);
  expect(findMatches('我的猫叫', '猫')).toEqual([[2, 3]]);
});

test('Korean is found by the start of a word, ligatures and full-width letters by plain ones', async () => {
  const { texts } = await setUp([
    { text: '저는 한국어를 공부해요' },
    { text: 'notes on \ufb01nance' },
    { text: '\uff37\uff49\uff46\uff49 at home' },
  ]);
  expect(await texts({ query: '한국' })).toEqual(['저는 한국어를 공부해요']);
  expect(await texts({ query: '한국'.normalize('NFD') })).toEqual(['저는 한국어를 공부해요']);
  expect(await texts({ query: 'finance' })).toEqual(['notes on \ufb01nance']);
  expect(await texts({ query: '\ufb01nances' })).toEqual(['notes on \ufb01nance']);
  expect(await texts({ query: 'wifi' })).toEqual(['\uff37\uff49\uff46\uff49 at home']);
  expect(findMatches('저는 한국어를', '한국')).toEqual([[3, 5]]);
  expect(findMatches('notes on \ufb01nance', 'finance')).toEqual([[9, 15]]);
});
