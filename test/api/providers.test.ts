import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { environmentSecrets, type SecretStore } from '../../electron/secret-store.ts';
import type { InputOf } from '../../shared/contract/index.ts';
import { AppError, toWire } from '../../shared/errors.ts';
import { ollamaRoutes, startJsonServer } from '../helpers/json-server.ts';
import { startScriptedAnthropic } from '../helpers/scripted-anthropic.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { ask, CANARY, failureOf, open, provider, scripted } from './providers-stage.ts';

describe('connecting a provider', () => {
  test('makes its models answer at once, and tells open windows', async () => {
    const model = await scripted([{ kind: 'text', text: 'Hello from there.' }]);
    const opened = await open();
    const { call, events } = opened;
    const agent = await call('agents.create', { name: 'Kit' });
    expect(await provider(opened, 'openai')).toMatchObject({ connected: false, source: 'none', last4: '' });
    expect(
      await failureOf(call('agents.update', { agent_id: agent.id, model: 'openai/gpt-4o-mini' })),
    ).toMatchObject({
      code: 'model_missing',
    });

    const connected = await call('providers.connect', {
      provider: 'openai',
      api_key: CANARY,
      base_url: `${model.base_url}/`,
      keep: { kind: 'session' },
    });
    expect(connected).toMatchObject({
      connected: true,
      source: 'session',
      last4: 'WXYZ',
      base_url: model.base_url,
      is_own_url: false,
      problem: null,
    });
    expect(events.filter(({ type }) => type === 'models.changed')).toHaveLength(1);
    const told = events.findLast((event) => event.type === 'agent.changed');
    expect(told).toMatchObject({ agent: { model_status: { message: /Choose another model/u } as object } });

    await call('agents.update', { agent_id: agent.id, model: 'openai/gpt-4o-mini' });
    await ask(opened, agent.id, 'Hi');
    expect(model.requests[0]?.headers['authorization']).toBe(`Bearer ${CANARY}`);
  });

  test('and disconnecting it forgets key, address and models, but not what the environment says', async () => {
    const opened = await open({ GROQ_API_KEY: 'gsk-environment-0001' });
    const { call } = opened;
    await call('providers.connect', { provider: 'groq', api_key: CANARY, keep: { kind: 'session' } });
    expect(await provider(opened, 'groq')).toMatchObject({ source: 'session', last4: 'WXYZ' });
    expect(await call('providers.disconnect', { provider: 'groq' })).toMatchObject({
      connected: true,
      source: 'environment',
      last4: '0001',
    });
    await call('providers.connect', { provider: 'openai', api_key: CANARY });
    expect((await call('models.list', {})).default_model).toBe('openai/gpt-4o-mini');
    expect(await call('providers.disconnect', { provider: 'openai' })).toMatchObject({ connected: false });
    expect((await call('models.list', {})).default_model).toBe('groq/llama-3.3-70b-versatile');
  });

  test('takes a key from the file its _FILE setting names, and says when that file can not be read', async () => {
    const path = join(tempDir(), 'key');
    writeFileSync(path, `${CANARY}\nmore`);
    const opened = await open({ OPENAI_API_KEY_FILE: path, GROQ_API_KEY_FILE: `${path}.missing` });
    expect(await provider(opened, 'openai')).toMatchObject({
      connected: true,
      source: 'file',
      last4: 'WXYZ',
    });
    expect((await provider(opened, 'groq')).problem).toMatch(/GROQ_API_KEY_FILE.*ENOENT/u);
    expect(await provider(opened, 'together')).toMatchObject({ connected: false, problem: null });
  });

  test('an address of the environment is used and shown without the name, password and question in it', async () => {
    const model = await scripted([{ kind: 'text', text: 'Hello.' }]);
    const named = model.base_url.replace('//', `//kit:${CANARY}@`);
    const opened = await open({ GROQ_BASE_URL: `${named}?key=${CANARY}#${CANARY}`, GROQ_API_KEY: 'gsk-own' });
    const shown = await provider(opened, 'groq');
    expect(shown).toMatchObject({ connected: true, base_url: model.base_url });
    expect(shown.problem).toMatch(/GROQ_BASE_URL holds a name, password or question mark/u);
    const { id } = await opened.call('agents.create', { name: 'Kit', model: 'groq/one' });
    await ask(opened, id, 'Hi');
    expect(model.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer gsk-own']);
    expect(JSON.stringify([shown, opened.events, opened.log])).not.toContain('canary');
  });

  const refused: readonly [string, InputOf<'providers.connect'>, AppError['code'], RegExp][] = [
    ['an unknown provider', { provider: 'nobody', api_key: CANARY }, 'not_found', /Known ones: openai/u],
    [
      'a cloud provider without key',
      { provider: 'openai' },
      'invalid_input',
      /OpenAI needs a key.*platform/u,
    ],
    [
      'Azure without an address',
      { provider: 'azure', api_key: CANARY },
      'invalid_input',
      /address for each customer/u,
    ],
    [
      'an address that is none',
      { provider: 'vllm', base_url: 'localhost:8000' },
      'invalid_input',
      /https:\/\/ or http/u,
    ],
    [
      'a key inside an address',
      { provider: 'vllm', base_url: `http://u:${CANARY}@h/v1` },
      'invalid_input',
      /holds no key/u,
    ],
    [
      'a key over the open network',
      { provider: 'openai', api_key: CANARY, base_url: 'http://example.com/v1' },
      'invalid_input',
      /Use https/u,
    ],
    ['a key of several lines', { provider: 'openai', api_key: `${CANARY}\nx` }, 'invalid_input', /one line/u],
    ['a key for Ollama', { provider: 'ollama', api_key: CANARY }, 'invalid_input', /takes no key/u],
    [
      'a way of keeping that is not to be had',
      { provider: 'openai', api_key: CANARY, keep: { kind: 'keyring' } },
      'unsupported',
      /OPENAI_API_KEY_FILE/u,
    ],
  ];

  test.each(refused)('refuses %s', async (_what, input, code, message) => {
    const opened = await open();
    const error = await failureOf(opened.call('providers.connect', input));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(JSON.stringify(toWire(error))).not.toContain('canary');
    expect(opened.events.filter(({ type }) => type === 'models.changed')).toEqual([]);
    const { providers } = await opened.call('providers.list', {});
    expect(providers.filter(({ connected, source }) => connected || source !== 'none')).toEqual([]);
  });

  test('a kept key goes nowhere but to the address it was given with', async () => {
    const thief = await startJsonServer({ '/v1/models': { data: [] } });
    const opened = await open({ OPENAI_API_KEY: CANARY });
    const { call } = opened;
    const there = { provider: 'openai', base_url: `${thief.origin}/v1` };
    expect((await failureOf(call('providers.connect', there))).message).toMatch(
      /together with the new address/u,
    );
    expect(await call('providers.test', there)).toMatchObject({ ok: true });
    expect(thief.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
    expect((await provider(opened, 'openai')).is_own_url).toBe(true);
  });

  test('an address given with a key of this session does not outlast it', async () => {
    const first = await open();
    const away = 'https://proxy.example.com/v1';
    await first.call('providers.connect', { provider: 'openai', api_key: CANARY, base_url: away });
    expect((await provider(first, 'openai')).base_url).toBe(away);
    await first.backend.close();
    const second = await open({ OPENAI_API_KEY: 'sk-environment-0002' }, { dataDir: first.dataDir });
    expect(await provider(second, 'openai')).toMatchObject({
      connected: true,
      is_own_url: true,
      last4: '0002',
    });
  });

  test('of this computer needs no key, and is known again after a restart with its models', async () => {
    const server = await startJsonServer(ollamaRoutes());
    const first = await open();
    await first.call('providers.connect', { provider: 'ollama', base_url: server.origin });
    expect(server.sockets()).toBe(0);
    const { models } = await first.call('providers.models', { provider: 'ollama' });
    expect(models.map(({ handle }) => handle)).toContain('ollama/qwen3:8b');
    await first.backend.close();
    const before = server.sockets();
    const second = await open({}, { dataDir: first.dataDir });
    expect(await provider(second, 'ollama')).toMatchObject({
      connected: true,
      source: 'none',
      needs_key: false,
    });
    const list = await second.call('models.list', {});
    expect(list.default_model).toBe('ollama/qwen3:8b');
    expect(list.models.find(({ handle }) => handle === 'ollama/qwen3:8b')).toMatchObject({
      context_window: 4096,
      available: true,
      memory_tools: null,
    });
    expect(server.sockets()).toBe(before);
  });
});

describe('keys behind a passphrase', () => {
  function lockedSecrets(): SecretStore {
    const inner = environmentSecrets({});
    let is_open = false;
    return {
      ...inner,
      choices: () => Promise.resolve(['session', 'passphrase', 'unprotected']),
      list: (names) =>
        Promise.resolve(
          names.includes('OPENAI_API_KEY')
            ? [{ name: 'OPENAI_API_KEY', last4: 'WXYZ', source: 'passphrase' as const, locked: !is_open }]
            : [],
        ),
      get: () => Promise.resolve(is_open ? CANARY : null),
      unlock: (passphrase) => {
        is_open = passphrase === 'right words';
        return is_open
          ? Promise.resolve()
          : Promise.reject(new AppError('invalid_input', 'This is not the passphrase.'));
      },
    };
  }

  test('are said to be locked, fail with the cure, and answer once the passphrase was given', async () => {
    const model = await scripted([{ kind: 'text', text: 'Hello.' }]);
    const opened = await open({ OPENAI_BASE_URL: model.base_url }, { secrets: lockedSecrets() });
    const { call, events } = opened;
    expect((await call('providers.list', {})).keep_choices).toEqual(['session', 'passphrase', 'unprotected']);
    expect(await provider(opened, 'openai')).toMatchObject({ locked: true, problem: /passphrase/u });
    const agent = await call('agents.create', { name: 'Kit', model: 'openai/gpt-4o-mini' });
    await ask(opened, agent.id, 'Hi');
    const ended = events.findLast((event) => event.type === 'run.finished');
    expect(ended).toMatchObject({
      run: { state: 'failed', error: { code: 'model_auth', message: /passphrase/u } },
    });
    expect(model.requests).toEqual([]);

    expect((await failureOf(call('providers.unlock', { passphrase: 'wrong' }))).code).toBe('invalid_input');
    const { providers } = await call('providers.unlock', { passphrase: 'right words' });
    expect(providers.find(({ id }) => id === 'openai')).toMatchObject({ locked: false, problem: null });
    await ask(opened, agent.id, 'Again');
    expect(model.requests[0]?.headers['authorization']).toBe(`Bearer ${CANARY}`);
  });
});

describe('testing a provider', () => {
  test('is one request, and keeps nothing', async () => {
    const server = await startJsonServer({ '/v1/models': { data: [{ id: 'a' }, { id: 'b' }] } });
    const opened = await open();
    const input = { provider: 'deepseek', api_key: CANARY, base_url: `${server.origin}/v1` };
    const outcome = await opened.call('providers.test', input);
    expect(outcome).toMatchObject({ ok: true, models: 2, problem: null });
    expect(outcome.latency_ms).toBeGreaterThanOrEqual(0);
    expect(server.requests.map(({ path, headers }) => [path, headers['authorization']])).toEqual([
      ['/v1/models', `Bearer ${CANARY}`],
    ]);
    expect(await provider(opened, 'deepseek')).toMatchObject({ connected: false, source: 'none' });
    expect(opened.events).toEqual([]);
  });

  test('speaks the language of Anthropic, and tells a wrong key from a right one', async () => {
    const server = await startScriptedAnthropic([]);
    onTestFinished(() => server.close());
    const { call } = await open();
    const input = { provider: 'anthropic', base_url: server.base_url.replace('/v1', '') };
    expect(await call('providers.test', { ...input, api_key: 'sk-ant-canary-0001' })).toMatchObject({
      ok: true,
      models: 1,
    });
    expect(await call('providers.test', { ...input, api_key: 'sk-ant-wrong-0001' })).toMatchObject({
      ok: false,
      problem: { code: 'model_auth', cause: /refused the key \(401\)/u, cure: /settings\/keys/u },
    });
    expect(await call('providers.test', input)).toMatchObject({
      problem: { cause: /wants a key/u, cure: /Enter a key/u },
    });
  });

  test('asks what only the right key opens where the list of models is open to all', async () => {
    const server = await startJsonServer({ '/v1/models': { data: [] }, '/v1/key': 401 });
    const { call } = await open();
    const input = { provider: 'openrouter', api_key: CANARY, base_url: `${server.origin}/v1` };
    expect(await call('providers.test', input)).toMatchObject({ ok: false, problem: { code: 'model_auth' } });
  });

  test('says what to do when nothing answers, or something else does', async () => {
    const page = await startJsonServer({
      '/v1/models': '<!doctype html><title>Router</title>',
      '/x/models': 429,
    });
    const { call } = await open();
    const at = (base_url: string) => call('providers.test', { provider: 'llamacpp', base_url });
    expect(await at('http://127.0.0.1:1/v1')).toMatchObject({
      ok: false,
      problem: { code: 'model_unreachable', cause: /Nothing answers/u, cure: /Start llama\.cpp/u },
    });
    expect(await at(`${page.origin}/v1`)).toMatchObject({
      problem: { code: 'model_bad_response', cure: /\/v1/u },
    });
  });
});

describe('looking for servers on this computer', () => {
  test('finds what runs, with the true context of its models, and leaves out what does not', async () => {
    const ollama = await startJsonServer(ollamaRoutes(2048));
    const other = await startJsonServer({ '/v1/models': '<!doctype html>', '/props': '<!doctype html>' });
    const opened = await open({
      OLLAMA_BASE_URL: ollama.origin,
      LMSTUDIO_BASE_URL: 'http://127.0.0.1:1/v1',
      LLAMACPP_BASE_URL: `${other.origin}/v1`,
    });
    expect(ollama.sockets()).toBe(0);
    const { servers } = await opened.call('providers.discover', {});
    expect(servers).toMatchObject([
      {
        provider: 'ollama',
        base_url: `${ollama.origin}/v1`,
        problem: null,
        models: [{ name: 'qwen3:8b', context_window: 2048, context_source: 'loaded' }, {}, {}],
      },
    ]);
    expect(servers).toHaveLength(1);
  });

  test('waits half a second for a server that hangs', async () => {
    const slow = await startJsonServer({ '/api/tags': 'hang', '/api/ps': 'hang' });
    const { call } = await open({
      OLLAMA_BASE_URL: slow.origin,
      LMSTUDIO_BASE_URL: 'http://127.0.0.1:1/v1',
      LLAMACPP_BASE_URL: 'http://127.0.0.1:1/v1',
    });
    const began = performance.now();
    expect(await call('providers.discover', {})).toEqual({ servers: [] });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('asks no other computer, wherever the address in use leads', async () => {
    const asked: string[] = [];
    const fetchWith: typeof fetch = (input) => {
      asked.push(new URL(input as string).host);
      return Promise.reject(new TypeError('fetch failed'));
    };
    const { call } = await open(
      { OLLAMA_BASE_URL: 'http://gpu.example.com:11434', OPENAI_API_KEY: CANARY },
      { fetch: fetchWith },
    );
    await call('providers.discover', {});
    expect([...new Set(asked)].toSorted()).toEqual(['127.0.0.1:11434', '127.0.0.1:1234', '127.0.0.1:8080']);
  });
});

describe('asking for models', () => {
  test('of a provider that is not connected is refused, and failures keep what was known', async () => {
    const server = await startJsonServer({ '/v1/models': 401 });
    const opened = await open();
    const { call } = opened;
    expect((await failureOf(call('providers.models', { provider: 'groq' }))).code).toBe('model_missing');
    await call('providers.connect', { provider: 'groq', api_key: CANARY, base_url: `${server.origin}/v1` });
    const error = await failureOf(call('providers.models', { provider: 'groq' }));
    expect([error.code, error.details?.['cure']]).toEqual([
      'model_auth',
      expect.stringMatching(/Copy the key again/u),
    ]);
    expect((await provider(opened, 'groq')).listed_at).toBeNull();
    expect((await call('models.list', {})).models.map(({ handle }) => handle)).toContain(
      'groq/llama-3.1-8b-instant',
    );
  });
});

test('no connection is made before a person asks for one', async () => {
  let sockets = 0;
  const listener = createServer((socket) => {
    sockets += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void listener.close());
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/v1`;
  const names = [
    'OPENAI',
    'ANTHROPIC',
    'GEMINI',
    'OPENROUTER',
    'GROQ',
    'DEEPSEEK',
    'TOGETHER',
    'AZURE_OPENAI',
  ];
  const local = ['OLLAMA', 'LMSTUDIO', 'LLAMACPP', 'VLLM'];
  const env = Object.fromEntries([
    ...names.map((name) => [`${name}_API_KEY`, CANARY]),
    ...[...names, ...local].map((name) => [`${name}_BASE_URL`, url]),
  ]) as Record<string, string>;
  const dataDir = tempDir();
  const opened = await open(env, { dataDir });
  const { call } = opened;
  const agent = await call('agents.create', { name: 'Kit', model: 'anthropic/claude-sonnet-4-5' });
  const { providers } = await call('providers.list', {});
  expect(providers.every(({ connected }) => connected)).toBe(true);
  for (const { id, needs_key } of providers) {
    await call('providers.connect', {
      provider: id,
      ...(needs_key ? { api_key: CANARY } : {}),
      base_url: url,
    });
  }
  await call('models.list', {});
  await call('agents.context', { agent_id: agent.id });
  for (const { id } of providers) await call('providers.disconnect', { provider: id });
  await opened.backend.close();
  await (await open(env, { dataDir })).call('agents.list', {});
  expect(sockets).toBe(0);
  await call('providers.test', { provider: 'vllm', base_url: url }).catch(() => undefined);
  const again = await open(env);
  await again.call('providers.test', { provider: 'vllm' });
  expect(sockets).toBeGreaterThan(0);
});

test('a key is found in no answer, event, log, error or file', async () => {
  const echo = `Incorrect API key provided: ${CANARY}`;
  const model = await scripted((_request, index) =>
    index === 0
      ? { kind: 'status', status: 401, message: echo }
      : index === 1
        ? { kind: 'status', status: 400, message: echo }
        : { kind: 'text', text: 'Hello.' },
  );
  const opened = await open();
  const { call, events, log } = opened;
  const seen: unknown[] = [];
  const keep = async (work: Promise<unknown>): Promise<void> => {
    seen.push(await work.catch((error: unknown) => toWire(error)));
  };
  const key = { provider: 'openai', api_key: CANARY, base_url: model.base_url };
  await keep(call('providers.connect', { ...key, keep: { kind: 'unprotected' } }));
  await keep(call('providers.connect', { ...key, api_key: `${CANARY} ${CANARY}` }));
  await keep(call('providers.test', { ...key, base_url: 'http://127.0.0.1:1/v1' }));
  await keep(call('providers.connect', key));
  await keep(call('models.probe', { handle: 'openai/gpt-4o' }));
  await keep(call('models.probe', { handle: 'openai/gpt-4o' }));
  const agent = await call('agents.create', { name: 'Kit', model: 'openai/gpt-4o' });
  await ask(opened, agent.id, 'Hi');
  await keep(call('agents.export', { agent_id: agent.id }));
  await keep(call('providers.list', {}));
  await keep(call('models.list', {}));
  await opened.backend.close();
  expect(model.requests.length).toBe(3);
  const said = JSON.stringify([seen, events, log]);
  expect(said).toContain('WXYZ');
  expect(said).not.toContain('sk-canary');
  for (const path of filesUnder(opened.dataDir)) {
    expect(readFileSync(path).includes('sk-canary'), path).toBe(false);
  }
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesUnder(path) : [path]));
}
