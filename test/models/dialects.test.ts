import { describe, expect, it } from 'vitest';
import type { ModelRequest } from '../../electron/models/model.ts';
import { PROVIDERS } from '../../electron/models/presets.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';

const request: ModelRequest = {
  model: 'some-model',
  messages: [{ role: 'user', content: 'Hello' }],
  tools: [{ name: 'note', description: 'Notes.', parameters: { type: 'object', properties: {} } }],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  temperature: 0.5,
  max_output_tokens: 100,
};

type Sent = { readonly url: string; readonly headers: Headers; readonly body: Record<string, unknown> };

function envOf(provider: string): Record<string, string> {
  const preset = PROVIDERS.find(({ name }) => name === provider);
  if (preset === undefined) throw new Error(`no preset ${provider}`);
  const { is_local, key_env, url_env, base_url } = preset;
  if (is_local) return { [url_env]: base_url.replace('/v1', '') };
  const key = { [key_env ?? '']: 'sk-test-0001' };
  return base_url === '' ? { ...key, [url_env]: 'https://mine.openai.azure.com/openai/v1/' } : key;
}

/** What a model of a provider sends, with nothing set but what the provider needs. */
async function sentBy(provider: string, model = 'some-model'): Promise<Sent> {
  const env = envOf(provider);
  const sent: Sent[] = [];
  const fetchWith: typeof fetch = (input, init) => {
    const body = JSON.parse(init?.body as string) as Record<string, unknown>;
    sent.push({ url: (input as string | URL).toString(), headers: new Headers(init?.headers), body });
    return Promise.reject(new TypeError('fetch failed'));
  };
  const handle = `${provider}/${model}`;
  const { resolve } = createModelRegistry({ env, fetch: fetchWith, limits: { attempts: 1 } });
  const found = resolve(handle).model;
  expect(found?.handle).toBe(handle);
  const { signal } = new AbortController();
  await found?.answer({ ...request, model }, { signal, onEvent: () => undefined }).catch(() => undefined);
  const [first] = sent;
  if (first === undefined) throw new Error(`nothing was sent to ${provider}`);
  return first;
}

describe('a model of each provider', () => {
  const table: readonly [string, string, readonly string[]][] = [
    [
      'openai',
      'https://api.openai.com/v1/chat/completions',
      ['max_completion_tokens', 'parallel_tool_calls'],
    ],
    ['anthropic', 'https://api.anthropic.com/v1/messages', ['max_tokens']],
    ['openrouter', 'https://openrouter.ai/api/v1/chat/completions', ['max_tokens', 'parallel_tool_calls']],
    [
      'groq',
      'https://api.groq.com/openai/v1/chat/completions',
      ['max_completion_tokens', 'parallel_tool_calls'],
    ],
    ['deepseek', 'https://api.deepseek.com/v1/chat/completions', ['max_tokens']],
    ['together', 'https://api.together.xyz/v1/chat/completions', ['max_tokens']],
    ['gemini', 'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions', ['max_tokens']],
    [
      'azure',
      'https://mine.openai.azure.com/openai/v1/chat/completions',
      ['max_completion_tokens', 'parallel_tool_calls'],
    ],
    ['ollama', 'http://127.0.0.1:11434/v1/chat/completions', ['max_tokens']],
    ['lmstudio', 'http://127.0.0.1:1234/v1/chat/completions', ['max_tokens']],
    ['llamacpp', 'http://127.0.0.1:8080/v1/chat/completions', ['max_tokens', 'parallel_tool_calls']],
    ['vllm', 'http://127.0.0.1:8000/v1/chat/completions', ['max_tokens', 'parallel_tool_calls']],
  ];

  it.each(table)('%s is asked at its address with the fields it knows', async (provider, url, fields) => {
    const sent = await sentBy(provider);
    expect(sent.url).toBe(url);
    const asked = ['max_tokens', 'max_completion_tokens', 'parallel_tool_calls'];
    expect(asked.filter((field) => field in sent.body)).toEqual(fields);
    const key = sent.headers.get('authorization') ?? sent.headers.get('x-api-key');
    const expected = url.startsWith('http://')
      ? null
      : provider === 'anthropic'
        ? 'sk-test-0001'
        : 'Bearer sk-test-0001';
    expect(key).toBe(expected);
  });

  it('covers every preset', () => {
    expect(table.map(([name]) => name).toSorted()).toEqual(PROVIDERS.map(({ name }) => name).toSorted());
  });
});

it('models of OpenAI that think alone are sent neither temperature nor what they refuse', async () => {
  const o4 = await sentBy('openai', 'o4-mini');
  expect([o4.body['temperature'], o4.body['parallel_tool_calls']]).toEqual([undefined, undefined]);
  const gpt5 = await sentBy('openai', 'gpt-5-mini');
  expect([gpt5.body['temperature'], gpt5.body['parallel_tool_calls']]).toEqual([undefined, true]);
  const plain = await sentBy('openai', 'gpt-4o');
  expect([plain.body['temperature'], plain.body['parallel_tool_calls']]).toEqual([0.5, true]);
});
