import { expect, test } from 'vitest';
import { createBlock } from '../../electron/memory/blocks.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { countTokens } from '../../electron/models/tokens.ts';
import { indexMessage } from '../../electron/store/search/full-text.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { insertTestAgent, steppingClock, tempStore } from '../helpers/temp-store.ts';

const registry = createToolRegistry();

type Said = { readonly role: string; readonly text: string; readonly name?: string; readonly at: string };

async function setUp(
  talk: readonly Said[] = [],
  timezone = 'Europe/Lisbon',
): Promise<{
  run: (name: string, args: Record<string, unknown>) => Promise<string>;
  events: MemoirEvent[];
}> {
  const clock = steppingClock();
  const database = await tempStore();
  const agent_id = await insertTestAgent(database);
  const conversation_id = clock.newId('conv');
  const events: MemoirEvent[] = [];
  const ids: string[] = [];
  await database.transaction(async (tx) => {
    await createBlock(tx, { label: 'human', value: '', agent_id }, { cause: directCause('user'), clock });
    const now = clock.now();
    await tx
      .insertInto('conversation')
      .values({
        id: conversation_id,
        agent_id,
        title: '',
        is_default: 1,
        parent_id: null,
        fork_seq: null,
        next_seq: talk.length + 1,
        digest: '',
        memory_snapshot: null,
        version: 1,
        created_at: now,
        updated_at: now,
        last_message_at: null,
        deleted_at: null,
      })
      .execute();
    for (const [index, { role, text, name, at }] of talk.entries()) {
      const id = clock.newId('message');
      ids.push(id);
      const row = await tx
        .insertInto('message')
        .values({
          id,
          conversation_id,
          agent_id,
          seq: index + 1,
          role,
          name: name ?? null,
          content: '[]',
          text,
          tool_calls: '[]',
          tool_call_id: null,
          tool_status: null,
          otid: null,
          run_id: null,
          step_id: null,
          status: 'complete',
          model: null,
          session_gap_seconds: null,
          timezone: 'UTC',
          token_count: 0,
          foreign_fields: '{}',
          digest: '',
          created_at: at,
        })
        .returning('ord')
        .executeTakeFirstOrThrow();
      await indexMessage(tx, { ord: row.ord, scope: agent_id, text });
    }
  });
  const cause = { ...directCause('agent', agent_id), message_id: ids.at(-1) ?? null };
  const emit = (event: MemoirEvent): void => void events.push(event);
  const run = (name: string, args: Record<string, unknown>): Promise<string> =>
    database.transaction((tx) =>
      registry.get(name)!.run(args, { tx, agent_id, conversation_id, timezone, cause, clock, emit }),
    );
  return { run, events };
}

test('memory tools answer with how the block reads now, and tell subscribers', async () => {
  const { run, events } = await setUp();
  await run('memory_insert', { label: 'human', new_string: 'Name: Kit' });
  const answer = await run('core_memory_append', { label: 'human', content: 'Likes tea' });
  expect(answer).toBe('human is saved (19 of 5,000 characters). It reads now:\nName: Kit\nLikes tea');
  await run('memory_replace', { label: 'human', old_string: 'tea', new_string: 'coffee' });
  await run('core_memory_replace', { label: 'human', old_content: 'Likes coffee', new_content: '' });
  await run('memory_rethink', { label: 'human', new_memory: 'Kit' });
  expect(events.map((event) => event.type)).toEqual(
    Array.from({ length: 5 }, () => ['block.changed', 'memory.changed']).flat(),
  );
});

test('what is filed in the archive is found, with the time in the zone of the agent', async () => {
  const { run, events } = await setUp();
  await run('archival_memory_insert', { content: 'The wifi code is tulip-42', tags: ['home'] });
  const found: unknown = JSON.parse(
    await run('archival_memory_search', { query: 'wifi code?', tags: ['home'] }),
  );
  expect(found).toEqual({
    results: [
      {
        id: expect.stringMatching(/^passage-/) as string,
        timestamp: expect.stringMatching(/^2026-01-01T00:00:\d\d\+00:00$/) as string,
        content: 'The wifi code is tulip-42',
        tags: ['home'],
      },
    ],
    count: 1,
  });
  expect(events.map((event) => event.type)).toEqual(['passage.changed', 'memory.changed']);
  const nothing: unknown = JSON.parse(await run('archival_memory_search', { query: 'garden' }));
  expect(nothing).toMatchObject({ results: [], count: 0, note: expect.stringContaining('garden') as string });
});

const talk: readonly Said[] = [
  { role: 'user', text: 'My cat is called Figo', at: '2026-07-01T22:30:00.000000Z' },
  { role: 'assistant', text: 'Figo is a fine name for cats', at: '2026-07-02T10:00:00.000000Z' },
  { role: 'tool', name: 'conversation_search', text: 'Figo Figo Figo', at: '2026-07-02T10:00:01.000000Z' },
  { role: 'tool', name: 'weather', text: 'Sunny where Figo is', at: '2026-07-02T23:30:00.000000Z' },
  { role: 'user', text: 'What did I say about Figo?', at: '2026-07-03T10:00:00.000000Z' },
];
const contents = (answer: string): string[] =>
  (JSON.parse(answer) as { results: { content: string }[] }).results.map((result) => result.content);

test('what was said is found by words; the question itself and answers of memory tools are not', async () => {
  const { run } = await setUp(talk);
  const found = contents(await run('conversation_search', { query: 'Figo' }));
  expect(found.toSorted()).toEqual([
    'Figo is a fine name for cats',
    'My cat is called Figo',
    'Sunny where Figo is',
  ]);
  expect(contents(await run('conversation_search', { query: 'Figo', roles: ['user'], limit: 1 }))).toEqual([
    'My cat is called Figo',
  ]);
  expect(await run('conversation_search', { query: 'dinosaur' })).toContain('"note"');
});

test('roles, whole days in the time zone and pages work without a query', async () => {
  const { run } = await setUp(talk);
  // 23:30 UTC is half past midnight of the next day in Lisbon's summer.
  const day = { start_date: '2026-07-02', end_date: '2026-07-02' };
  expect(contents(await run('conversation_search', day))).toEqual(['Figo is a fine name for cats']);
  expect(contents(await run('conversation_search', { roles: ['user'] }))).toEqual(['My cat is called Figo']);
  expect(contents(await run('conversation_search', { limit: 1, page: 1 }))).toEqual([
    'Figo is a fine name for cats',
  ]);
  await expect(run('conversation_search', { start_date: 'soon' })).rejects.toThrow('"soon" is not a date.');
});

test.each([1e18, -1, 10_001])('page %d is refused with the bounds', async (page) => {
  const { run } = await setUp(talk);
  await expect(run('conversation_search', { page, limit: 100 })).rejects.toMatchObject({
    code: 'invalid_input',
    message: `"page" must be from 0 to 10000, not ${page}. Nothing was searched.`,
  });
});

test('in a time zone that is not known, dates are in UTC and the answer says so', async () => {
  const { run } = await setUp(talk, 'Mars/Phobos');
  const day = { start_date: '2026-07-01', end_date: '2026-07-01' };
  const said: unknown = JSON.parse(await run('conversation_search', day));
  const note = expect.stringContaining('"Mars/Phobos" is not known here') as string;
  expect(said).toMatchObject({ results: [{ timestamp: '2026-07-01T22:30:00+00:00' }], count: 1, note });
  const filed: unknown = JSON.parse(
    await run('archival_memory_search', { query: 'x', start_datetime: '2026-07-01' }),
  );
  expect(filed).toMatchObject({ count: 0, note });
});

test('every kind of agent gets tools that exist, and the default sets stay small', () => {
  for (const type of ['letta_v1_agent', 'memgpt_agent', 'sleeptime_agent', 'react_agent'] as const) {
    const tools = registry.defaultTools(type).map((name) => registry.get(name));
    expect(tools).not.toContain(null);
    const schemas = tools.map((tool) => ({
      type: 'function',
      function: { name: tool?.name, description: tool?.description, parameters: tool?.parameters },
    }));
    expect(countTokens(JSON.stringify(schemas))).toBeLessThanOrEqual(1200);
  }
  expect(registry.get('send_message')?.terminal).toBe(true);
  expect(registry.get('run_code')).toBeNull();
});
