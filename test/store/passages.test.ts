import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import { expect, test } from 'vitest';
import { addPassage, deletePassage, editPassage, restorePassage } from '../../electron/memory/archival.ts';
import { listArchive, listArchiveTags } from '../../electron/memory/archive-search.ts';
import type { EditContext } from '../../electron/memory/block-versions.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { getArchiveOfAgent } from '../../electron/store/archives.ts';
import { listPassageVersions } from '../../electron/store/memory-changes.ts';
import { listPassages } from '../../electron/store/passages.ts';
import type { Schema } from '../../electron/store/schema.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

const context: EditContext = { cause: directCause('user'), clock: steppingClock() };

test('the first entry makes one archive, named after the agent', async () => {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database, { name: "D'Arcy" });
  for (const text of ['one', 'two']) {
    await database.transaction((tx) => addPassage(tx, { agent_id, text }, context));
  }
  expect((await getArchiveOfAgent(database.read, agent_id))?.name).toBe("D'Arcy's Archive");
  expect(await database.read.selectFrom('archive').selectAll().execute()).toHaveLength(1);
});

test('entries are listed newest first, page by page, with tags counted', async () => {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  for (const number of [1, 2, 3, 4, 5]) {
    const tags = number % 2 === 0 ? ['even', 'all'] : ['all'];
    await database.transaction((tx) => addPassage(tx, { agent_id, text: `entry ${number}`, tags }, context));
  }
  const first = await listArchive(database.read, { agent_id, tag_match_mode: 'any', limit: 3 });
  const rest = await listArchive(database.read, {
    agent_id,
    tag_match_mode: 'any',
    limit: 3,
    cursor: first.next!,
  });
  expect([...first.passages, ...rest.passages].map((passage) => passage.text)).toEqual(
    [5, 4, 3, 2, 1].map((number) => `entry ${number}`),
  );
  expect([first.total, rest.next]).toEqual([5, null]);
  const even = await listArchive(database.read, {
    agent_id,
    tags: ['even', 'all'],
    tag_match_mode: 'all',
    limit: 1,
  });
  expect([even.total, even.passages[0]?.text]).toEqual([2, 'entry 4']);
  expect(await listArchiveTags(database.read, agent_id)).toEqual([
    { tag: 'all', count: 5 },
    { tag: 'even', count: 2 },
  ]);
});

test('an edit against an old version is a conflict with the current text; history keeps every text', async () => {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const { passage } = await database.transaction((tx) => addPassage(tx, { agent_id, text: 'one' }, context));
  const edit = (text: string): Promise<unknown> =>
    database.transaction((tx) => editPassage(tx, { passage_id: passage.id, base_version: 1, text }, context));
  await edit('two');
  await expect(edit('three')).rejects.toMatchObject({
    code: 'conflict',
    details: { current: 'two', version: 2 },
  });
  await database.transaction((tx) => deletePassage(tx, passage.id, context));
  await expect(edit('four')).rejects.toMatchObject({ code: 'not_found' });
  const restored = await database.transaction((tx) => restorePassage(tx, passage.id, context));
  expect(restored.passage).toMatchObject({ text: 'two', version: 4 });
  const versions = await listPassageVersions(database.read, passage.id);
  expect(versions.map(({ operation, before, after }) => [operation, before, after])).toEqual([
    ['restore', null, 'two'],
    ['delete', 'two', null],
    ['edit', 'one', 'two'],
    ['create', null, 'one'],
  ]);
});

test('digests of versions are chained', async () => {
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const { passage } = await database.transaction((tx) => addPassage(tx, { agent_id, text: 'one' }, context));
  await database.transaction((tx) => deletePassage(tx, passage.id, context));
  const rows = await database.read.selectFrom('passage_version').select('digest').execute();
  expect(new Set(rows.map((row) => row.digest)).size).toBe(2);
});

test('listing entries walks their index instead of sorting the archive', async () => {
  const database = await tempStore();
  const queries: CompiledQuery[] = [];
  const read = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: database.raw }),
    log: ({ query }) => void queries.push(query),
  });
  const filter = {
    archive_id: 'archive-1',
    tags: [],
    tag_match_mode: 'any',
    from: null,
    before: null,
  } as const;
  await listPassages(read, filter, { after: { created_at: '2026', ord: 1 }, limit: 5 });
  const [{ sql, parameters }] = queries as [CompiledQuery];
  const plan = database.raw.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
  const steps = plan.map((step) => step.detail);
  expect(steps).toContainEqual(expect.stringContaining('passage USING INDEX passage_archive'));
  expect(steps).toEqual([
    expect.stringContaining('passage USING INDEX passage_archive'),
    ...steps.slice(1).filter((step) => !step.includes('FOR ORDER BY')),
  ]);
});
