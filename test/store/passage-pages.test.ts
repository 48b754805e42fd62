import { expect, test } from 'vitest';
import { addPassage, deletePassage } from '../../electron/memory/archival.ts';
import { listArchive } from '../../electron/memory/archive-search.ts';
import type { EditContext } from '../../electron/memory/block-versions.ts';
import { directCause } from '../../electron/memory/cause.ts';
import type { Database } from '../../electron/store/database.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

const context: EditContext = { cause: directCause('user'), clock: steppingClock() };

/** An archive of these texts, all of the same moment. */
async function filed(
  texts: readonly string[],
): Promise<{ database: Database; agent_id: string; ids: string[] }> {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const ids: string[] = [];
  for (const text of texts) {
    const created_at = '2026-01-02T03:04:05.000000Z';
    const { passage } = await database.transaction((tx) =>
      addPassage(tx, { agent_id, text, created_at }, context),
    );
    ids.push(passage.id);
  }
  return { database, agent_id, ids };
}

test.each(['asc', 'desc'] as const)('pages in the order %s hold every entry once', async (order) => {
  const texts = ['a', 'b', 'c', 'd', 'e'];
  const { database, agent_id } = await filed(texts);
  const seen: string[] = [];
  const totals: (number | null)[] = [];
  let cursor: string | null = null;
  do {
    const place: { cursor?: string } = cursor === null ? {} : { cursor };
    const page: Awaited<ReturnType<typeof listArchive>> = await listArchive(database.read, {
      agent_id,
      tag_match_mode: 'any',
      order,
      limit: 2,
      ...place,
    });
    seen.push(...page.passages.map(({ text }) => text));
    totals.push(page.total);
    cursor = page.next;
  } while (cursor !== null);
  expect(seen).toEqual(order === 'asc' ? texts : texts.toReversed());
  expect(totals).toEqual([5, null, null]);
});

test('a list runs between two entries, also between those in the trash, and passes over strangers', async () => {
  const { database, agent_id, ids } = await filed(['a', 'b', 'c', 'd', 'e']);
  const texts = async (bounds: { after?: string; before?: string }): Promise<string[]> => {
    const base = { agent_id, tag_match_mode: 'any', order: 'asc', limit: 10 } as const;
    return (await listArchive(database.read, { ...base, ...bounds })).passages.map(({ text }) => text);
  };
  await database.transaction((tx) => deletePassage(tx, ids[1]!, context));
  expect(await texts({ after: ids[1]! })).toEqual(['c', 'd', 'e']);
  expect(await texts({ after: ids[0]!, before: ids[3]! })).toEqual(['c']);
  expect(await texts({ after: ids[4]! })).toEqual([]);
  expect(await texts({ after: 'passage-00000000-0000-4000-8000-000000000000' })).toHaveLength(4);
});

test.each([
  ['tea', ['Green TEA', 'steady']],
  ['ÉCOLE', ['une école']],
  ['[x]*', ['a [x]* b']],
  ['100%?', ['is it 100%?']],
  ['^a-z]', ['^A-Z] it is']],
  ['', 6],
])('entries with %j in them are found by it', async (contains, wanted) => {
  const { database, agent_id } = await filed([
    'Green TEA',
    'steady',
    'une école',
    'a [x]* b',
    'is it 100%?',
    '^A-Z] it is',
  ]);
  const base = { agent_id, tag_match_mode: 'any', order: 'asc', limit: 10 } as const;
  const { passages, total } = await listArchive(database.read, { ...base, contains });
  const found = passages.map(({ text }) => text);
  expect(total).toBe(found.length);
  expect(typeof wanted === 'number' ? found.length : found).toEqual(wanted);
});
