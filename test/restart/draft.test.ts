import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteHandle from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { createRuntime } from '../../electron/agent/runtime.ts';
import { systemClock } from '../../electron/store/clock.ts';
import { openStore, STORE_FILE } from '../../electron/store/open.ts';
import { listMessages } from '../../electron/store/messages.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { makeAgent } from '../agent/make-agent.ts';
import { patientRegistry } from '../agent/stage.ts';
import { startScriptedModel } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

function startChild(folder: string, conversation_id: string, base_url: string): ChildProcess {
  const child = spawn(process.execPath, [CHILD, folder, conversation_id, base_url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What another process sees of the draft that is saved. */
function savedDraft(folder: string): string | undefined {
  const handle = new SqliteHandle(join(folder, STORE_FILE), { readonly: true });
  try {
    return handle.prepare('select text from draft').pluck().get() as string | undefined;
  } finally {
    handle.close();
  }
}

test('of an answer under way when the process is killed, all but the last second is there, and the agent answers', async () => {
  const folder = tempDir();
  const first = await openStore(folder);
  const { conversation_id } = await makeAgent(first.database);
  await first.database.close();
  const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
  const chunks = [{ text: 'A long ' }, { text: 'answer' }, { text: ' never ends.', after: held }];
  const model = await startScriptedModel([
    { kind: 'chunks', chunks },
    { kind: 'text', text: 'Here.' },
  ]);
  onTestFinished(() => model.close());
  const child = startChild(folder, conversation_id, model.base_url);
  await model.received(1);
  await expect.poll(() => savedDraft(folder), { timeout: 10_000, interval: 50 }).toBe('A long answer');
  child.kill('SIGKILL');
  await once(child, 'exit');
  release(undefined);
  const { database } = await openStore(folder);
  onTestFinished(() => database.close());
  const runtime = createRuntime({
    database,
    models: patientRegistry(model.base_url),
    tools: createToolRegistry(),
    clock: systemClock,
    emit: () => undefined,
    log: () => undefined,
    instance_id: 'next',
  });
  onTestFinished(() => runtime.close());
  await runtime.recover();
  const talk = async (): Promise<unknown> => {
    const { messages } = await listMessages(database.read, { conversation_id, limit: 10 });
    return messages.map(({ role, text, status }) => [role, text.split(' otid')[0], status]);
  };
  expect(await talk()).toEqual([
    ['user', 'Remember', 'complete'],
    ['assistant', 'A long answer', 'interrupted'],
  ]);
  const { inbox_id } = await runtime.send(conversation_id, { text: 'Are you there?', otid: 'next' });
  expect((await runtime.waitFor(inbox_id)).state).toBe('completed');
  expect(model.refusals).toEqual([]);
}, 30_000);
