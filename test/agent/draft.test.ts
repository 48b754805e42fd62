import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { createRuntime } from '../../electron/agent/runtime.ts';
import { systemClock } from '../../electron/store/clock.ts';
import { listMessages } from '../../electron/store/messages.ts';
import { openStore, STORE_FILE } from '../../electron/store/open.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { deltaFrame, type ScriptedAnswer } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { tempStore } from '../helpers/temp-store.ts';
import { patientRegistry, setPatientStage, setStage, type Stage } from './stage.ts';

function held(first: string): { readonly answer: ScriptedAnswer; readonly release: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const chunks = [{ text: first }, { text: ' and more.', after: promise }];
  return { answer: { kind: 'chunks', chunks }, release: () => resolve(undefined) };
}

async function drafts(stage: Stage) {
  return stage.database.read.selectFrom('draft').select(['text', 'reasoning']).execute();
}

async function history(stage: Stage) {
  const page = { conversation_id: stage.conversation_id, limit: 100 };
  const { messages } = await listMessages(stage.database.read, page);
  return messages.map(({ role, text, status }) => [role, text, status]);
}

/** Sends a message and resolves when its answer has begun to stream. */
async function begin(stage: Stage): Promise<string> {
  const { inbox_id } = await stage.runtime.send(stage.conversation_id, { text: 'Hi', otid: 'one' });
  await stage.seen((event) => event.type === 'message.delta');
  return inbox_id;
}

/** The store as a crash left it, and the runtime of the next start. */
async function reopened(stage: Stage, copy: Buffer) {
  const folder = tempDir();
  writeFileSync(join(folder, STORE_FILE), copy);
  const { database } = await openStore(folder);
  onTestFinished(() => database.close());
  const runtime = createRuntime({
    database,
    models: patientRegistry(stage.model.base_url),
    tools: createToolRegistry(),
    clock: systemClock,
    emit: () => undefined,
    log: () => undefined,
    instance_id: 'next',
  });
  onTestFinished(() => runtime.close());
  return { database, runtime };
}

/** Lets what was begun be written: the store takes writes in the order they came. */
async function written(stage: Stage): Promise<void> {
  await stage.database.transaction(async () => undefined);
}

test('streamed text is saved after a second, and gone once its answer is kept', async () => {
  const { answer, release } = held('Hello');
  const stage = await setPatientStage([answer]);
  const inbox_id = await begin(stage);
  expect(await drafts(stage)).toEqual([]);
  stage.later();
  await written(stage);
  expect(await drafts(stage)).toEqual([{ text: 'Hello', reasoning: '' }]);
  release();
  await stage.runtime.waitFor(inbox_id);
  expect(await drafts(stage)).toEqual([]);
  expect(await history(stage)).toEqual([
    ['user', 'Hi', 'complete'],
    ['assistant', 'Hello and more.', 'complete'],
  ]);
});

test('two thousand characters are saved without waiting', async () => {
  const long = 'word '.repeat(400);
  const { answer, release } = held(long);
  const stage = await setPatientStage([answer]);
  const inbox_id = await begin(stage);
  await written(stage);
  expect(await drafts(stage)).toEqual([{ text: long, reasoning: '' }]);
  release();
  await stage.runtime.waitFor(inbox_id);
});

test('an answer that is whole within a second is written once', async () => {
  const stage = await setStage([{ kind: 'text', text: 'Hello Kit.' }]);
  stage.database.raw.exec(`create table seen (text text);
    create trigger watch after insert on draft begin insert into seen values (new.text); end`);
  const inbox_id = await begin(stage);
  await stage.runtime.waitFor(inbox_id);
  stage.later();
  await written(stage);
  expect(stage.database.raw.prepare('select count(*) from seen').pluck().get()).toBe(0);
});

test('after a crash the saved text is an interrupted message, and the agent answers next', async () => {
  const { answer, release } = held('Half an ans');
  const stage = await setPatientStage([answer, { kind: 'text', text: 'Here.' }]);
  const inbox_id = await begin(stage);
  stage.later();
  await written(stage);
  const copy = stage.database.raw.serialize();
  release();
  await stage.runtime.waitFor(inbox_id);
  const { database, runtime } = await reopened(stage, copy);
  await runtime.recover();
  const { conversation_id } = stage;
  const after = await history({ ...stage, database });
  expect(after).toEqual([
    ['user', 'Hi', 'complete'],
    ['assistant', 'Half an ans', 'interrupted'],
  ]);
  expect(await drafts({ ...stage, database })).toEqual([]);
  expect(await runtime.current(conversation_id)).toMatchObject({
    run: { state: 'interrupted' },
    draft: null,
  });
  const next = await runtime.send(conversation_id, { text: 'Still there?', otid: 'two' });
  expect((await runtime.waitFor(next.inbox_id)).state).toBe('completed');
  expect((await history({ ...stage, database })).at(-1)).toEqual(['assistant', 'Here.', 'complete']);
});

test('a backup made while an answer streams holds what was saved of it, as interrupted', async () => {
  const { answer, release } = held('Half an ans');
  const stage = await setPatientStage([answer]);
  const inbox_id = await begin(stage);
  stage.later();
  await written(stage);
  const options = { scrub_messages: false, clock: systemClock, toolSchemas: new Map() };
  const { file } = await exportAgent(stage.database.read, stage.agent.id, options);
  release();
  await stage.runtime.waitFor(inbox_id);
  const other = await tempStore();
  await importAgentFile(other, JSON.stringify(file), { strip_messages: false, clock: systemClock });
  const kept = await other.read.selectFrom('message').select(['seq', 'text', 'status', 'content']).execute();
  expect(kept).toEqual([
    expect.objectContaining({ seq: 1, text: 'Hi' }),
    {
      seq: 2,
      text: 'Half an ans',
      status: 'interrupted',
      content: '[{"type":"text","text":"Half an ans"}]',
    },
  ]);
  const shown = await other.read.selectFrom('window_entry').select('kind').execute();
  expect(shown.length).toBe(2);
});

test('speech that streamed into a call is kept when the answer breaks off', async () => {
  const spoken = { name: 'send_message', arguments: '{"message":"Half a thought' };
  const call = { index: 0, id: 'call_0', type: 'function', function: spoken };
  const stage = await setStage([{ kind: 'raw', body: deltaFrame({ tool_calls: [call] }) }], {
    agent_type: 'memgpt_agent',
    tools: ['send_message'],
  });
  const { inbox_id } = await stage.runtime.send(stage.conversation_id, { text: 'Hi', otid: 'one' });
  expect((await stage.runtime.waitFor(inbox_id)).state).toBe('failed');
  expect(await history(stage)).toEqual([
    ['user', 'Hi', 'complete'],
    ['assistant', 'Half a thought', 'interrupted'],
  ]);
});

test('the lease of a run is renewed while it is at work, and gone with its end', async () => {
  const { answer, release } = held('Hello');
  const stage = await setPatientStage([answer]);
  const inbox_id = await begin(stage);
  const leases = (): unknown =>
    stage.database.raw
      .prepare('select lease_until from run union all select lease_until from inbox')
      .pluck()
      .all();
  const [first] = leases() as string[];
  expect(leases()).toEqual([first, first]);
  expect(Date.parse(first ?? '') - Date.now()).toBeGreaterThan(25_000);
  stage.database.raw.exec("update run set lease_until = '2026-01-01T00:00:00.000000Z'");
  stage.later();
  await written(stage);
  expect((leases() as string[]).every((until) => Date.parse(until) - Date.now() > 25_000)).toBe(true);
  release();
  await stage.runtime.waitFor(inbox_id);
  expect(leases()).toEqual([null, null]);
});
