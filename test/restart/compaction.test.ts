import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createRuntime } from '../../electron/agent/runtime.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { systemClock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { openStore } from '../../electron/store/open.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { makeAgent } from '../agent/make-agent.ts';
import { asksForSummary, SMALL } from '../agent/compaction/talk.ts';
import { words } from '../agent/compaction/window-items.ts';
import { type ScriptedAnswer, startScriptedModel } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** Talks in a process of its own until it asks for a summary, kills it then, and opens its store again. */
async function killAtSummary(answer: ScriptedAnswer, kill_after_ms: number) {
  const folder = tempDir();
  const prepared = await openStore(folder);
  const { conversation_id, agent } = await makeAgent(prepared.database, SMALL);
  await prepared.database.close();
  let is_asked = (): void => undefined;
  const asked = new Promise<void>((resolve) => (is_asked = resolve));
  const model = await startScriptedModel((request) => {
    if (!asksForSummary(request)) return { kind: 'text', text: words(900, 3) };
    is_asked();
    return answer;
  });
  onTestFinished(() => model.close());
  const script = fileURLToPath(new URL('child.ts', import.meta.url));
  const args = [script, folder, conversation_id, model.base_url];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  await asked;
  await new Promise((resolve) => setTimeout(resolve, kill_after_ms));
  child.kill('SIGKILL');
  await ended;
  const { database } = await openStore(folder);
  onTestFinished(() => database.close());
  return { database, conversation_id, agent_id: agent.id, model };
}

type Seen = { readonly summaries: number; readonly hidden: number; readonly shown: number };

/** How a window stands to its history: which messages it shows, and which a summary stands for. */
async function look(database: Database, conversation_id: string): Promise<Seen> {
  const messages = await database.read
    .selectFrom('message')
    .select(['id', 'seq'])
    .where('conversation_id', '=', conversation_id)
    .execute();
  const entries = await database.read
    .selectFrom('window_entry')
    .select(['kind', 'ref'])
    .where('conversation_id', '=', conversation_id)
    .execute();
  const summaries = await database.read.selectFrom('summary').selectAll().execute();
  const shown = new Set(entries.filter(({ kind }) => kind === 'message').map(({ ref }) => ref));
  const refs = entries.filter(({ kind }) => kind === 'summary').map(({ ref }) => ref);
  expect(refs.toSorted()).toEqual(summaries.map(({ id }) => id).toSorted());
  const hidden = messages.filter(({ id }) => !shown.has(id)).map(({ seq }) => seq);
  const covered = summaries.flatMap(({ covers_from_seq, covers_to_seq }) =>
    Array.from({ length: covers_to_seq - covers_from_seq + 1 }, (_one, index) => covers_from_seq + index),
  );
  expect(hidden).toEqual(covered);
  return { summaries: summaries.length, hidden: hidden.length, shown: shown.size };
}

async function answersNext(stage: Awaited<ReturnType<typeof killAtSummary>>): Promise<string> {
  const runtime = createRuntime({
    database: stage.database,
    models: createModelRegistry({ env: { OPENAI_API_KEY: 'sk-test' } }),
    tools: createToolRegistry(),
    clock: systemClock,
    emit: () => undefined,
    log: () => undefined,
    instance_id: 'next',
  });
  await stage.database.transaction((tx) =>
    tx.updateTable('agent').set({ model: 'memoir/offline' }).where('id', '=', stage.agent_id).execute(),
  );
  await runtime.recover();
  const { inbox_id } = await runtime.send(stage.conversation_id, { text: 'Are you there?', otid: 'next' });
  const { state } = await runtime.waitFor(inbox_id);
  await runtime.close();
  return state;
}

test('a process killed while a summary is written leaves the window as it was, and the agent answers next', async () => {
  const stage = await killAtSummary({ kind: 'hang', first: 'They' }, 20);
  expect(await look(stage.database, stage.conversation_id)).toMatchObject({ summaries: 0, hidden: 0 });
  expect(await answersNext(stage)).toBe('completed');
}, 60_000);

test('killed around the swap, the window is the one before or the one after, never half of each', async () => {
  for (const wait_ms of [0, 3, 6, 12]) {
    const stage = await killAtSummary({ kind: 'text', text: 'They spoke.' }, wait_ms);
    const seen = await look(stage.database, stage.conversation_id);
    expect(seen.summaries === 0 ? seen.hidden : seen.shown).toBe(seen.summaries === 0 ? 0 : seen.shown);
    expect(await answersNext(stage)).toBe('completed');
    await look(stage.database, stage.conversation_id);
  }
}, 90_000);
