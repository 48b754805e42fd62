import { expect, test } from 'vitest';
import { providerType } from '../../electron/letta/wire.ts';
import { startScriptedLetta } from './scripted-server.ts';
import { makeAgent, startLetta, type Wire } from './server.ts';

test('message_ids are those in the window, behind the system prompt', async () => {
  const letta = await startLetta();
  const id = await makeAgent(letta);
  const ids = async (): Promise<unknown[]> =>
    ((await letta.ask(`GET /v1/agents/${id}`)).body as Wire)['message_ids'] as unknown[];
  const [system, ...none] = await ids();
  expect([system, none]).toEqual([expect.stringMatching(/^message-[\da-f]{8}-[\da-f]{4}-4/u), []]);
  for (let n = 0; n < 30; n += 1) await letta.ask(`POST /v1/agents/${id}/messages`, { input: `Number ${n}` });
  const talk = (await letta.ask(`GET /v1/agents/${id}/messages?order=asc&limit=1000`)).body as Wire[];
  expect(await ids()).toEqual([system, ...new Set(talk.map((message) => message['id']))]);
  expect(talk.length).toBeGreaterThan(50);
  const behind = await letta.ask(
    `GET /v1/agents/${id}/messages?order=asc&limit=1000&after=${String(system)}`,
  );
  expect(behind.body).toEqual(talk);
  expect((await letta.ask(`GET /v1/agents/${id}/messages?before=${String(system)}`)).body).toEqual([]);
  await makeAgent(letta);
  const listed = (await letta.ask('GET /v1/agents/?order=asc')).body as Wire[];
  const alone = (await letta.ask(`GET /v1/agents/${id}`)).body;
  expect(listed.find((agent) => agent['id'] === id)).toEqual(alone);
});

test('what left the window leaves message_ids, and the history keeps it', async () => {
  const server = await startScriptedLetta(() => ({ kind: 'text', text: 'I see.' }));
  const path = `/v1/agents/${server.agent_id}`;
  await server.ask(`PATCH ${path}`, { context_window_limit: 6000 });
  for (let n = 0; n < 8; n += 1) {
    const input = `Turn ${n}: ${'many more words '.repeat(300)}`;
    expect((await server.ask(`POST ${path}/messages`, { input })).status).toBe(200);
  }
  const talk = (await server.ask(`GET ${path}/messages?limit=100`)).body as Wire[];
  const { message_ids } = (await server.ask(`GET ${path}`)).body as { message_ids: unknown[] };
  const kept = message_ids.slice(1);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(talk.length);
  expect(talk.map((message) => message['id']).slice(-kept.length)).toEqual(kept);
});

test('the last stop is that of the last run', async () => {
  let status = 401;
  const server = await startScriptedLetta(() =>
    status === 200 ? { kind: 'text', text: 'Here.' } : { kind: 'status', status },
  );
  const path = `/v1/agents/${server.agent_id}`;
  const stop = async (): Promise<unknown> =>
    ((await server.ask(`GET ${path}`)).body as Wire)['last_stop_reason'];
  expect(await stop()).toBeNull();
  await server.ask(`POST ${path}/messages`, { input: 'Hi' });
  expect(await stop()).toBe('llm_api_error');
  status = 200;
  await server.ask(`POST ${path}/messages`, { input: 'Hi' });
  expect(await stop()).toBe('end_turn');
});

test('an agent that speaks by tool has the rules V1 gives it; others have none', async () => {
  const letta = await startLetta();
  const rules = async (fields: Wire): Promise<Wire[]> => {
    const id = await makeAgent(letta, fields);
    return ((await letta.ask(`GET /v1/agents/${id}`)).body as { tool_rules: Wire[] }).tool_rules;
  };
  const own = await rules({ agent_type: 'memgpt_agent' });
  expect(own).toContainEqual({ tool_name: 'send_message', type: 'exit_loop', prompt_template: null });
  expect(own).toContainEqual({
    tool_name: 'core_memory_append',
    type: 'continue_loop',
    prompt_template: null,
  });
  expect(await rules({})).toEqual([]);
  const given = [{ tool_name: 'send_message', type: 'exit_loop' }];
  expect(await rules({ agent_type: 'memgpt_agent', tool_rules: given })).toEqual(given);
});

test('an agent without a name is given one of two words', async () => {
  const { ask } = await startLetta();
  const { body } = await ask('POST /v1/agents/', { model: 'memoir/offline' });
  expect((body as Wire)['name']).toMatch(/^[A-Z][a-z]+[A-Z][a-z]+$/u);
});

test('kinds of provider are words of V1', async () => {
  const { ask } = await startLetta({ OPENAI_API_KEY: 'sk-test', LMSTUDIO_BASE_URL: 'http://127.0.0.1:1/v1' });
  const models = (await ask('GET /v1/models/')).body as Wire[];
  expect(models.find(({ handle }) => handle === 'memoir/offline')).toMatchObject({
    provider_type: 'openai',
    model_endpoint_type: 'openai',
    provider_name: 'memoir',
  });
  expect(['lmstudio', 'gemini', 'groq', 'mystery'].map(providerType)).toEqual([
    'lmstudio_openai',
    'google_ai',
    'groq',
    'openai',
  ]);
});
