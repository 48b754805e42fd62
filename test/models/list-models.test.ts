import { describe, expect, it } from 'vitest';
import type { AskFailure } from '../../electron/models/ask-json.ts';
import { problemOf } from '../../electron/models/connection-problem.ts';
import { listRemoteModels } from '../../electron/models/list-models.ts';
import { findProvider, PROVIDERS } from '../../electron/models/presets.ts';
import type { RemoteModel } from '../../shared/contract/providers.ts';
import { type JsonRoutes, type JsonServer, ollamaRoutes, startJsonServer } from '../helpers/json-server.ts';

async function list(
  provider: string,
  routes: JsonRoutes,
  api_key: string | null = null,
): Promise<{ readonly models: RemoteModel[]; readonly server: JsonServer }> {
  const server = await startJsonServer(routes);
  const preset = findProvider(provider);
  if (preset === null) throw new Error(`no preset ${provider}`);
  const listing = { preset, base_url: `${server.origin}/v1`, api_key, wait_ms: 2000, fetch };
  return { models: await listRemoteModels(listing), server };
}

const facts = ({ name, context_window, context_source, largest_window, claims_tools }: RemoteModel) => [
  name,
  context_window,
  context_source,
  largest_window,
  claims_tools,
];

describe('the true context of a model', () => {
  it('is what Ollama loaded it with, else its num_ctx, else the default, whatever the model could hold', async () => {
    const { models } = await list('ollama', ollamaRoutes());
    expect(models.map(facts)).toEqual([
      ['qwen3:8b', 4096, 'loaded', 40_960, true],
      ['llama3.2:3b', 16_384, 'configured', 131_072, true],
      ['gemma:2b', 4096, 'assumed', 8192, false],
    ]);
    expect(models[0]?.handle).toBe('ollama/qwen3:8b');
  });

  it('is assumed where an older Ollama tells nothing of it', async () => {
    const { models } = await list('ollama', { '/api/tags': { models: [{ name: 'old' }] } });
    expect(models.map(facts)).toEqual([['old', 4096, 'assumed', null, null]]);
  });

  it('is what LM Studio loaded it with', async () => {
    const data = [
      {
        id: 'qwen',
        type: 'llm',
        state: 'loaded',
        loaded_context_length: 8192,
        max_context_length: 32_768,
        capabilities: ['tool_use'],
      },
      { id: 'gemma', type: 'vlm', state: 'not-loaded', max_context_length: 2048 },
      { id: 'embed', type: 'embeddings', state: 'loaded' },
    ];
    const { models } = await list('lmstudio', { '/api/v0/models': { data } });
    expect(models.map(facts)).toEqual([
      ['qwen', 8192, 'loaded', 32_768, true],
      ['gemma', 2048, 'assumed', 2048, null],
    ]);
  });

  it('is read from the newer paths of LM Studio where the older are gone', async () => {
    const models_there = [
      {
        key: 'qwen',
        type: 'llm',
        loaded_instances: [{ id: 'qwen', config: { context_length: 6000 } }],
        max_context_length: 32_768,
        capabilities: { trained_for_tool_use: false },
      },
      { key: 'embed', type: 'embedding' },
    ];
    const { models } = await list('lmstudio', { '/api/v1/models': { models: models_there } });
    expect(models.map(facts)).toEqual([['qwen', 6000, 'loaded', 32_768, false]]);
  });

  it('is what one talk gets of llama.cpp', async () => {
    const routes = {
      '/v1/models': { data: [{ id: 'model.gguf', meta: { n_ctx_train: 131_072 } }] },
      '/props': { default_generation_settings: { n_ctx: 4096 }, total_slots: 4 },
    };
    expect((await list('llamacpp', routes)).models.map(facts)).toEqual([
      ['model.gguf', 4096, 'loaded', 131_072, null],
    ]);
  });

  it('is max_model_len at vLLM, and what a provider lists elsewhere', async () => {
    const vllm = { '/v1/models': { data: [{ id: 'org/m', max_model_len: 16_384 }] } };
    expect((await list('vllm', vllm)).models.map(facts)).toEqual([['org/m', 16_384, 'loaded', 16_384, null]]);
    const router = {
      '/v1/models': {
        data: [
          { id: 'a/b', context_length: 128_000, supported_parameters: ['tools', 'top_p'] },
          { id: 'a/c', context_length: 8000, supported_parameters: ['top_p'] },
          { id: 'a/plain' },
        ],
      },
    };
    expect((await list('openrouter', router, 'k')).models.map(facts)).toEqual([
      ['a/b', 128_000, 'known', 128_000, true],
      ['a/c', 8000, 'known', 8000, false],
      ['a/plain', null, null, null, null],
    ]);
  });
});

it('models that can not talk are left out, and names lose what does not belong to a handle', async () => {
  const ids = ['models/gemini-2.5-flash', 'gpt-4o', 'text-embedding-3-small', 'whisper-1', 'dall-e-3', ''];
  const { models } = await list('gemini', { '/v1/models': { data: ids.map((id) => ({ id })) } }, 'k');
  expect(models.map(({ handle }) => handle)).toEqual(['gemini/gemini-2.5-flash', 'gemini/gpt-4o']);
  const together = [
    { id: 'a/chat', type: 'chat', context_length: 9000 },
    { id: 'a/img', type: 'image' },
  ];
  expect((await list('together', { '/v1/models': together }, 'k')).models.map(({ name }) => name)).toEqual([
    'a/chat',
  ]);
});

it('the key goes in the header of the provider, and none goes where there is none', async () => {
  const routes = { '/v1/models': { data: [] }, '/v1/models?limit=1000': { data: [] } };
  const headersAt = async (provider: string, key: string | null): Promise<unknown[]> => {
    const { server } = await list(provider, routes, key);
    const { authorization, 'x-api-key': own } = server.requests[0]?.headers ?? {};
    return [authorization, own];
  };
  expect(await headersAt('openai', 'sk-1')).toEqual(['Bearer sk-1', undefined]);
  expect(await headersAt('anthropic', 'sk-2')).toEqual([undefined, 'sk-2']);
  expect(await headersAt('vllm', null)).toEqual([undefined, undefined]);
});

describe('a server that gives no list', () => {
  const table: readonly [string, JsonRoutes, AskFailure['kind'], number | null][] = [
    ['refuses the key', { '/v1/models': 401 }, 'status', 401],
    ['is something else', { '/v1/models': '<!doctype html>' }, 'not_json', null],
    ['does not answer in time', { '/v1/models': 'hang' }, 'timeout', null],
    ['sends without end', { '/v1/models': { data: 'x'.repeat(9_000_000) } }, 'not_json', null],
    ['points elsewhere', { '/v1/models': 302 }, 'status', 302],
  ];

  it.each(table)('%s', async (_what, routes, kind, status) => {
    const server = await startJsonServer(routes);
    const [preset] = PROVIDERS;
    if (preset === undefined) throw new Error('no presets');
    const listing = {
      preset,
      base_url: `${server.origin}/v1`,
      api_key: 'k',
      wait_ms: kind === 'timeout' ? 200 : 20_000,
      fetch,
    };
    const failure = await listRemoteModels(listing).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind, status });
    const { cause, cure } = problemOf(failure as AskFailure, {
      preset,
      base_url: listing.base_url,
      with_key: true,
    });
    expect([cause, cure].join(' ')).toMatch(/^[\dA-Z].*\.$/u);
  });
});

describe('the presets', () => {
  it('name all twelve providers, apart from each other', () => {
    expect(PROVIDERS.map(({ name }) => name).toSorted()).toEqual([
      'anthropic',
      'azure',
      'deepseek',
      'gemini',
      'groq',
      'llamacpp',
      'lmstudio',
      'ollama',
      'openai',
      'openrouter',
      'together',
      'vllm',
    ]);
    for (const key of ['key_env', 'url_env', 'label'] as const) {
      const values = PROVIDERS.map((preset) => preset[key]).filter((value) => value !== null);
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it('reach local servers over loopback only, and all others over TLS', () => {
    const local = PROVIDERS.filter(({ is_local }) => is_local);
    const cloud = PROVIDERS.filter(({ is_local }) => !is_local);
    expect(local.every(({ base_url }) => base_url.startsWith('http://127.0.0.1:'))).toBe(true);
    expect(local.every(({ keys_url }) => keys_url === null)).toBe(true);
    const urls = cloud.flatMap(({ base_url, keys_url }) => [base_url, keys_url ?? '']);
    expect(urls.filter((url) => url !== '' && !url.startsWith('https://'))).toEqual([]);
  });
});
