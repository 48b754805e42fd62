import { describe, expect, it, onTestFinished } from 'vitest';
import { createAnthropicModel } from '../../electron/models/anthropic.ts';
import type { ModelLimits } from '../../electron/models/limits.ts';
import type {
  ChatMessage,
  Model,
  ModelEvent,
  ModelRequest,
  ModelResponse,
} from '../../electron/models/model.ts';
import { createThoughts, type Thoughts } from '../../electron/models/thoughts.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import {
  type AnthropicAnswer,
  anthropicEvent,
  type ScriptedAnthropic,
  startScriptedAnthropic,
} from '../helpers/scripted-anthropic.ts';

const request: ModelRequest = {
  model: 'claude-sonnet-4-5',
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

const THOUGHT = { type: 'thinking', thinking: 'I should note it.', signature: 'EqQBCgIYAhIkc2ln' };
const HIDDEN = { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix' };
const CALL = { type: 'tool_use', id: 'toolu_1', name: 'note', input: { text: 'tea' } };

async function serve(
  script: readonly AnthropicAnswer[],
  limits: Partial<ModelLimits> = {},
  thoughts: Thoughts = createThoughts(),
): Promise<{ server: ScriptedAnthropic; model: Model }> {
  const server = await startScriptedAnthropic(script);
  onTestFinished(() => server.close());
  return { server, model: modelAt(server.base_url, limits, thoughts) };
}

function modelAt(base_url: string, limits: Partial<ModelLimits>, thoughts: Thoughts): Model {
  return createAnthropicModel({
    handle: 'anthropic/claude-sonnet-4-5',
    provider: { label: 'Anthropic', key_env: 'ANTHROPIC_API_KEY', url_env: 'ANTHROPIC_BASE_URL' },
    base_url,
    api_key: 'sk-ant-canary-0001',
    context_window: 200_000,
    limits: { retry_base_ms: 1, first_byte_ms: 5000, idle_ms: 5000, ...limits },
    thoughts,
  });
}

type Asked = { readonly answer: Promise<ModelResponse>; readonly events: ModelEvent[] };

function ask(
  model: Model,
  with_request: ModelRequest = request,
  signal = new AbortController().signal,
): Asked {
  const events: ModelEvent[] = [];
  const answer = model.answer(with_request, { signal, onEvent: (event) => events.push(event) });
  answer.catch(() => undefined);
  return { answer, events };
}

async function failureOf(answer: Promise<unknown>): Promise<AppError> {
  const error = await answer.then(
    () => new Error('it answered'),
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw error;
}

function bodyOf(server: ScriptedAnthropic, index = 0): Record<string, unknown> {
  return JSON.parse(server.requests[index]?.body ?? 'null') as Record<string, unknown>;
}

/** The talk after the model called and the tools answered. */
function afterCalls(
  response: ModelResponse,
  results: readonly string[],
  more: ChatMessage[] = [],
): ModelRequest {
  return {
    ...request,
    thinking_budget: 2048,
    messages: [
      ...request.messages,
      { role: 'assistant', content: response.text, tool_calls: response.tool_calls },
      ...response.tool_calls.map((call, index): ChatMessage => ({
        role: 'tool',
        tool_call_id: call.id,
        content: results[index] ?? '',
      })),
      ...more,
    ],
  };
}

describe('an answer', () => {
  it('streams text, and comes back whole with usage, cache reads and the exact bytes sent', async () => {
    const { model, server } = await serve([
      {
        kind: 'blocks',
        blocks: [{ type: 'text', text: 'Hello, dear Kit.' }],
        usage: { cache_read_input_tokens: 900, cache_creation_input_tokens: 50 },
      },
    ]);
    const { answer, events } = ask(model);
    const response = await answer;
    expect(response).toMatchObject({ text: 'Hello, dear Kit.', tool_calls: [], finish_reason: 'stop' });
    expect(response.usage).toEqual({
      prompt_tokens: 1050,
      completion_tokens: 20,
      total_tokens: 1070,
      cached_input_tokens: 900,
      reasoning_tokens: 0,
    });
    expect(events.map((event) => (event.type === 'text' ? event.delta : '')).join('')).toBe(
      'Hello, dear Kit.',
    );
    expect(response.raw_request).toBe(server.requests[0]?.body);
    expect(response.raw_response).toContain('message_stop');
    expect(server.requests[0]).toMatchObject({
      path: '/v1/messages',
      headers: { 'x-api-key': 'sk-ant-canary-0001', 'anthropic-version': '2023-06-01' },
    });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('marks tools, system prompt and the talk so far for the cache, and nothing else', async () => {
    const { model, server } = await serve([{ kind: 'blocks', blocks: [{ type: 'text', text: 'Hi' }] }]);
    await ask(model).answer;
    const mark = { cache_control: { type: 'ephemeral' } };
    expect(bodyOf(server)).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 100,
      system: [{ type: 'text', text: 'You are Ada.', ...mark }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello', ...mark }] }],
      tools: [
        { name: 'note', description: 'Notes.', input_schema: { type: 'object', properties: {} }, ...mark },
      ],
      tool_choice: { type: 'auto' },
      temperature: 0.5,
      stream: true,
    });
  });

  it('brings parallel calls together, and sends their results back in one message', async () => {
    const second = { ...CALL, id: 'toolu_2', input: { text: '}{' } };
    const { model, server } = await serve([
      { kind: 'blocks', blocks: [{ type: 'text', text: 'Noting.' }, CALL, second] },
      { kind: 'blocks', blocks: [{ type: 'text', text: 'Done.' }] },
    ]);
    const { answer, events } = ask(model);
    const response = await answer;
    expect(response.finish_reason).toBe('tool_calls');
    expect(response.tool_calls).toEqual([
      { id: 'toolu_1', name: 'note', arguments: '{"text":"tea"}' },
      { id: 'toolu_2', name: 'note', arguments: '{"text":"}{"}' },
    ]);
    const pieces = events.filter((event) => event.type === 'tool_call');
    expect(pieces.map(({ index, name }) => [index, name])).toEqual([
      [0, 'note'],
      [0, ''],
      [0, ''],
      [1, 'note'],
      [1, ''],
      [1, ''],
    ]);
    await ask(model, afterCalls(response, ['kept', ''])).answer;
    expect(server.refusals).toEqual([]);
    expect(server.requests[1]?.messages.at(-1)?.content).toMatchObject([
      { type: 'tool_result', tool_use_id: 'toolu_1', content: 'kept' },
      { type: 'tool_result', tool_use_id: 'toolu_2' },
    ]);
  });

  it('leaves malformed arguments as they came, and sends them back as an empty object', async () => {
    const { model, server } = await serve([
      { kind: 'blocks', blocks: [{ ...CALL, input: '{"text": ' }] },
      { kind: 'blocks', blocks: [{ type: 'text', text: 'Sorry.' }] },
    ]);
    const response = await ask(model).answer;
    expect(response.tool_calls[0]?.arguments).toBe('{"text": ');
    await ask(model, afterCalls(response, ['can not be read'])).answer;
    expect(server.requests[1]?.messages[1]?.content).toEqual([{ ...CALL, input: {} }]);
  });

  const reasons: readonly [string, ModelResponse['finish_reason']][] = [
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
  ];

  it.each(reasons)('that stops with %s is %s', async (stop_reason, finish_reason) => {
    const { model } = await serve([{ kind: 'blocks', blocks: [{ type: 'text', text: 'A' }], stop_reason }]);
    expect((await ask(model).answer).finish_reason).toBe(finish_reason);
  });

  it('bears events and blocks it does not know', async () => {
    const body =
      anthropicEvent({ type: 'message_start', message: {} }) +
      anthropicEvent({ type: 'new_thing', index: 'x' }) +
      anthropicEvent({ type: 'content_block_start', index: 0, content_block: { type: 'server_tool_use' } }) +
      anthropicEvent({ type: 'content_block_delta', index: 7, delta: { type: 'text_delta', text: 'lost' } }) +
      anthropicEvent({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: 'Hi' } }) +
      anthropicEvent({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: null }) +
      anthropicEvent({ type: 'message_stop' });
    const { model } = await serve([{ kind: 'raw', body }]);
    expect(await ask(model).answer).toMatchObject({ text: 'Hi', tool_calls: [], finish_reason: 'stop' });
  });
});

describe('thinking', () => {
  it('is asked for with its budget, heard as reasoning, and goes back unchanged within the turn', async () => {
    const { model, server } = await serve([
      { kind: 'blocks', blocks: [THOUGHT, HIDDEN, { type: 'text', text: 'Noting.' }, CALL] },
      { kind: 'blocks', blocks: [{ type: 'text', text: 'Done.' }] },
    ]);
    const first = await ask(model, { ...request, thinking_budget: 2048 }).answer;
    expect(first.reasoning).toBe('I should note it.');
    expect(bodyOf(server)).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 2048 },
      max_tokens: 2148,
    });
    expect(bodyOf(server)).not.toHaveProperty('temperature');
    await ask(model, afterCalls(first, ['kept'])).answer;
    expect(server.refusals).toEqual([]);
    expect(server.requests[1]?.messages[1]?.content).toEqual([
      THOUGHT,
      HIDDEN,
      { type: 'text', text: 'Noting.' },
      CALL,
    ]);
    expect(server.requests[1]?.thinking).toEqual({ type: 'enabled', budget_tokens: 2048 });
  });

  it('still goes back when a note of the runtime follows the results', async () => {
    const { model, server } = await serve([
      { kind: 'blocks', blocks: [THOUGHT, CALL] },
      { kind: 'blocks', blocks: [{ type: 'text', text: 'Done.' }] },
    ]);
    const first = await ask(model, { ...request, thinking_budget: 2048 }).answer;
    await ask(model, afterCalls(first, ['kept'], [{ role: 'user', content: 'Memory changed.' }])).answer;
    expect(server.refusals).toEqual([]);
    expect(server.requests[1]?.messages[1]?.content).toEqual([THOUGHT, CALL]);
  });

  it('is left out where its earlier part is lost, as after a restart, so that the turn goes on', async () => {
    const { model, server } = await serve([
      { kind: 'blocks', blocks: [THOUGHT, CALL] },
      { kind: 'blocks', blocks: [{ type: 'text', text: 'Done.' }] },
    ]);
    const first = await ask(model, { ...request, thinking_budget: 2048 }).answer;
    const restarted = modelAt(server.base_url, {}, createThoughts());
    await ask(restarted, afterCalls(first, ['kept'])).answer;
    expect(server.refusals).toEqual([]);
    expect(server.requests[1]).not.toHaveProperty('thinking');
    expect(server.requests[1]?.messages[1]?.content).toEqual([CALL]);
  });

  it('of past turns is not sent again', async () => {
    const { model, server } = await serve([
      { kind: 'blocks', blocks: [THOUGHT, CALL] },
      { kind: 'blocks', blocks: [{ type: 'text', text: 'Done.' }] },
    ]);
    const first = await ask(model, { ...request, thinking_budget: 2048 }).answer;
    const next: ChatMessage[] = [
      { role: 'assistant', content: 'Kept.' },
      { role: 'user', content: 'And now?' },
    ];
    await ask(model, afterCalls(first, ['kept'], next)).answer;
    expect(server.refusals).toEqual([]);
    expect(server.requests[1]?.messages[1]?.content).toEqual([CALL]);
    expect(server.requests[1]?.thinking?.type).toBe('enabled');
  });

  const kinds: readonly [string, number | null, unknown, unknown][] = [
    ['claude-3-5-haiku-latest', 4096, undefined, 0.5],
    ['claude-3-7-sonnet-latest', 100, { type: 'enabled', budget_tokens: 1024 }, undefined],
    ['claude-opus-4-1-20250805', 4096, { type: 'enabled', budget_tokens: 4096 }, undefined],
    ['claude-sonnet-4-20250514', null, undefined, 0.5],
    ['claude-opus-4-6', 4096, { type: 'adaptive' }, undefined],
    ['claude-opus-4-7', 20_000, { type: 'adaptive', display: 'summarized' }, undefined],
    ['claude-sonnet-5', null, undefined, undefined],
  ];

  it.each(kinds)(
    'of %s with a budget of %s is asked for as %j',
    async (model_name, thinking_budget, thinking, temperature) => {
      const { model, server } = await serve([{ kind: 'blocks', blocks: [{ type: 'text', text: 'Hi' }] }]);
      await ask(model, { ...request, model: model_name, thinking_budget }).answer;
      expect(bodyOf(server)['thinking']).toEqual(thinking);
      expect(bodyOf(server)['temperature']).toBe(temperature);
    },
  );
});

describe('a talk of any shape is sent in one the API takes', () => {
  const call = { id: 'call_1', name: 'note', arguments: '{}' };
  const talks: readonly [string, Partial<ModelRequest>][] = [
    ['neighbours of one role', { messages: [user('a'), user('b'), said('c'), said('d'), user('e')] }],
    ['an answer first', { messages: [said('c'), user('e')] }],
    ['blank texts', { messages: [user('  '), said('   '), user('\n')] }],
    [
      'a call without words',
      { messages: [user('a'), { role: 'assistant', content: null, tool_calls: [call] }, result('')] },
    ],
    [
      'calls, and no tools any more',
      {
        tools: [],
        messages: [
          user('a'),
          { role: 'assistant', content: 'b', tool_calls: [call] },
          result('x'),
          user('Sum up.'),
        ],
      },
    ],
    ['no system prompt and no limit', { max_output_tokens: null, messages: [user('a')] }],
    ['a call that must come', { tool_choice: 'required', thinking_budget: 4096 }],
  ];

  it.each(talks)('%s', async (_what, fields) => {
    const { model, server } = await serve([{ kind: 'blocks', blocks: [{ type: 'text', text: 'Hi' }] }]);
    await ask(model, { ...request, ...fields }).answer;
    expect(server.refusals).toEqual([]);
    const names = server.requests[0]?.tools?.map(({ name }) => name);
    expect(names).toEqual(['note']);
  });

  function user(content: string): ChatMessage {
    return { role: 'user', content };
  }
  function said(content: string): ChatMessage {
    return { role: 'assistant', content };
  }
  function result(content: string): ChatMessage {
    return { role: 'tool', tool_call_id: 'call_1', content };
  }
});

describe('a refusal', () => {
  const status = (code: number, type: string, message = 'no'): AnthropicAnswer => ({
    kind: 'status',
    status: code,
    type,
    message,
  });
  const long = 'prompt is too long: 213462 tokens > 200000 maximum';
  const room =
    'input length and `max_tokens` exceed context limit: 190000 + 21333 > 200000, decrease input length';
  const table: readonly [string, AnthropicAnswer, ErrorCode, RegExp][] = [
    [
      '401',
      status(401, 'authentication_error', 'bad sk-ant-canary-0001'),
      'model_auth',
      /ANTHROPIC_API_KEY/u,
    ],
    ['403', status(403, 'permission_error'), 'model_auth', /refused to let us in/u],
    ['404', status(404, 'not_found_error'), 'model_error', /does not know the model claude-sonnet-4-5/u],
    ['413', status(413, 'request_too_large'), 'model_overflow', /no longer fits/u],
    [
      'an empty account',
      status(400, 'invalid_request_error', 'Your credit balance is too low to access the API'),
      'model_rate_limit',
      /credit/u,
    ],
    [
      'a prompt that is too long',
      status(400, 'invalid_request_error', long),
      'model_overflow',
      /213,462 .* 200,000/u,
    ],
    [
      'no room for the answer',
      status(400, 'invalid_request_error', room),
      'model_overflow',
      /190,000 .* 200,000/u,
    ],
  ];

  it.each(table)('%s is told at once', async (_what, answer, code, message) => {
    const { model, server } = await serve([answer]);
    const { answer: asked, events } = ask(model);
    const error = await failureOf(asked);
    expect([error.code, server.requests.length]).toEqual([code, 1]);
    expect(error.message).toMatch(message);
    expect(JSON.stringify([error.message, error.details, events])).not.toContain('canary');
  });

  const passing: readonly [string, AnthropicAnswer][] = [
    ['529', status(529, 'overloaded_error')],
    ['429', { ...status(429, 'rate_limit_error'), headers: { 'retry-after': '0' } } as AnthropicAnswer],
    ['500', status(500, 'api_error')],
    ['overloaded before the first word of a stream', { kind: 'stream_error', type: 'overloaded_error' }],
  ];

  it.each(passing)('that may pass (%s) is tried again, and said', async (_what, answer) => {
    const { model } = await serve([answer, { kind: 'blocks', blocks: [{ type: 'text', text: 'Hi' }] }]);
    const asked = ask(model);
    expect((await asked.answer).text).toBe('Hi');
    expect(asked.events.map(({ type }) => type)).toEqual(['failed', 'waiting', 'text']);
  });

  it('that asks for more patience than there is ends the run and says how long', async () => {
    const { model } = await serve([
      { ...status(429, 'rate_limit_error'), headers: { 'retry-after': '3600' } } as AnthropicAnswer,
    ]);
    const error = await failureOf(ask(model).answer);
    expect([error.code, error.details?.['retry_after_seconds']]).toEqual(['model_rate_limit', 3600]);
  });

  it('in the middle of an answer is not tried again', async () => {
    const { model, server } = await serve([{ kind: 'stream_error', type: 'overloaded_error', first: 'Hel' }]);
    const asked = ask(model);
    expect((await failureOf(asked.answer)).code).toBe('model_error');
    expect(server.requests).toHaveLength(1);
    expect(asked.events[0]).toEqual({ type: 'text', delta: 'Hel' });
  });
});

describe('the wall', () => {
  const sizes: Partial<ModelLimits> = { answer_bytes: 50_000, line_bytes: 20_000 };
  const waits: Partial<ModelLimits> = { first_byte_ms: 60, idle_ms: 60 };
  const huge = anthropicEvent({ type: 'message_start', message: { pad: 'x'.repeat(30_000) } });
  const many = anthropicEvent({ type: 'new_thing', pad: 'x'.repeat(1000) }).repeat(60);
  const table: readonly [string, AnthropicAnswer, ErrorCode][] = [
    ['no headers', { kind: 'hang' }, 'model_timeout'],
    ['silence in the middle', { kind: 'hang', first: 'Hel' }, 'model_timeout'],
    ['nothing but pings', { kind: 'pings' }, 'model_timeout'],
    ['a cut line', { kind: 'cut', first: 'Hel' }, 'model_unreachable'],
    ['an end without a reason', { kind: 'unfinished', text: 'Hel' }, 'model_bad_response'],
    ['a web page', { kind: 'raw', body: '<p>Sign in', content_type: 'text/html' }, 'model_bad_response'],
    ['broken JSON', { kind: 'raw', body: 'event: x\ndata: {"type": \n\n' }, 'model_bad_response'],
    ['one huge line', { kind: 'raw', body: huge }, 'model_bad_response'],
    ['too much in all', { kind: 'raw', body: many }, 'model_bad_response'],
  ];

  it.each(table)('ends %s', async (_what, answer, code) => {
    // What does not wait must not be cut short by a slow machine.
    const limits = code === 'model_timeout' ? waits : sizes;
    const { model } = await serve([answer], { ...limits, attempts: 1 });
    expect((await failureOf(ask(model).answer)).code).toBe(code);
  });

  it('lets a stop through at any moment', async () => {
    const { model } = await serve([{ kind: 'hang', first: 'Hel' }]);
    const controller = new AbortController();
    const answer = model.answer(request, {
      signal: controller.signal,
      onEvent: () => controller.abort('cancelled'),
    });
    expect((await failureOf(answer)).code).toBe('cancelled');
  });

  it('does not follow a redirect with the key', async () => {
    const other = await startScriptedAnthropic([]);
    onTestFinished(() => other.close());
    const away = { location: `${other.base_url}/messages` };
    const { model, server } = await serve([
      { kind: 'status', status: 307, type: 'x', message: '', headers: away },
    ]);
    expect((await failureOf(ask(model).answer)).code).toBe('model_bad_response');
    expect([server.requests.length, other.requests.length]).toEqual([1, 0]);
  });
});
