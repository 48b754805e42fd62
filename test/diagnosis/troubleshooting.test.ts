/** The troubleshooting table: each row planted for real and read through the API, and the same agent in health. */
import { renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openBackend } from '../../electron/backend.ts';
import { diagnose } from '../../electron/diagnosis/diagnose.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { startServer } from '../../electron/server.ts';
import { type Clock, systemClock } from '../../electron/store/clock.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { type Check, check_id, type CheckId, type Diagnosis } from '../../shared/contract/diagnosis.ts';
import { makeScriptedAgent, openScripted, SCRIPTED, startModel } from '../api/scripted-backend.ts';
import { setStage } from '../agent/stage.ts';
import { call } from '../helpers/call.ts';
import type { Script, ScriptedAnswer } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';

type Fields = NonNullable<Parameters<typeof makeScriptedAgent>[1]>;

/** An agent whose model answers by a script, and its diagnosis. */
async function play(script: Script, fields: Fields = {}, clock?: Clock) {
  const model = await startModel(script);
  const scripted = await openScripted(model, tempDir(), clock);
  const { backend } = scripted;
  const ids = await makeScriptedAgent(backend, fields);
  const diagnose = (): Promise<Diagnosis> => backend.call('system.diagnose', { agent_id: ids.agent_id });
  const ask = (text = 'Hello'): ReturnType<typeof scripted.ask> => scripted.ask(ids.conversation_id, text);
  const row = async (id: CheckId): Promise<Check> => rowOf(await diagnose(), id);
  return { ...scripted, ...ids, model, diagnose, ask, row };
}

function rowOf({ checks }: Diagnosis, id: CheckId): Check {
  const found = checks.find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no row ${id}.`);
  return found;
}

function factsOf({ facts }: Check): Record<string, unknown> {
  return Object.fromEntries(facts.map(({ name, value }) => [name, value]));
}

/** A clock that only moves when told to. */
function standingClock(): Clock & { pass: (ms: number) => void } {
  let now_ms = Date.parse('2026-11-21T14:00:00.000Z');
  return {
    now: () => `${new Date(now_ms).toISOString().slice(0, -1)}000Z`,
    newId: systemClock.newId,
    ticks: () => now_ms,
    pass: (ms) => (now_ms += ms),
  };
}

const hello: ScriptedAnswer = { kind: 'text', text: 'Here I am.' };
const search = (query: string): ScriptedAnswer => ({
  kind: 'calls',
  calls: [{ name: 'archival_memory_search', arguments: { query } }],
});

describe('an agent in health', () => {
  test('is fine in every row, with its numbers, and the report says so', async () => {
    const append = { name: 'core_memory_append', arguments: { label: 'human', content: 'Ana' } };
    const { ask, diagnose, backend, agent_id } = await play(
      [{ kind: 'calls', calls: [append] }, search('lighthouse'), hello],
      { tools: ['core_memory_append'] },
    );
    await backend.call('blocks.create', { agent_id, label: 'human', value: 'Someone' });
    await backend.call('archive.add', { agent_id, text: 'The lighthouse stands in Sines.', tags: [] });
    await ask();
    const found = await diagnose();
    expect(found.checks.map(({ id }) => id)).toEqual(check_id.options);
    expect(found.checks.map(({ id, state, reason }) => [id, state, reason])).toEqual(
      check_id.options.map((id) => [id, 'ok', id === 'connection' ? 'no_server' : 'fine']),
    );
    expect(found).toMatchObject({ state: 'ok', agent_id, agent_name: 'Kit' });
    expect(factsOf(rowOf(found, 'memory_not_kept'))).toMatchObject({
      store_writable: true,
      store_synchronous: 'full',
      store_integrity: 'ok',
      last_memory_change_at: expect.any(String) as unknown,
      free_bytes: expect.any(Number) as unknown,
    });
    expect(factsOf(rowOf(found, 'empty_search'))).toMatchObject({
      entries: 1,
      searches: 1,
      empty_searches: 0,
    });
    expect(factsOf(rowOf(found, 'slow_answers'))).toMatchObject({ steps: 3, searches_per_turn: 1 });
    expect(factsOf(rowOf(found, 'tool_failures'))).toMatchObject({ calls: 2, failed_calls: 0 });
  });

  test('without an id the agent used last is looked at, and no other computer is asked', async () => {
    const { ask, backend, agent_id, model } = await play([hello]);
    await ask();
    const asked = model.requests.length;
    expect(await backend.call('system.diagnose', {})).toMatchObject({ agent_id });
    expect(model.requests).toHaveLength(asked);
  });
});

describe('no answer', () => {
  test('because the key was refused: says who refused it and where to enter it again', async () => {
    const { ask, row } = await play([
      { kind: 'status', status: 401, message: 'Incorrect API key provided.' },
    ]);
    await ask();
    expect(await row('no_answer')).toMatchObject({
      state: 'trouble',
      reason: 'model_auth',
      cause: expect.stringContaining('refused to let us in (401)') as unknown,
      cure: expect.stringContaining('Enter the key') as unknown,
      action: { place: 'connect_model', item_id: 'openai' },
    });
  });

  test('because the model is not there: names it', async () => {
    const { ask, row } = await play([{ kind: 'status', status: 404, message: 'No such model.' }]);
    await ask();
    const found = await row('no_answer');
    expect(found).toMatchObject({ state: 'trouble', reason: 'model_error' });
    expect(found.cause).toContain('does not know the model gpt-4o-mini');
    expect(found.action).toEqual({ place: 'model_settings', item_id: 'openai' });
  });

  test('because the model server is gone: says what address was tried', async () => {
    const { ask, row, model } = await play([]);
    await model.close();
    await ask();
    const found = await row('no_answer');
    expect(found).toMatchObject({ state: 'trouble', reason: 'model_unreachable' });
    expect(factsOf(found)).toMatchObject({
      provider_address: model.base_url,
      last_error: 'model_unreachable',
    });
  });

  test('because the provider has no key any more: the demo model answers, and that is told', async () => {
    const dataDir = tempDir();
    const first = await openScripted(await startModel([hello]), dataDir);
    const { agent_id } = await makeScriptedAgent(first.backend);
    await first.backend.close();
    const backend = await openBackend({ dataDir, env: {}, log: () => undefined });
    onTestFinished(() => backend.close());
    const found = rowOf(await backend.call('system.diagnose', { agent_id }), 'no_answer');
    expect(found).toMatchObject({ state: 'attention', reason: 'provider_missing' });
    expect(found.cause).toContain(`The model ${SCRIPTED} needs OPENAI_API_KEY`);
  });

  test('is over after the next answer', async () => {
    const { ask, row } = await play([{ kind: 'status', status: 401 }, hello]);
    await ask();
    await ask();
    const found = await row('no_answer');
    expect(found).toMatchObject({ state: 'ok', reason: 'fine' });
    expect(factsOf(found)).toMatchObject({ failed_runs: 1, last_error: 'model_auth' });
  });
});

describe('memory not kept', () => {
  test('because the store may not be written: cause, cure, place, and the other rows are still looked at', async () => {
    const { database, runtime, agent } = await setStage([]);
    const deps = {
      database,
      runtime,
      clock: systemClock,
      models: createModelRegistry({ env: {} }),
      tools: createToolRegistry(),
    };
    const host = {
      version: '0',
      data_dir: dirname(database.raw.name),
      store: () => ({ state: 'ready' as const, message: null }),
      address: () => null,
      log_path: null,
      redact: (text: string) => text,
    };
    database.raw.pragma('query_only = ON');
    const found = await diagnose(deps, host, agent.id);
    database.raw.pragma('query_only = OFF');
    expect(rowOf(found, 'memory_not_kept')).toMatchObject({
      state: 'trouble',
      reason: 'store_read_only',
      cause: expect.stringContaining('may not write') as unknown,
      cure: expect.stringContaining('Allow Memoir to write') as unknown,
    });
    expect(factsOf(rowOf(found, 'memory_not_kept'))).toMatchObject({ store_writable: false });
    expect(rowOf(found, 'context_exceeded').state).toBe('ok');
  });

  test('because the file was moved away while Memoir runs', async () => {
    const { row, backend } = await play([]);
    const path = join(backend.data_dir, 'memoir.db');
    renameSync(path, `${path}.away`);
    expect(await row('memory_not_kept')).toMatchObject({ state: 'trouble', reason: 'file_gone' });
    renameSync(`${path}.away`, path);
  });

  test('because the store is damaged: the backend that did not open says so, and the rest waits for it', async () => {
    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'memoir.db'), 'no database at all, but some bytes'.repeat(100));
    const backend = await openBackend({ dataDir, env: {}, log: () => undefined });
    onTestFinished(() => backend.close());
    const found = await backend.call('system.diagnose', {});
    expect(rowOf(found, 'memory_not_kept')).toMatchObject({
      state: 'trouble',
      reason: 'corrupt',
      cause: expect.stringContaining('The store is damaged') as unknown,
      cure: expect.stringContaining('Restore a backup') as unknown,
    });
    expect(rowOf(found, 'no_answer')).toMatchObject({ state: 'attention', reason: 'not_looked_at' });
  });

  test('because the agent has no tool to change it', async () => {
    const { row, backend, agent_id } = await play([]);
    await backend.call('agents.update', { agent_id, tools: ['send_message'] });
    expect(await row('memory_not_kept')).toMatchObject({
      state: 'attention',
      reason: 'no_memory_tools',
      action: { place: 'tool_settings', item_id: null },
    });
  });
});

describe('context window exceeded', () => {
  test('as the provider reported it: its numbers, and which part to cut', async () => {
    const { ask, row } = await play([{ kind: 'overflow', limit: 8192, used: 9001 }]);
    await ask();
    const found = await row('context_exceeded');
    expect(found).toMatchObject({ state: 'trouble', reason: 'model_overflow' });
    expect(found.cause).toContain('it has 9,001 tokens and gpt-4o-mini holds 8,192');
    expect(found.cure).toMatch(/^The largest part is .*larger window/);
    expect(factsOf(found)).toMatchObject({
      window_tokens: 128_000,
      largest_part: expect.any(String) as unknown,
    });
  });

  test('soon, by core memory: its share and the block to shorten first', async () => {
    const { row, backend, agent_id } = await play([], { context_window_limit: 4096 });
    const text = 'Remember the harbour and its boats. '.repeat(230);
    const block = await backend.call('blocks.create', {
      agent_id,
      label: 'notes',
      value: text,
      limit: 20_000,
    });
    const found = await row('context_exceeded');
    expect(found).toMatchObject({
      state: 'attention',
      cure: expect.stringContaining('first the block notes') as unknown,
      action: { place: 'memory', item_id: block.id },
    });
    expect(Number(factsOf(found)['memory_percent'])).toBeGreaterThan(30);
    expect(factsOf(found)).toMatchObject({ window_tokens: 4096, largest_block: 'notes' });
  });
});

describe('archival search returns empty', () => {
  test('because nothing was filed: says so, and that no embedding model could be wrong', async () => {
    const { ask, row } = await play([search('tea'), hello]);
    await ask();
    const found = await row('empty_search');
    expect(found).toMatchObject({
      state: 'attention',
      reason: 'archive_empty',
      action: { place: 'archive', item_id: null },
    });
    expect(found.cause).toContain('1 search found nothing because of that');
    expect(found.cause).toContain('there is no embedding model in this version');
  });

  test('because no entry has the words: how many there are, and why the search gave nothing', async () => {
    const { ask, row, backend, agent_id } = await play([search('submarine'), hello]);
    await backend.call('archive.add', { agent_id, text: 'The lighthouse stands in Sines.', tags: [] });
    await ask();
    const found = await row('empty_search');
    expect(found).toMatchObject({ state: 'attention', reason: 'nothing_matched' });
    expect(found.cause).toContain('found nothing among 1 entry. None of the 1 entry has the word submarine');
    expect(factsOf(found)).toMatchObject({
      entries: 1,
      searches: 1,
      empty_searches: 1,
      search_method: 'words',
    });
  });
});

describe('slow answers', () => {
  test('by the model: the time is split, with tokens a second, and judged by numbers', async () => {
    const clock = standingClock();
    const { ask, row } = await play(
      () => {
        clock.pass(40_000);
        return hello;
      },
      {},
      clock,
    );
    await ask();
    await ask();
    const found = await row('slow_answers');
    expect(found).toMatchObject({ state: 'trouble', reason: 'slow_model', cure: 'Choose a faster model.' });
    expect(factsOf(found)).toMatchObject({
      model: SCRIPTED,
      steps: 2,
      step_median_ms: 40_000,
      model_median_ms: 40_000,
      tools_median_ms: 0,
      own_median_ms: 0,
      tokens_per_second: 0.5,
      searches_per_turn: 0,
    });
    expect(found.cause).toContain('took 40.0 s or more: 40.0 s of it for the model');
  });

  test('by many searches in a turn: counts them', async () => {
    const clock = standingClock();
    const searches = ['one', 'two', 'three', 'four', 'five'].map(search);
    const { ask, row } = await play(
      (_request, index) => {
        clock.pass(12_000);
        return searches[index] ?? hello;
      },
      {},
      clock,
    );
    await ask();
    const found = await row('slow_answers');
    expect(found).toMatchObject({ state: 'attention', reason: 'many_searches' });
    expect(factsOf(found)).toMatchObject({ searches_per_turn: 5, steps: 6 });
    expect(found.cure).toContain('searches 5 times');
  });

  test('while one is being waited for: since when', async () => {
    const clock = standingClock();
    const { backend, conversation_id, row, model } = await play([{ kind: 'hang' }], {}, clock);
    await backend.call('messages.send', { conversation_id, text: 'Hello', otid: 'one' });
    await model.received(1);
    clock.pass(14_000);
    expect(await row('slow_answers')).toMatchObject({
      state: 'attention',
      reason: 'waiting',
      cause: 'An answer is being waited for since 14.0 s.',
    });
  });
});

describe('tool execution fails', () => {
  test('by wrong arguments: which ones, in the words the model got; kept out of the report', async () => {
    const { ask, diagnose } = await play([
      { kind: 'calls', calls: [{ name: 'archival_memory_search', arguments: { question: 'secret diary' } }] },
      hello,
    ]);
    await ask();
    const found = await diagnose();
    const check = rowOf(found, 'tool_failures');
    expect(check).toMatchObject({ state: 'trouble', reason: 'wrong_arguments' });
    expect(check.cause).toContain('archival_memory_search was not run:');
    expect(factsOf(check)).toMatchObject({
      failed_tool: 'archival_memory_search',
      failed_calls: 1,
      failure_kind: 'wrong_arguments',
      failure: expect.stringContaining('"query"') as unknown,
    });
    expect(found.report).toContain('failed_tool=archival_memory_search');
    expect(found.report).not.toContain('secret diary');
  });

  test('by a tool that does not exist here', async () => {
    const { ask, row } = await play([
      { kind: 'calls', calls: [{ name: 'web_search', arguments: { query: 'tea' } }] },
      hello,
    ]);
    await ask();
    expect(await row('tool_failures')).toMatchObject({
      state: 'trouble',
      reason: 'unknown_tool',
      action: { place: 'tool_settings' },
    });
  });

  test('is only a note once the same tool worked', async () => {
    const { ask, row } = await play([
      { kind: 'calls', calls: [{ name: 'archival_memory_search', arguments: {} }] },
      search('tea'),
      hello,
    ]);
    await ask();
    expect(await row('tool_failures')).toMatchObject({ state: 'attention', reason: 'failed_before' });
  });
});

describe('connection refused', () => {
  test('a server tells the address it takes connections on, and the file of its log', async () => {
    const server = await startServer({
      port: 0,
      dataDir: tempDir(),
      env: {},
      log_path: '/somewhere/memoir.log',
    });
    onTestFinished(() => server.close());
    const found = rowOf(await call(server.url, 'system.diagnose', {}), 'connection');
    expect(found).toMatchObject({ state: 'ok', reason: 'fine' });
    expect(factsOf(found)).toMatchObject({ address: server.url, log_path: '/somewhere/memoir.log' });
  });

  test('a port that nothing listens on is trouble, with the cure', async () => {
    const closed = await startServer({ port: 0, dataDir: tempDir(), env: {} });
    await closed.close();
    const backend = await openBackend({
      dataDir: tempDir(),
      env: {},
      log: () => undefined,
      address: () => ({ url: closed.url, is_open: closed.isOpen() }),
    });
    onTestFinished(() => backend.close());
    expect(rowOf(await backend.call('system.diagnose', {}), 'connection')).toMatchObject({
      state: 'trouble',
      reason: 'refused',
      cause: `Memoir runs, but nothing takes connections on ${closed.url}.`,
      cure: expect.stringContaining('memoir server') as unknown,
    });
  });
});

describe('the report', () => {
  test('holds no key, nothing that was said or remembered and no name of the home folder', async () => {
    const { ask, diagnose, backend, agent_id } = await play([
      { kind: 'status', status: 400, message: 'Bad request: you said canary-said' },
    ]);
    await backend.call('archive.add', { agent_id, text: 'canary-remembered', tags: [] });
    await ask('canary-said');
    const { report } = await diagnose();
    expect(report).toContain('no_answer: model_error');
    for (const secret of ['sk-test', 'canary-said', 'canary-remembered'])
      expect(report).not.toContain(secret);
  });

  test('holds no key that was entered since the start, wherever a person put it as well', async () => {
    const { diagnose, backend, agent_id } = await play([]);
    const api_key = 'canary.entered.later';
    await backend.call('providers.connect', { provider: 'groq', api_key });
    await backend.call('agents.update', { agent_id, model: `groq/${api_key}` });
    const { report } = await diagnose();
    expect(report).toContain('model=groq/[redacted]');
    expect(report).not.toContain('canary');
  });
});
