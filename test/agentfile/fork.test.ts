import { expect, onTestFinished, test } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { forkAgent } from '../../electron/agentfile/fork.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { createRuntime, type Runtime } from '../../electron/agent/runtime.ts';
import { addPassage, deletePassage, editPassage } from '../../electron/memory/archival.ts';
import {
  createBlock,
  deleteBlock,
  editBlock,
  shareBlock,
  unshareBlock,
} from '../../electron/memory/blocks.ts';
import { directCause } from '../../electron/memory/cause.ts';
import type { Clock } from '../../electron/store/clock.ts';
import type { Database, Write } from '../../electron/store/database.ts';
import { chainDigest } from '../../electron/store/encoding.ts';
import { type BackupRow, type BackupRows, readBackupRows } from '../../electron/store/import.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { makeAgent } from '../agent/make-agent.ts';
import { patientRegistry } from '../agent/stage.ts';
import { type ScriptedAnswer, type ScriptedRequest, startScriptedModel } from '../helpers/scripted-openai.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { windowFaults } from './window-faults.ts';

const MEMORY = `json_object(
  'blocks', (select json_group_array(json_array(label, value, char_limit, read_only, block.tags) order by agent_block.ord)
    from agent_block join block on block.id = block_id where agent_id = $agent and deleted_at is null),
  'entries', (select json_group_array(json_array(text, (select json_group_array(tag order by tag) from passage_tag
      where passage_ord = passage.ord)) order by passage.ord)
    from passage join agent_archive on agent_archive.archive_id = passage.archive_id
    where agent_id = $agent and deleted_at is null))`;

const tools = ['memory_insert', 'memory_replace', 'archival_memory_insert'];

/** Does what it is told: `note X` edits the block, `file X` the archive, `both X` both in one answer. */
function obey(request: ScriptedRequest): ScriptedAnswer {
  const last = request.messages.at(-1);
  const [verb, ...rest] =
    (last?.role === 'user' ? (last.content ?? '') : '').split('\n')[0]?.split(' ') ?? [];
  const what = rest.join(' ');
  const note = { name: 'memory_insert', arguments: { label: 'human', new_string: what } };
  const file = { name: 'archival_memory_insert', arguments: { content: what, tags: ['told'] } };
  if (verb === 'note') return { kind: 'calls', calls: [{ id: 'call_0', ...note }], text: 'I will.' };
  if (verb === 'file') return { kind: 'calls', calls: [{ id: 'call_0', ...file }] };
  if (verb !== 'both') return { kind: 'text', text: 'Done.' };
  return {
    kind: 'calls',
    calls: [
      { id: 'call_0', ...note },
      { id: 'call_1', ...file },
    ],
  };
}

type Life = {
  readonly database: Database;
  readonly clock: Clock;
  readonly agent_id: string;
  readonly conversation_id: string;
  readonly block_id: string;
  readonly ask: (text: string, conversation_id?: string) => Promise<void>;
  readonly runtime: Runtime;
};

async function begin(start?: string): Promise<Life> {
  const model = await startScriptedModel(obey);
  onTestFinished(() => model.close());
  const database = await tempStore();
  const clock = steppingClock(start);
  const { agent, conversation_id, block_id } = await makeAgent(database, { tools });
  const runtime = createRuntime({
    database,
    models: patientRegistry(model.base_url),
    tools: createToolRegistry(),
    clock,
    emit: () => undefined,
    log: () => undefined,
    instance_id: 'test',
  });
  onTestFinished(() => runtime.close());
  database.raw.exec(`create table seen (message_id text, memory text);
    create trigger remember after insert on message begin
      insert into seen select new.id, ${MEMORY.replaceAll('$agent', 'new.agent_id')}; end`);
  const ask: Life['ask'] = async (text, home = conversation_id) => {
    const { inbox_id } = await runtime.send(home, { text, otid: clock.newId('otid') });
    expect((await runtime.waitFor(inbox_id)).state).toBe('completed');
  };
  return { database, clock, agent_id: agent.id, conversation_id, block_id, ask, runtime };
}

function memoryOf({ database }: Life, agent_id: string): string {
  return database.raw.prepare(`select ${MEMORY}`).pluck().get({ agent: agent_id }) as string;
}

/** Talk in which every kind of change comes between messages: by the agent, a person, another agent, undone by time. */
async function live(life: Life): Promise<void> {
  const { database, clock, agent_id, block_id, ask } = life;
  const context = { clock, cause: directCause('user', agent_id) };
  const edit = (body: (tx: Write) => Promise<unknown>): Promise<unknown> => database.transaction(body);
  await ask('note Name: Kit');
  await edit((tx) => editBlock(tx, { block_id, value: 'By hand.', limit: 900, tags: ['x'] }, context));
  await ask('file The gate sticks');
  await ask('both Likes rain');
  const { other_id, cat_id } = await database.transaction(async (tx) => {
    const other = await makeOther(tx, clock);
    const cat = await createBlock(tx, { label: 'cat', value: 'Mia', agent_id }, context);
    await shareBlock(tx, { block_id: cat.block.id, agent_id: other });
    return { other_id: other, cat_id: cat.block.id };
  });
  await ask('hello');
  const theirs = { clock, cause: directCause('agent', other_id) };
  await edit((tx) => editBlock(tx, { block_id: cat_id, value: 'Mia and Leo' }, theirs));
  const passage = database.raw.prepare('select id from passage order by ord').pluck().get() as string;
  await edit((tx) =>
    editPassage(tx, { passage_id: passage, base_version: 1, text: 'Mended', tags: ['y'] }, context),
  );
  await ask('note Likes snow');
  await edit((tx) => unshareBlock(tx, { block_id: cat_id, agent_id }, context));
  await edit((tx) => deletePassage(tx, passage, context));
  await ask('hello again');
  await edit((tx) => addPassage(tx, { agent_id, text: 'By hand, too', tags: [] }, context));
  await edit((tx) => deleteBlock(tx, block_id, context));
  await ask('still there?');
  await edit((tx) => createBlock(tx, { label: 'human', value: 'Anew', agent_id }, context));
  await ask('both Ends');
}

async function makeOther(tx: Write, clock: Clock): Promise<string> {
  const id = clock.newId('agent');
  const row = await tx.selectFrom('agent').selectAll().executeTakeFirstOrThrow();
  await tx
    .insertInto('agent')
    .values({ ...row, id, name: 'Other' })
    .execute();
  return id;
}

const summaryText = ({ text }: { readonly text: string }): string => text;

/** Every row of an agent, and of what it shares. */
async function rowsOf({ database }: Life, agent_id: string): Promise<BackupRows> {
  return readBackupRows(database.read, agent_id);
}

function messageIds({ database }: Life, conversation_id: string): string[] {
  const query = 'select id from message where conversation_id = ? order by seq';
  return database.raw.prepare(query).pluck().all(conversation_id) as string[];
}

test('a fork at every message of a talk has the memory the agent had with that message', async () => {
  const life = await begin();
  await live(life);
  const { database, clock, conversation_id } = life;
  const seen = database.raw.prepare('select message_id, memory from seen').all() as {
    message_id: string;
    memory: string;
  }[];
  expect(seen.length).toBeGreaterThan(20);
  expect(new Set(seen.map(({ memory }) => memory)).size).toBeGreaterThan(8);
  for (const { message_id, memory } of seen) {
    const input = { conversation_id, message_id };
    const fork = await forkAgent(database, input, { clock, summaryText });
    expect(JSON.parse(memoryOf(life, fork.agent_id)), message_id).toEqual(JSON.parse(memory));
    const rows = await readBackupRows(database.read, fork.agent_id);
    expect(await windowFaults(database, rows)).toEqual([null]);
  }
}, 60_000);

test('of an agent that came from a file, too: its versions say by which call and when they were made', async () => {
  const life = await begin('2030-01-01T00:00:00Z');
  const { database, clock, agent_id, block_id, ask } = life;
  const context = { clock, cause: directCause('user', agent_id) };
  await ask('note Name: Kit');
  await database.transaction((tx) => editBlock(tx, { block_id, value: 'By hand.' }, context));
  await ask('both Likes rain');
  await ask('file The gate sticks');
  const seen = database.raw.prepare('select memory from seen').pluck().all() as string[];
  const options = { scrub_messages: false, clock, toolSchemas: new Map() };
  const { file } = await exportAgent(database.read, agent_id, options);
  const other: Life = { ...life, database: await tempStore() };
  const importing = { strip_messages: false, clock };
  const { agent_ids } = await importAgentFile(other.database, JSON.stringify(file), importing);
  const home = other.database.raw.prepare('select id from conversation').pluck().get() as string;
  expect(messageIds(other, home).length).toBe(seen.length);
  expect(new Set(seen).size).toBe(6);
  for (const [index, message_id] of messageIds(other, home).entries()) {
    const input = { conversation_id: home, message_id };
    const fork = await forkAgent(other.database, input, { clock, summaryText });
    expect(JSON.parse(memoryOf(other, fork.agent_id)), String(index)).toEqual(JSON.parse(seen[index] ?? ''));
  }
  expect(agent_ids.length).toBe(1);
});

test('a fork leaves every row of the agent it came from as it was, and shares none', async () => {
  const life = await begin();
  await live(life);
  const { database, clock, agent_id, conversation_id } = life;
  const before = await rowsOf(life, agent_id);
  const [, , third = ''] = messageIds(life, conversation_id);
  for (const input of [{ conversation_id }, { conversation_id, message_id: third }]) {
    const fork = await forkAgent(database, input, { clock, summaryText });
    expect(await rowsOf(life, agent_id)).toEqual(before);
    const made = await rowsOf(life, fork.agent_id);
    const old = new Set(Object.values(before).flatMap((rows) => rows.map((row) => row['id'])));
    const shared = Object.values(made)
      .flat()
      .filter((row) => row['id'] !== undefined && old.has(row['id']));
    expect(shared).toEqual([]);
  }
});

/** Rows under the ids they have in a fork, with what a fork gives anew left out. */
function forked(life: Life, rows: readonly BackupRow[], without: readonly string[] = []): string[] {
  const links = life.database.raw.prepare('select foreign_id, local_id from import_id').raw().all();
  const map = new Map(links as [string, string][]);
  return rows.map((row) => {
    const told = { ...row, ord: 0, digest: '', ...Object.fromEntries(without.map((name) => [name, null])) };
    return JSON.stringify(told).replaceAll(/[a-z]+-[0-9a-f-]{36}/gu, (id) => map.get(id) ?? id);
  });
}

test('a fork has whole rows: the history, runs, steps, calls and versions until then, linked to where they came from', async () => {
  const life = await begin();
  await live(life);
  const { database, clock, agent_id, conversation_id } = life;
  const ids = messageIds(life, conversation_id);
  // The end of the third turn: nothing is cut in two.
  const message_id = ids[12] ?? '';
  const before = await rowsOf(life, agent_id);
  const fork = await forkAgent(
    database,
    { conversation_id, message_id, name: 'Other life' },
    { clock, summaryText },
  );
  const after = await rowsOf(life, fork.agent_id);
  const kept = before.message.filter((row) => Number(row['seq']) <= 13);
  const runs = new Set(kept.map((row) => row['run_id']));
  const own = (row: BackupRow): boolean => runs.has(row['run_id'] ?? row['id'] ?? null);
  expect(forked(life, after.message)).toEqual(forked(life, kept));
  expect(forked(life, after.run)).toEqual(forked(life, before.run.filter(own)));
  expect(forked(life, after.step)).toEqual(forked(life, before.step.filter(own)));
  expect(forked(life, after.tool_call)).toEqual(forked(life, before.tool_call.filter(own)));
  expect(after.message.at(-1)).toMatchObject({ seq: 13, agent_id: fork.agent_id });
  expect(after.conversation).toMatchObject([
    { id: fork.conversation_id, is_default: 1, parent_id: null, next_seq: 14, memory_snapshot: null },
  ]);
  expect(after.agent).toMatchObject([{ id: fork.agent_id, name: 'Other life', deleted_at: null }]);
  const { block_id } = life;
  const versions = before.block_version.filter(
    (row) => row['block_id'] === block_id && Number(row['version']) <= 4,
  );
  expect(forked(life, after.block_version, ['undone_by'])).toEqual(forked(life, versions, ['undone_by']));
  const linked = database.raw.prepare('select count(*) from import_id where source = ?').pluck();
  expect(linked.get(`fork:${agent_id}`)).toBeGreaterThan(30);
});

test('the chain of digests of a fork holds, and its window shows what the first one showed', async () => {
  const life = await begin();
  await live(life);
  const { database, clock, conversation_id } = life;
  const message_id = messageIds(life, conversation_id)[7] ?? '';
  const fork = await forkAgent(database, { conversation_id, message_id }, { clock, summaryText });
  const rows = await rowsOf(life, fork.agent_id);
  let previous = '';
  for (const row of rows.message) {
    const facts = ['id', 'seq', 'role', 'created_at', 'content', 'tool_calls', 'tool_call_id', 'status'];
    const found = String(row['digest']);
    const told = facts.map((name) => String(row[name] ?? ''));
    expect(found).toBe(chainDigest(previous, told, found.split('.')[0]));
    previous = found;
  }
  expect(rows.conversation[0]?.['digest']).toBe(previous);
  expect(rows.window_entry.map((row) => row['ref'])).toEqual(rows.message.map((row) => row['id']));
});

test('a fork between a call and its result says that the outcome is unknown, and its agent answers', async () => {
  const life = await begin();
  await life.ask('note Name: Kit');
  const { database, clock, conversation_id, runtime } = life;
  const message_id = messageIds(life, conversation_id)[1] ?? '';
  const fork = await forkAgent(database, { conversation_id, message_id }, { clock, summaryText });
  const rows = await rowsOf(life, fork.agent_id);
  expect(rows.message.map((row) => [row['role'], row['text']])).toEqual([
    ['user', 'note Name: Kit'],
    ['assistant', 'I will.'],
    ['tool', 'Outcome unknown: the talk was forked before this had its result.'],
  ]);
  expect(rows.tool_call).toMatchObject([{ state: 'unknown' }]);
  expect(rows.run).toMatchObject([{ state: 'interrupted', step_count: 1 }]);
  const resumed = await runtime.resume(String(rows.run[0]?.['id']));
  expect((await runtime.waitFor(resumed.id)).state).toBe('completed');
  await life.ask('hello', fork.conversation_id);
});

test('what a compaction took out of sight is in a fork: by its summary, or in full where it came later', async () => {
  const life = await begin();
  for (const text of ['one', 'two', 'three', 'four']) await life.ask(text);
  const { database, clock, conversation_id } = life;
  const ids = messageIds(life, conversation_id);
  const summary = clock.newId('summary');
  database.raw.exec(`delete from window_entry where ord <= 4;
    insert into summary (id, conversation_id, text, covers_from_seq, covers_to_seq, created_at)
      values ('${summary}', '${conversation_id}', 'Two turns.', 1, 4, '${clock.now()}');
    insert into window_entry values ('${conversation_id}', 1, 'summary', '${summary}', 'Two turns.')`);
  const shownIn = async (message_id: string | undefined): Promise<unknown> => {
    const fork = await forkAgent(database, { conversation_id, message_id }, { clock, summaryText });
    const { window_entry, message } = await rowsOf(life, fork.agent_id);
    const numbers = new Map(message.map((row) => [row['id'] ?? null, row['seq']]));
    return [message.length, window_entry.map((row) => numbers.get(row['ref'] ?? null) ?? row['text'])];
  };
  expect(await shownIn(ids[5])).toEqual([6, ['Two turns.', 5, 6]]);
  expect(await shownIn(ids[2])).toEqual([3, [1, 2, 3]]);
  expect(await shownIn(undefined)).toEqual([8, ['Two turns.', 5, 6, 7, 8]]);
});
