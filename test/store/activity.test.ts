import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import { expect, test } from 'vitest';
import { countActivities } from '../../electron/store/activity/count.ts';
import { findPlace, findPlaces } from '../../electron/store/activity/find.ts';
import { loadActivities } from '../../electron/store/activity/load.ts';
import { type Place, mergePages } from '../../electron/store/activity/place.ts';
import { SOURCES } from '../../electron/store/activity/sources.ts';
import type { Read } from '../../electron/store/database.ts';
import type { Schema } from '../../electron/store/schema.ts';
import { readNeighbours } from '../../electron/store/step-list.ts';
import { findMessageOfStep } from '../../electron/store/messages.ts';
import { tempStore } from '../helpers/temp-store.ts';

type Look = (read: Read) => Promise<unknown>;

const PAGE = { failed: false, words: [], after: null, limit: 50 } as const;
const AFTER = { at: '2026', rank: 4, rowid: 7 };
const SPAN = { from: '2026-01-01', to: '2026-01-02' };
const AGENT = { agent_id: 'agent-1' };

const LOOKS: Readonly<Record<string, Look>> = {
  'the newest page': (read) => findPlaces(read, PAGE),
  'an older page': (read) => findPlaces(read, { ...PAGE, after: AFTER }),
  'of an agent': (read) => findPlaces(read, { ...PAGE, ...AGENT }),
  'of people': (read) => findPlaces(read, { ...PAGE, actors: ['user', 'api'], since: '2025' }),
  'what failed': (read) => findPlaces(read, { ...PAGE, failed: true }),
  'what failed of an agent': (read) => findPlaces(read, { ...PAGE, ...AGENT, failed: true }),
  'a search': (read) => findPlaces(read, { ...PAGE, words: ['tea', 'cup'], after: AFTER }),
  'a search in an agent': (read) => findPlaces(read, { ...PAGE, ...AGENT, words: ['tea'] }),
  'counts of a day': (read) => countActivities(read, {}, SPAN),
  'counts of an agent': (read) => countActivities(read, { ...AGENT, actors: ['agent'] }, SPAN),
  'one thing': async (read) => {
    for (const kind of ['step', 'run', 'summary', 'approval', 'proposal', 'change'])
      await findPlace(read, `${kind}-1`);
  },
  'what stands at places': (read) =>
    loadActivities(
      read,
      SOURCES.map(({ rank }) => ({ at: '2026', rank, rowid: 1 })),
    ),
  'a step among others': async (read) => {
    const step = { id: 'step-1', run_id: 'run-1' };
    await readNeighbours(read, step);
    await findMessageOfStep(read, step);
  },
};

/** Steps of the plans of all queries that read a whole table, or sort by moment. */
async function slowSteps(look: Look): Promise<string[]> {
  const database = await tempStore();
  const queries: CompiledQuery[] = [];
  const read = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: database.raw }),
    log: ({ query }) => void queries.push(query),
  });
  await look(read);
  expect(queries.length).toBeGreaterThan(0);
  return queries.flatMap(({ sql, parameters }) => {
    const plan = database.raw.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
    return plan
      .map(({ detail }) => detail)
      .filter((detail) => /^SCAN (?!.*USING )/u.test(detail) || detail.includes('FOR ORDER BY'))
      .filter((detail) => detail !== 'SCAN t' || (!sql.includes('as "place"') && !sql.includes('as place')))
      .map((detail) => `${detail}: ${sql}`);
  });
}

test.each(Object.keys(LOOKS))('%s is read by an index, in its order', async (name) => {
  expect(await slowSteps(LOOKS[name]!)).toEqual([]);
});

test('a query without an index is found', async () => {
  const read = (db: Read) => db.selectFrom('step').select('id').orderBy('model').execute();
  expect(await slowSteps(read)).toHaveLength(2);
});

test('a page holds nothing older than what one of its kinds has looked at', () => {
  const at = (moment: string): Place => ({ at: moment, rank: 1, rowid: 1 });
  const looked = { places: [at('9')], reached: at('5') };
  const whole = { places: [at('8'), at('4')], reached: null };
  expect(mergePages([looked, whole], 50)).toEqual({ places: [at('9'), at('8')], next: at('5') });
  expect(mergePages([looked, whole], 1)).toEqual({ places: [at('9')], next: at('9') });
  expect(mergePages([whole], 50)).toEqual({ places: [at('8'), at('4')], next: null });
});
