import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ModelLimits } from '../../electron/models/limits.ts';
import type { Model, ModelEvent, ModelRequest, ModelResponse } from '../../electron/models/model.ts';
import { createOpenAIModel } from '../../electron/models/openai.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import {
  deltaFrame,
  endFrames,
  frame,
  type Script,
  type ScriptedModel,
  startScriptedModel,
} from '../helpers/scripted-openai.ts';

const servers: ScriptedModel[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const request: ModelRequest = {
  model: 'gpt-test',
  messages: [
    { role: 'system', content: 'You are Ada.' },
    { role: 'user', content: 'Hello' },
  ],
  tools: [{ name: 'note', description: 'Notes.', parameters: { type: 'object', properties: {} } }],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  temperature: 0.5,
  max_output_tokens: 100,
};

const fast: Partial<ModelLimits> = { retry_base_ms: 1, first_byte_ms: 5000, idle_ms: 5000 };

async function serve(
  script: Script,
  limits: Partial<ModelLimits> = {},
): Promise<{ server: ScriptedModel; model: Model }> {
  const server = await startScriptedModel(script);
  servers.push(server);
  return { server, model: modelAt(server.base_url, limits) };
}

function modelAt(base_url: string, limits: Partial<ModelLimits> = {}, fetch_with?: typeof fetch): Model {
  return createOpenAIModel({
    handle: 'openai/gpt-test',
    provider: { label: 'OpenAI', key_env: 'OPENAI_API_KEY', url_env: 'OPENAI_BASE_URL' },
    base_url,
    api_key: 'sk-canary',
    context_window: 8192,
    limits: { ...fast, ...limits },
    ...(fetch_with === undefined ? {} : { fetch: fetch_with }),
  });
}

type Heard = { readonly events: ModelEvent[]; readonly text: () => string };

function listener(): Heard & { readonly onEvent: (event: ModelEvent) => void } {
  const events: ModelEvent[] = [];
  return {
    events,
    onEvent: (event) => events.push(event),
    text: () => events.map((event) => (event.type === 'text' ? event.delta : '')).join(''),
  };
}

function ask(
  model: Model,
  heard = listener(),
  signal = new AbortController().signal,
): Promise<ModelResponse> {
  return model.answer(request, { signal, onEvent: heard.onEvent });
}

async function failureOf(answer: Promise<unknown>): Promise<AppError> {
  const error = await answer.then(
    () => new Error('it answered'),
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw error;
}

describe('an answer', () => {
  it('streams text and reasoning, and comes back whole with usage and the exact bytes sent', async () => {
    const { model, server } = await serve([{ kind: 'text', text: 'Hello, dear Kit.', reasoning: 'Greet.' }]);
    const heard = listener();
    const answer = await ask(model, heard);
    expect(answer).toMatchObject({
      text: 'Hello, dear Kit.',
      reasoning: 'Greet.',
      tool_calls: [],
      finish_reason: 'stop',
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    });
    expect(heard.text()).toBe('Hello, dear Kit.');
    expect(answer.raw_request).toBe(server.requests[0]?.body);
    expect(JSON.parse(answer.raw_request)).toMatchObject({
      stream_options: { include_usage: true },
      max_tokens: 100,
    });
    expect(answer.raw_response).toContain('[DONE]');
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer sk-canary');
  });

  it('brings parallel tool calls together, malformed arguments untouched', async () => {
    const { model } = await serve([
      {
        kind: 'calls',
        calls: [
          { id: 'a', name: 'note', arguments: { x: '}{' } },
          { id: 'b', name: 'note', arguments: '{"x": ' },
        ],
      },
    ]);
    const answer = await ask(model);
    expect(answer.finish_reason).toBe('tool_calls');
    expect(answer.tool_calls).toEqual([
      { id: 'a', name: 'note', arguments: '{"x":"}{"}' },
      { id: 'b', name: 'note', arguments: '{"x": ' },
    ]);
  });

  it('gives calls with the same id or none ids of their own', async () => {
    const pieces = ['same', 'same', undefined].map((id, index) =>
      deltaFrame({
        tool_calls: [
          { index, ...(id === undefined ? {} : { id }), function: { name: 'note', arguments: '{}' } },
        ],
      }),
    );
    const { model } = await serve([
      { kind: 'raw', body: pieces.join('') + deltaFrame({}, 'stop') + endFrames() },
    ]);
    const answer = await ask(model);
    expect(answer.tool_calls).toHaveLength(3);
    expect(new Set(answer.tool_calls.map((call) => call.id)).size).toBe(3);
    expect(answer.finish_reason).toBe('tool_calls');
  });

  it('tells calls apart that come without an index', async () => {
    const body =
      deltaFrame({ tool_calls: [{ id: 'a', function: { name: 'one', arguments: '{"a"' } }] }) +
      deltaFrame({ tool_calls: [{ function: { arguments: ':1}' } }] }) +
      deltaFrame({ tool_calls: [{ id: 'b', function: { name: 'two', arguments: { b: 2 } } }] }) +
      deltaFrame({}, 'tool_calls');
    const { model } = await serve([{ kind: 'raw', body }]);
    expect((await ask(model)).tool_calls).toEqual([
      { id: 'a', name: 'one', arguments: '{"a":1}' },
      { id: 'b', name: 'two', arguments: '{"b":2}' },
    ]);
  });

  it('puts up with chunks without choices, comments and missing usage', async () => {
    const body = `: warm\n\n${frame({ id: 'x' })}${frame({ choices: [] })}${frame(null)}${deltaFrame({ content: 'Hi' })}${deltaFrame({}, 'eos')}`;
    const { model } = await serve([{ kind: 'raw', body }]);
    expect(await ask(model)).toMatchObject({ text: 'Hi', finish_reason: 'stop', usage: { total_tokens: 0 } });
  });

  it('is the same however the stream is cut into pieces', async () => {
    const body =
      deltaFrame({ content: 'Zoë 李雷 👋 ' }) +
      deltaFrame({
        tool_calls: [{ index: 0, id: 'a', function: { name: 'note', arguments: '{"naïve":"}{' } }],
      }) +
      deltaFrame({ tool_calls: [{ index: 1, id: 'b', function: { name: 'note', arguments: '{}' } }] }) +
      deltaFrame({ tool_calls: [{ index: 0, function: { arguments: '👋"}' } }] }) +
      deltaFrame({}, 'tool_calls') +
      endFrames();
    const bytes = new TextEncoder().encode(body);
    const model = (cuts: readonly number[]): Model =>
      createOpenAIModel({
        handle: 'openai/x',
        provider: { label: 'X', key_env: null, url_env: 'X_URL' },
        base_url: 'http://127.0.0.1:9/v1',
        api_key: null,
        context_window: 8192,
        fetch: () =>
          Promise.resolve(
            new Response(pieces(bytes, cuts), { headers: { 'content-type': 'text/event-stream' } }),
          ),
      });
    const whole = await ask(model([]));
    expect(whole.text).toBe('Zoë 李雷 👋 ');
    expect(whole.tool_calls[0]?.arguments).toBe('{"naïve":"}{👋"}');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 40 }), async (cuts) => {
        expect(await ask(model(cuts))).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });
});

function pieces(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const ends = [...cuts.toSorted((one, other) => one - other), bytes.length];
  return new ReadableStream({
    start: (controller) => {
      let start = 0;
      for (const end of ends) {
        controller.enqueue(bytes.slice(start, end));
        start = end;
      }
      controller.close();
    },
  });
}

describe('a fault of the endpoint ends in an error a person can act on', () => {
  const faults: readonly [string, Script, ErrorCode, RegExp, Partial<ModelLimits>?][] = [
    [
      'a refused key',
      [{ kind: 'status', status: 401, message: 'Incorrect key sk-canary' }],
      'model_auth',
      /127\.0\.0\.1:\d+.*OPENAI_API_KEY/u,
    ],
    ['an unknown model', [{ kind: 'status', status: 404 }], 'model_error', /gpt-test.*OPENAI_BASE_URL/u],
    [
      'a bad request',
      [{ kind: 'status', status: 400, message: 'tools: nope' }],
      'model_error',
      /It said: tools: nope\.$/u,
    ],
    [
      'used up credit',
      [{ kind: 'status', status: 429, code: 'insufficient_quota' }],
      'model_rate_limit',
      /^127\.0\.0\.1:\d+ says that the credit.*then try again/u,
    ],
    ['endless 429', () => ({ kind: 'status', status: 429 }), 'model_rate_limit', /limiting requests/u],
    ['endless 500', () => ({ kind: 'status', status: 500 }), 'model_error', /\(500\)/u],
    [
      'Retry-After of an hour',
      [{ kind: 'status', status: 429, headers: { 'retry-after': '3600' } }],
      'model_rate_limit',
      /3,600 seconds/u,
    ],
    [
      'a web page',
      [{ kind: 'html' }],
      'model_bad_response',
      /http:\/\/127\.0\.0\.1:\d+\/v1 answered with a web page/u,
    ],
    [
      'plain JSON',
      [{ kind: 'raw', body: '{}', content_type: 'application/json' }],
      'model_bad_response',
      /application\/json/u,
    ],
    [
      'headers that never come',
      [{ kind: 'hang' }],
      'model_timeout',
      /did not begin to answer/u,
      { first_byte_ms: 30 },
    ],
    [
      'a stream that falls silent',
      [{ kind: 'hang', first: 'Hel' }],
      'model_timeout',
      /fell silent/u,
      { idle_ms: 30 },
    ],
    [
      'a cut socket in the answer',
      [{ kind: 'cut', first: 'Hel' }],
      'model_unreachable',
      /in the middle of the answer.*try again to go on/u,
    ],
    ['a socket cut again and again', () => ({ kind: 'cut' }), 'model_unreachable', /cannot be reached/u],
    [
      'a clean end without finish_reason',
      [{ kind: 'unfinished', text: 'Hel' }],
      'model_bad_response',
      /cut off/u,
    ],
    ['an empty stream', [{ kind: 'raw', body: '' }], 'model_bad_response', /cut off/u],
    [
      'bad JSON in the stream',
      [{ kind: 'raw', body: 'data: {"secret": \n\n' }],
      'model_bad_response',
      /not a model's answer/u,
    ],
    [
      'an error object in the stream',
      [{ kind: 'stream_error', first: 'Hel', message: 'it broke' }],
      'model_error',
      /it broke/u,
    ],
    [
      'an endless overloaded stream',
      () => ({ kind: 'stream_error', message: 'Overloaded' }),
      'model_error',
      /^127\.0\.0\.1:\d+ has a problem of its own.*try again later/u,
    ],
    [
      'an overflow',
      [{ kind: 'overflow', limit: 8192, used: 9000 }],
      'model_overflow',
      /9,000 tokens.*8,192/u,
    ],
    [
      'an overflow told in the stream',
      [{ kind: 'stream_error', message: 'x', code: 'context_length_exceeded' }],
      'model_overflow',
      /no longer fits/u,
    ],
    [
      'a huge line',
      [{ kind: 'huge_line', bytes: 60_000 }],
      'model_bad_response',
      /cut off/u,
      { line_bytes: 50_000 },
    ],
    [
      'an answer without end',
      [{ kind: 'raw', body: deltaFrame({ content: 'x'.repeat(900) }).repeat(100) }],
      'model_bad_response',
      /cut off/u,
      { answer_bytes: 50_000 },
    ],
    [
      'heartbeats instead of an answer',
      [{ kind: 'heartbeat' }],
      'model_timeout',
      /did not begin/u,
      { first_byte_ms: 30 },
    ],
  ];

  it.each(faults)('%s', async (...[, script, code, message, limits = {}]) => {
    const { model } = await serve(script, limits);
    const error = await failureOf(ask(model));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(JSON.stringify([error.message, error.details])).not.toContain('sk-canary');
  });

  it('an address where nothing listens', async () => {
    const { server, model } = await serve([]);
    await server.close();
    const error = await failureOf(ask(model));
    expect(error).toMatchObject({
      code: 'model_unreachable',
      message: expect.stringMatching(/OPENAI_BASE_URL/u) as string,
    });
  });

  it('at the own address of a provider is told by its name', async () => {
    const busy: typeof fetch = () =>
      Promise.resolve(Response.json({ error: { message: 'Overloaded' } }, { status: 500 }));
    const said = (base_url: string): Promise<AppError> =>
      failureOf(ask(modelAt(base_url, { attempts: 1 }, busy)));
    expect((await said('https://api.openai.com/v1')).message).toMatch(/^OpenAI has a problem of its own/u);
    expect((await said('http://localhost:8080/v1')).message).toMatch(/^localhost:8080 has a problem/u);
  });

  it('keeps the text that had arrived', async () => {
    const { model } = await serve([{ kind: 'cut', first: 'Hel' }]);
    const heard = listener();
    await failureOf(ask(model, heard));
    expect(heard.text()).toBe('Hel');
  });

  it('prints nothing of the talk to the console', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name));
    const { model } = await serve([{ kind: 'raw', body: 'data: {"secret": \n\n' }]);
    await failureOf(ask(model));
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });
});

describe('patience', () => {
  it('asks again after 429 and 500, tells of each wait, and honours Retry-After', async () => {
    const { model, server } = await serve([
      { kind: 'status', status: 429, headers: { 'retry-after-ms': '7' } },
      { kind: 'status', status: 500 },
      { kind: 'text', text: 'At last.' },
    ]);
    const heard = listener();
    expect((await ask(model, heard)).text).toBe('At last.');
    const waits = heard.events.filter((event) => event.type === 'waiting');
    expect(waits.map((event) => event.reason)).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+ is limiting requests$/u),
      expect.stringMatching(/^127\.0\.0\.1:\d+ is overloaded or has a problem$/u),
    ]);
    expect(waits[0]?.wait_ms).toBe(7);
    expect(server.requests.map((sent) => sent.body)).toEqual(Array(3).fill(server.requests[0]?.body));
  });

  it('does not ask again once text has been heard', async () => {
    const { model, server } = await serve([
      { kind: 'stream_error', first: 'Hel', message: 'Overloaded' },
      { kind: 'text', text: 'again' },
    ]);
    expect((await failureOf(ask(model))).code).toBe('model_error');
    expect(server.requests).toHaveLength(1);
  });

  const moments: readonly [string, Script, (heard: Heard, server: ScriptedModel) => Promise<unknown>][] = [
    [
      'while it waits to ask again',
      [{ kind: 'status', status: 429, headers: { 'retry-after': '50' } }],
      (heard) => vi.waitUntil(() => heard.events.length > 0),
    ],
    ['before headers', [{ kind: 'hang' }], (_, server) => server.received(1)],
    [
      'in a stream that hangs',
      [{ kind: 'hang', first: 'Hel' }],
      (heard) => vi.waitUntil(() => heard.events.length > 0),
    ],
  ];

  it.each(moments)('a cancel works at once %s', async (_, script, moment) => {
    const { model, server } = await serve(script);
    const heard = listener();
    const abort = new AbortController();
    const failure = failureOf(ask(model, heard, abort.signal));
    await moment(heard, server);
    const before = performance.now();
    abort.abort();
    expect((await failure).code).toBe('cancelled');
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('a cancel by the listener itself ends the answer as cancelled, not as finished', async () => {
    const { model } = await serve([{ kind: 'text', text: 'one two three' }]);
    const abort = new AbortController();
    const answer = model.answer(request, { signal: abort.signal, onEvent: () => abort.abort() });
    expect((await failureOf(answer)).code).toBe('cancelled');
  });

  it('a signal that was aborted before sends nothing', async () => {
    const { model, server } = await serve([]);
    expect((await failureOf(ask(model, listener(), AbortSignal.abort()))).code).toBe('cancelled');
    expect(server.requests).toHaveLength(0);
  });
});

it('hears nothing of events and fields no model has: they are dropped, not passed on', async () => {
  const body =
    'event: execute\ndata: {"type":"execute","data":{"code":"alert(1)"}}\n\n' +
    'event: chat:message\nid: 7\nretry: 1\ndata: {"choices":[{"delta":{"execute":"alert(1)"}}],"execute":"alert(1)"}\n\n' +
    deltaFrame({ content: 'Hi' }) +
    deltaFrame({}, 'stop') +
    endFrames();
  const { model, server } = await serve([{ kind: 'raw', body }]);
  const heard = listener();
  const { raw_response, ...answer } = await ask(model, heard);
  expect(answer.text).toBe('Hi');
  expect(raw_response).toContain('execute');
  expect(JSON.stringify([heard.events, { ...answer, raw_request: '' }])).not.toMatch(/execute|alert/u);
  expect(server.requests).toHaveLength(1);
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    '%d is not followed: neither talk nor key goes elsewhere',
    async (status) => {
      const other = await serve([]);
      const location = `${other.server.base_url}/chat/completions`;
      const { model, server } = await serve([{ kind: 'status', status, headers: { location } }]);
      const error = await failureOf(ask(model));
      expect(error.code).toBe('model_bad_response');
      expect(error.message).toMatch(/points to another address \(30\d\).*OPENAI_BASE_URL/u);
      expect([server.requests.length, other.server.requests.length]).toEqual([1, 0]);
    },
  );
});
