import { expect, test } from 'vitest';
import { openStream, type Stream } from './open-stream.ts';
import { type ScriptedLetta, startScriptedLetta } from './scripted-server.ts';
import { makeAgent, type Wire } from './server.ts';

/** A promise and the way to settle it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

function openTalk(
  { url, agent_id }: ScriptedLetta,
  body: Wire,
  headers?: Record<string, string>,
): Promise<Stream> {
  return openStream(`${url}/v1/agents/${agent_id}/messages/stream`, body, headers);
}

async function talk({ ask, agent_id }: ScriptedLetta): Promise<unknown[]> {
  const { body } = await ask(`GET /v1/agents/${agent_id}/messages`);
  return (body as Wire[]).map(({ message_type, content }) => [message_type, content]);
}

/** The messages of a stream. */
function wiresOf(text: string): Wire[] {
  return text
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: {"id":"message-'))
    .map((frame) => JSON.parse(frame.slice('data: '.length)) as Wire);
}

const neverEnding = { kind: 'hang', first: 'Half a sentence' } as const;

test('a live run is cancelled: its stream ends with the reason alone, its text is kept, the next turn works', async () => {
  const server = await startScriptedLetta((_request, index) =>
    index === 0
      ? { kind: 'chunks', chunks: [{ text: 'Half a' }, { text: ' sentence', after: gate().opened }] }
      : { kind: 'text', text: 'Here again.' },
  );
  const stream = await openTalk(server, { input: 'Tell me', stream_tokens: true });
  await stream.until((text) => text.includes('Half a'));
  const cancelled = await server.ask(`POST /v1/agents/${server.agent_id}/messages/cancel`, {});
  expect(cancelled.status).toBe(200);
  expect(Object.values(cancelled.body as Wire)).toEqual(['cancelled']);
  const text = await stream.until(() => false);
  expect(text.endsWith('data: {"message_type":"stop_reason","stop_reason":"cancelled"}\n\n')).toBe(true);
  expect(text.match(/Half a/gu)).toHaveLength(1);
  expect((await server.ask(`POST /v1/agents/${server.agent_id}/messages`, { input: 'And?' })).status).toBe(
    200,
  );
  expect(await talk(server)).toEqual([
    ['user_message', 'Tell me'],
    ['assistant_message', 'Half a'],
    ['user_message', 'And?'],
    ['assistant_message', 'Here again.'],
  ]);
  expect(server.model.refusals).toEqual([]);
});

test('who waits for a cancelled run gets what was said, and why it ended', async () => {
  const server = await startScriptedLetta(() => neverEnding);
  const waiting = server.ask(`POST /v1/agents/${server.agent_id}/messages`, { input: 'Tell me' });
  const delta = await server.seen(({ type }) => type === 'message.delta');
  const run_id = delta.type === 'message.delta' ? delta.run_id : '';
  const other = 'run-00000000-0000-4000-8000-000000000000';
  const run_ids = [run_id, other, 'nonsense'];
  const answer = await server.ask(`POST /v1/agents/${server.agent_id}/messages/cancel`, { run_ids });
  expect(answer.body).toEqual({ [run_id]: 'cancelled', [other]: 'failed', nonsense: 'failed' });
  const { status, body } = await waiting;
  expect(status).toBe(200);
  expect(body).toMatchObject({
    messages: [{ message_type: 'assistant_message', content: 'Half a sentence' }],
    stop_reason: { stop_reason: 'cancelled' },
  });
});

test('a reader that leaves in the middle stops nothing: the answer is finished and kept', async () => {
  const rest = gate();
  const server = await startScriptedLetta((_request, index) =>
    index === 0
      ? { kind: 'chunks', chunks: [{ text: 'First' }, { text: ' and last.', after: rest.opened }] }
      : { kind: 'text', text: 'Here again.' },
  );
  const stream = await openTalk(server, { input: 'Tell me', stream_tokens: true });
  await stream.until((text) => text.includes('First'));
  stream.leave();
  rest.open();
  const ended = await server.seen(({ type }) => type === 'run.finished');
  expect(ended).toMatchObject({ run: { state: 'completed' } });
  expect(await talk(server)).toEqual([
    ['user_message', 'Tell me'],
    ['assistant_message', 'First and last.'],
  ]);
  expect((await server.ask(`POST /v1/agents/${server.agent_id}/messages`, { input: 'And?' })).status).toBe(
    200,
  );
});

test('a client that repeats its request after a broken line joins the run instead of starting another', async () => {
  const rest = gate();
  const server = await startScriptedLetta(() => ({
    kind: 'chunks',
    chunks: [{ text: 'First' }, { text: ' and last.', after: rest.opened }],
  }));
  const body = { input: 'Tell me', stream_tokens: true };
  const stream = await openTalk(server, body);
  await stream.until((text) => text.includes('First'));
  stream.leave();
  const again = await openTalk(server, body, { 'x-stainless-retry-count': '1' });
  await again.until((text) => text.includes('"message_type":"ping"'));
  rest.open();
  const text = await again.until(() => false);
  expect(text.match(/"content":"[^"]*"/gu)).toEqual(['"content":"First and last."']);
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(server.model.requests).toHaveLength(1);
});

test('a request repeated after its answer was finished says something new', async () => {
  const rest = gate();
  const server = await startScriptedLetta((_request, index) =>
    index === 0
      ? { kind: 'chunks', chunks: [{ text: 'First' }, { text: ' and last.', after: rest.opened }] }
      : { kind: 'text', text: 'Once more.' },
  );
  const body = { input: 'Tell me' };
  const stream = await openTalk(server, { ...body, stream_tokens: true });
  await stream.until((text) => text.includes('First'));
  stream.leave();
  rest.open();
  await server.seen(({ type }) => type === 'run.finished');
  const again = await openTalk(server, { ...body, stream_tokens: true }, { 'x-stainless-retry-count': '1' });
  expect(await again.until(() => false)).toContain('"content":" more."');
  expect(await talk(server)).toEqual([
    ['user_message', 'Tell me'],
    ['assistant_message', 'First and last.'],
    ['user_message', 'Tell me'],
    ['assistant_message', 'Once more.'],
  ]);
});

test('a server that stops ends its streams with the reason, an error and [DONE]', async () => {
  const server = await startScriptedLetta(() => neverEnding);
  const stream = await openTalk(server, { input: 'Tell me', stream_tokens: true });
  await stream.until((text) => text.includes('Half'));
  await server.stop();
  const frames = (await stream.until(() => false)).trimEnd().split('\n\n').slice(-3);
  expect(frames[0]).toBe('data: {"message_type":"stop_reason","stop_reason":"error"}');
  expect(frames[1]).toMatch(/^event: error\ndata: \{"message_type":"error_message","run_id":"run-/u);
  expect(frames[1]).toContain('"error_type":"stream_incomplete"');
  expect(frames[2]).toBe('data: [DONE]');
});

test('an agent that speaks by tool streams what it thinks, then what it says, each once', async () => {
  const server = await startScriptedLetta(() => ({
    kind: 'calls',
    text: 'A greeting is due.',
    calls: [{ name: 'send_message', arguments: { message: 'Hello Kit!' } }],
  }));
  const id = await makeAgent(server, { agent_type: 'memgpt_agent', model: 'openai/gpt-4o-mini' });
  const path = `POST /v1/agents/${id}/messages/stream`;
  const { body } = await server.ask(path, { input: 'Hi', stream_tokens: true });
  const wires = wiresOf(String(body));
  const join = (kind: string, key: string): string =>
    wires.map((wire) => (wire['message_type'] === kind ? String(wire[key]) : '')).join('');
  expect(join('reasoning_message', 'reasoning')).toBe('A greeting is due.');
  expect(join('assistant_message', 'content')).toBe('Hello Kit!');
  const kinds = wires.map(({ message_type }) => message_type);
  expect(new Set(kinds)).toEqual(new Set(['reasoning_message', 'assistant_message']));
  expect(kinds.lastIndexOf('reasoning_message')).toBeLessThan(kinds.indexOf('assistant_message'));
  const kept = (await server.ask(`GET /v1/agents/${id}/messages`)).body as Wire[];
  expect(kept.map(({ message_type }) => message_type)).toEqual([
    'user_message',
    'reasoning_message',
    'assistant_message',
  ]);
});

test('an answer cut at its length limit is given with that reason, whole or streamed', async () => {
  const server = await startScriptedLetta(() => ({
    kind: 'text',
    text: 'Half a sentence',
    finish_reason: 'length',
  }));
  const path = `/v1/agents/${server.agent_id}/messages`;
  const whole = await server.ask(`POST ${path}`, { input: 'Tell me' });
  expect(whole).toMatchObject({
    status: 200,
    body: {
      messages: [{ content: 'Half a sentence' }],
      stop_reason: { message_type: 'stop_reason', stop_reason: 'max_tokens_exceeded' },
    },
  });
  const streamed = String((await server.ask(`POST ${path}/stream`, { input: 'Again' })).body);
  expect(streamed).toContain('"stop_reason":"max_tokens_exceeded"');
  expect(streamed).not.toContain('event: error');
  expect(streamed.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('pieces of text carry the ids of message, part, step and run that the kept message has', async () => {
  const server = await startScriptedLetta((_request, index) =>
    index === 0
      ? {
          kind: 'calls',
          text: 'Let me note that.',
          calls: [{ name: 'memory_insert', arguments: { label: 'human', new_string: 'Likes jazz' } }],
        }
      : { kind: 'text', text: 'Noted.', reasoning: 'It is done.' },
  );
  const path = `/v1/agents/${server.agent_id}/messages`;
  const { body } = await server.ask(`POST ${path}/stream`, { input: 'I like jazz', stream_tokens: true });
  const frames = wiresOf(String(body));
  const kept = (await server.ask(`GET ${path}`)).body as Wire[];
  const key = (wire: Wire): string =>
    [wire['message_type'], wire['id'], wire['otid'], wire['step_id'], wire['run_id']].join(' ');
  expect(new Set(frames.map(key))).toEqual(
    new Set(kept.filter(({ message_type }) => message_type !== 'user_message').map(key)),
  );
});
