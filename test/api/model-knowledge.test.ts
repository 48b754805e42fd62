import { describe, expect, test } from 'vitest';
import { ollamaRoutes, startJsonServer } from '../helpers/json-server.ts';
import { deltaFrame, frame, type Script } from '../helpers/scripted-openai.ts';
import { ask, CANARY, failureOf, open, scripted } from './providers-stage.ts';

describe('probing a model for memory tools', () => {
  const good = { label: 'human', content: 'Likes green tea.' };
  const table: readonly [string, Script, string, RegExp][] = [
    [
      'calls as asked',
      [{ kind: 'calls', calls: [{ name: 'core_memory_append', arguments: good }] }],
      'ok',
      /as asked/u,
    ],
    ['only talks', [{ kind: 'text', text: 'Noted!' }], 'no_tool_call', /in words/u],
    [
      'calls unreadably',
      [{ kind: 'calls', calls: [{ name: 'core_memory_append', arguments: '{"label": ' }] }],
      'malformed',
      /can not be read/u,
    ],
    [
      'calls something else',
      [{ kind: 'calls', calls: [{ name: 'save', arguments: good }] }],
      'malformed',
      /can not be read/u,
    ],
    [
      'is served without tools',
      [{ kind: 'status', status: 400, message: 'gemma does not support tools' }],
      'refused',
      /can not use tools/u,
    ],
    [
      'is served without jinja',
      [{ kind: 'status', status: 500, message: 'tools param requires --jinja flag' }],
      'refused',
      /can not use tools/u,
    ],
  ];

  test.each(table)('that %s', async (_what, script, memory_tools, message) => {
    const model = await scripted(script);
    const { call, events } = await open({ OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: model.base_url });
    const agent = await call('agents.create', { name: 'Kit', model: 'openai/gpt-4o' });
    const handle = 'openai/gpt-4o';
    const probe = await call('models.probe', { handle });
    expect(probe).toMatchObject({ handle, memory_tools });
    expect(probe.message).toMatch(message);
    expect(model.requests).toHaveLength(1);
    const { models } = await call('models.list', {});
    expect(models.find((row) => row.handle === handle)?.memory_tools).toBe(memory_tools);
    const badge = memory_tools === 'ok' ? null : 'no_memory_tools';
    expect((await call('agents.get', { agent_id: agent.id })).model_status.badge).toBe(badge);
    expect(events.filter(({ type }) => type === 'models.changed')).toHaveLength(1);
  });

  test('that can not be asked says nothing about it', async () => {
    const model = await scripted([{ kind: 'status', status: 401 }]);
    const { call } = await open({ OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: model.base_url });
    expect((await failureOf(call('models.probe', { handle: 'openai/gpt-4o' }))).code).toBe('model_auth');
    expect((await failureOf(call('models.probe', { handle: 'groq/x' }))).code).toBe('model_missing');
    expect((await failureOf(call('models.probe', { handle: 'memoir/offline' }))).code).toBe('unsupported');
    const { models } = await call('models.list', {});
    expect(models.every(({ memory_tools }) => memory_tools === null)).toBe(true);
  });
});

describe('a prompt that the server cut', () => {
  /** An Ollama that reads at most so many tokens and says nothing of the rest. */
  async function cuttingOllama(state: { loaded: number; read: number }) {
    const answer = (): string =>
      deltaFrame({ content: 'Hello.' }, 'stop') +
      frame({ choices: [], usage: { prompt_tokens: state.read, completion_tokens: 2 } }) +
      'data: [DONE]\n\n';
    const fetchWith: typeof fetch = (input, init) =>
      (input as string | URL).toString().endsWith('/chat/completions')
        ? Promise.resolve(new Response(answer(), { headers: { 'content-type': 'text/event-stream' } }))
        : fetch(input, init);
    const server = await startJsonServer(ollamaRoutes(state.loaded));
    return { server, fetchWith };
  }

  test('is an alarm on the agent with numbers and cure, and the true context counts from then on', async () => {
    const state = { loaded: 2048, read: 1024 };
    const { server, fetchWith } = await cuttingOllama(state);
    const opened = await open({ OLLAMA_BASE_URL: server.origin }, { fetch: fetchWith });
    const { call, events } = opened;
    const agent = await call('agents.create', {
      name: 'Kit',
      model: 'ollama/qwen3:8b',
      blocks: [{ label: 'human', value: 'Likes tea. '.repeat(600), limit: 20_000 }],
    });
    expect(agent.model_status).toMatchObject({ badge: null, context_window: 8192 });
    expect(server.sockets()).toBe(0);
    await ask(opened, agent.id, 'Hi');
    const { model_status } = await call('agents.get', { agent_id: agent.id });
    expect(model_status).toMatchObject({ badge: 'prompt_cut', context_window: 2048 });
    expect(model_status.message).toMatch(
      /runs qwen3:8b with 2,048 tokens and was sent about \d,\d00.*num_ctx.*2,048/u,
    );
    const told = events.filter((event) => event.type === 'agent.changed').map((event) => event.agent);
    expect(told.findLast(({ id }) => id === agent.id)?.model_status.badge).toBe('prompt_cut');
    await ask(opened, agent.id, 'Hi again');
    const ended = events.findLast((event) => event.type === 'run.finished');
    expect(ended).toMatchObject({ run: { error: { code: 'model_overflow', message: /2,048/u } } });
  });

  test('is no alarm when the server holds enough and only counts less', async () => {
    const { server, fetchWith } = await cuttingOllama({ loaded: 32_768, read: 300 });
    const opened = await open({ OLLAMA_BASE_URL: server.origin }, { fetch: fetchWith });
    const agent = await opened.call('agents.create', { name: 'Kit', model: 'ollama/qwen3:8b' });
    await ask(opened, agent.id, 'Hi');
    expect((await opened.call('agents.get', { agent_id: agent.id })).model_status).toMatchObject({
      badge: null,
      context_window: 32_768,
    });
  });

  test('is looked into only when much less was read than was sent', async () => {
    const { server, fetchWith } = await cuttingOllama({ loaded: 2048, read: 6000 });
    const opened = await open({ OLLAMA_BASE_URL: server.origin }, { fetch: fetchWith });
    const agent = await opened.call('agents.create', { name: 'Kit', model: 'ollama/qwen3:8b' });
    await ask(opened, agent.id, 'Hi');
    expect(server.sockets()).toBe(0);
  });
});
