import { describe, expect, test } from 'vitest';
import { makeAgent, startLetta, type Letta, type Wire } from './server.ts';

async function frames(letta: Letta, path: string, body: Wire): Promise<string[]> {
  const response = await fetch(letta.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const text = await response.text();
  expect(text.endsWith('\n\n')).toBe(true);
  return text.trimEnd().split('\n\n');
}

function kinds(list: readonly string[]): string[] {
  return list.map((frame) => {
    const data = frame.replace(/^data: /, '');
    return data === '[DONE]' ? data : String((JSON.parse(data) as Wire)['message_type']);
  });
}

describe('saying something and waiting', () => {
  test.each([
    ['input', { input: 'Hello there' }],
    ['messages', { messages: [{ role: 'user', content: 'Hello there' }] }],
    ['parts', { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello there' }] }] }],
    ['the guide', { role: 'user', message: 'Hello there' }],
    ['0.5 clients', { messages: [{ role: 'user', text: 'Hello there' }] }],
  ])('the form of %s is answered whole', async (_form, body) => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const answer = await letta.ask(`POST /v1/agents/${id}/messages`, body);
    expect(answer.status).toBe(200);
    const { messages, stop_reason, usage } = answer.body as {
      messages: Wire[];
      stop_reason: Wire;
      usage: Wire;
    };
    expect(messages.at(-1)).toMatchObject({
      message_type: 'assistant_message',
      run_id: expect.any(String) as unknown,
    });
    expect(messages.some(({ message_type }) => message_type === 'user_message')).toBe(false);
    expect(stop_reason).toEqual({ message_type: 'stop_reason', stop_reason: 'end_turn' });
    expect(usage).toMatchObject({
      message_type: 'usage_statistics',
      step_count: expect.any(Number) as unknown,
    });
    const said = (await letta.ask(`GET /v1/agents/${id}/messages`)).body as Wire[];
    expect(said.filter(({ message_type }) => message_type === 'user_message')).toMatchObject([
      { content: 'Hello there' },
    ]);
  });

  test('several at once are each answered with their own run', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((input) => letta.ask(`POST /v1/agents/${id}/messages`, { input })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const runs = answers.map(({ body }) => (body as { messages: Wire[] }).messages[0]!['run_id']);
    expect(new Set(runs).size).toBe(3);
  });

  test('the same otid again says nothing twice and answers the same', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const body = { messages: [{ role: 'user', content: 'Hello there', otid: 'mine' }] };
    const first = await letta.ask(`POST /v1/agents/${id}/messages`, body);
    const second = await letta.ask(`POST /v1/agents/${id}/messages`, body);
    expect((second.body as Wire)['messages']).toEqual((first.body as Wire)['messages']);
  });

  test.each([
    ['nothing', {}, 'Must specify either'],
    ['both', { input: 'a', messages: [] }, 'Cannot specify both'],
    ['an empty list', { messages: [] }, 'Messages must not be empty'],
  ])('%s is refused in words of V1, and not retried', async (_what, body, words) => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const answer = await letta.ask(`POST /v1/agents/${id}/messages`, body);
    expect(answer.status).toBe(422);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect((answer.body as Wire)['detail']).toContain(words);
  });

  test('without a run there is nothing to cancel', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const answer = await letta.ask(`POST /v1/agents/${id}/messages/cancel`, {});
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([409, 'false']);
  });
});

describe('streams', () => {
  test('a step stream begins with a ping and ends with reason, usage and [DONE]', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const list = await frames(letta, `/v1/agents/${id}/messages/stream`, { input: 'Hi, my name is Kit' });
    const order = kinds(list);
    expect(order[0]).toBe('ping');
    expect(order.slice(-3)).toEqual(['stop_reason', 'usage_statistics', '[DONE]']);
    expect(order).toContain('assistant_message');
    for (const frame of list.slice(1, -3)) {
      const wire = JSON.parse(frame.slice(6)) as Wire;
      expect(Object.keys(wire)).toEqual(
        expect.arrayContaining(['id', 'date', 'otid', 'step_id', 'run_id', 'seq_id']),
      );
    }
  });

  test('a token stream brings the same text in pieces of one id', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const body = { input: 'Hello there', streaming: true, stream_tokens: true, include_pings: false };
    const list = await frames(letta, `/v1/agents/${id}/messages`, body);
    const pieces = list
      .slice(0, -3)
      .map((frame) => JSON.parse(frame.slice(6)) as Wire)
      .filter(({ message_type }) => message_type === 'assistant_message');
    const said = (await letta.ask(`GET /v1/agents/${id}/messages`)).body as Wire[];
    const answer = said.findLast(({ message_type }) => message_type === 'assistant_message')!;
    expect(pieces.map(({ content }) => content).join('')).toBe(answer['content']);
    expect(new Set(pieces.map((piece) => piece['id']))).toEqual(new Set([answer['id']]));
  });
});

describe('reading the talk', () => {
  test('a page is chronological whichever end it is taken from', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    for (const input of ['one', 'two', 'three']) await letta.ask(`POST /v1/agents/${id}/messages`, { input });
    const list = async (query: string): Promise<Wire[]> =>
      (await letta.ask(`GET /v1/agents/${id}/messages?${query}`)).body as Wire[];
    const all = await list('order=asc');
    expect(await list('')).toEqual(all);
    const last = all.at(-1)!['id'];
    expect((await list('limit=1')).map((message) => message['id'])).toEqual([last]);
    expect((await list('limit=1&order=asc'))[0]!['id']).toBe(all[0]!['id']);
    expect(await list(`after=${String(last)}`)).toEqual([]);
    const walked: unknown[] = [];
    for (let page = await list('order=asc&limit=2'); page.length > 0;) {
      walked.push(...page);
      page = await list(`order=asc&limit=2&after=${String(page.at(-1)!['id'])}`);
    }
    expect(walked).toEqual(all);
  });

  test('a cursor that is no message is 404', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const unknown = 'message-00000000-0000-4000-8000-000000000000';
    const answer = await letta.ask(`GET /v1/agents/${id}/messages?after=${unknown}`);
    expect([answer.status, answer.body]).toEqual([404, { detail: `Message with id ${unknown} not found` }]);
  });

  test('a page of which nothing is shown does not end a walk', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta, { agent_type: 'memgpt_agent' });
    for (const input of ['one', 'two']) await letta.ask(`POST /v1/agents/${id}/messages`, { input });
    const list = async (query: string): Promise<Wire[]> =>
      (await letta.ask(`GET /v1/agents/${id}/messages?${query}`)).body as Wire[];
    const walked: unknown[] = [];
    for (let page = await list('order=asc&limit=1'); page.length > 0;) {
      walked.push(...page.map(({ message_type }) => message_type));
      page = await list(`order=asc&limit=1&after=${String(page.at(-1)!['id'])}`);
    }
    expect(walked).toEqual(['user_message', 'assistant_message', 'user_message', 'assistant_message']);
  });
});
