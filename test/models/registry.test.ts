import { describe, expect, it } from 'vitest';
import type { ModelRequest } from '../../electron/models/model.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import type { AppError } from '../../shared/errors.ts';

const never: typeof fetch = () => {
  throw new Error('the registry contacted something');
};

const registry = (env: Record<string, string>): ReturnType<typeof createModelRegistry> =>
  createModelRegistry({ env, fetch: never });

describe('the model of a handle', () => {
  const table: readonly [string, Record<string, string>, string, string | null, RegExp | null][] = [
    ['openai/gpt-4o-mini', { OPENAI_API_KEY: 'k' }, 'openai/gpt-4o-mini', null, null],
    ['openai/gpt-4o-mini', { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }, 'openai/gpt-4o-mini', null, null],
    ['openai-proxy/any', { OPENAI_API_KEY: 'k' }, 'openai-proxy/any', null, null],
    ['ollama/qwen3:8b', { OLLAMA_BASE_URL: 'http://127.0.0.1:11434' }, 'ollama/qwen3:8b', null, null],
    ['memoir/offline', { OPENAI_API_KEY: 'k' }, 'memoir/offline', 'offline_demo', /Choose another model/u],
    ['memoir/offline', {}, 'memoir/offline', 'offline_demo', /OPENAI_API_KEY/u],
    [
      'openai/gpt-4o-mini',
      {},
      'memoir/offline',
      'provider_missing',
      /openai\/gpt-4o-mini needs OPENAI_API_KEY.*demo model answers/u,
    ],
    ['openai/gpt-4o-mini', { OPENAI_API_KEY: ' ' }, 'memoir/offline', 'provider_missing', /OPENAI_API_KEY/u],
    ['ollama/qwen3', {}, 'memoir/offline', 'provider_missing', /OLLAMA_BASE_URL/u],
    ['letta/letta-free', { OPENAI_API_KEY: 'k' }, 'memoir/offline', 'provider_missing', /"letta"/u],
    ['nonsense', {}, 'memoir/offline', 'provider_missing', /"nonsense"/u],
  ];

  it.each(table)('%s with %j', (...[handle, env, answering, badge, message]) => {
    const resolved = registry(env).resolve(handle);
    expect([resolved.model?.handle, resolved.badge]).toEqual([answering, badge]);
    expect(resolved.message ?? '').toMatch(message ?? /^$/u);
  });

  it('is refused, naming the key, where a configured one is required', () => {
    expect(registry({ OPENAI_API_KEY: 'k' }).requireConfigured('openai/x').handle).toBe('openai/x');
    expect(registry({}).requireConfigured('memoir/offline').handle).toBe('memoir/offline');
    expect(() => registry({}).requireConfigured('groq/llama')).toThrow(
      expect.objectContaining({
        code: 'model_missing',
        message: expect.stringMatching(/GROQ_API_KEY/u) as string,
      }) as AppError,
    );
  });
});

describe('the default model', () => {
  const table: readonly [Record<string, string>, string][] = [
    [{}, 'memoir/offline'],
    [{ OPENAI_API_KEY: 'k' }, 'openai/gpt-4o-mini'],
    [{ DEEPSEEK_API_KEY: 'k' }, 'deepseek/deepseek-chat'],
    [{ OLLAMA_BASE_URL: 'http://127.0.0.1:11434' }, 'memoir/offline'],
    [{ OLLAMA_BASE_URL: 'http://127.0.0.1:11434', MEMOIR_DEFAULT_MODEL: 'ollama/qwen3' }, 'ollama/qwen3'],
  ];

  it.each(table)('with %j', (env, handle) => {
    expect(registry(env).defaultHandle()).toBe(handle);
  });
});

it('a chosen default whose provider is not set up is kept, listed as missing, and answered for by the demo', () => {
  const models = registry({ MEMOIR_DEFAULT_MODEL: 'groq/mine', OPENAI_API_KEY: 'k' });
  expect(models.defaultHandle()).toBe('groq/mine');
  expect(models.list().find((model) => model.handle === 'groq/mine')?.available).toBe(false);
  const { model, badge, message } = models.resolve('groq/mine');
  expect([model?.handle, badge]).toEqual(['memoir/offline', 'provider_missing']);
  expect(message).toMatch(/groq\/mine needs GROQ_API_KEY.*demo model answers/u);
});

it('a model the list does not name can be chosen at any address, and nothing is contacted for it', () => {
  const models = registry({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
  expect(models.requireConfigured('openai/my-own-model:7b').handle).toBe('openai/my-own-model:7b');
});

describe('context windows', () => {
  const table: readonly [string, Record<string, string>, number][] = [
    ['openai/gpt-4o-mini', { OPENAI_API_KEY: 'k' }, 128_000],
    ['openai/gpt-4', { OPENAI_API_KEY: 'k' }, 8192],
    ['openai/something-new', { OPENAI_API_KEY: 'k' }, 128_000],
    ['ollama/gpt-4o', { OLLAMA_BASE_URL: 'http://127.0.0.1:11434' }, 8192],
    ['ollama/qwen3', { OLLAMA_BASE_URL: 'http://127.0.0.1:11434', MEMOIR_CONTEXT_WINDOW: '16384' }, 16_384],
  ];

  it.each(table)('%s', (handle, env, window) => {
    expect(registry(env).resolve(handle).model?.context_window).toBe(window);
  });
});

it('the list holds the offline model and those of configured providers only', () => {
  expect(
    registry({})
      .list()
      .map((model) => model.handle),
  ).toEqual(['memoir/offline']);
  const handles = registry({ OPENAI_API_KEY: 'k' })
    .list()
    .map((model) => model.handle);
  expect(handles[0]).toBe('memoir/offline');
  expect(handles).toContain('openai/gpt-4o-mini');
  expect(handles.every((handle) => /^(?:memoir|openai)\//u.test(handle))).toBe(true);
});

describe('the pace of the built-in model', () => {
  const request: ModelRequest = {
    model: 'offline',
    messages: [{ role: 'user', content: 'Hello' }],
    tools: [],
    tool_choice: 'auto',
    parallel_tool_calls: false,
    temperature: null,
    max_output_tokens: null,
  };

  async function pauses(env: Record<string, string>, offline_delay_ms?: number): Promise<number[]> {
    const waited: number[] = [];
    const after = (wait_ms: number, run: () => void): (() => void) => {
      waited.push(wait_ms);
      queueMicrotask(run);
      return () => undefined;
    };
    const { requireConfigured } = createModelRegistry({
      env,
      timers: { now: () => 0, random: () => 0, after },
      ...(offline_delay_ms === undefined ? {} : { offline_delay_ms }),
    });
    const { signal } = new AbortController();
    await requireConfigured('memoir/offline').answer(request, { signal, onEvent: () => undefined });
    return [...new Set(waited)];
  }

  it('is none unless asked for, and the setting goes before the option', async () => {
    expect(await pauses({})).toEqual([]);
    expect(await pauses({}, 12)).toEqual([12]);
    expect(await pauses({ MEMOIR_OFFLINE_DELAY_MS: '5' }, 12)).toEqual([5]);
    expect(await pauses({ MEMOIR_OFFLINE_DELAY_MS: '0' }, 12)).toEqual([]);
  });
});
