import { expect, test } from 'vitest';
import { openStream } from './open-stream.ts';
import { type ScriptedLetta, startScriptedLetta } from './scripted-server.ts';
import type { Wire } from './server.ts';

/** A frame of a stream: its number, its kind and what it says. */
type Told = { readonly seq: unknown; readonly type: unknown; readonly says: unknown };

function framesOf(text: string): Told[] {
  return text
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: {'))
    .map((frame) => JSON.parse(frame.slice('data: '.length)) as Wire)
    .map((wire) => ({
      seq: wire['seq_id'],
      type: wire['message_type'],
      says: wire['content'] ?? wire['stop_reason'],
    }));
}

async function stream(
  { url }: ScriptedLetta,
  path: string,
  body: Wire,
  headers?: Record<string, string>,
): Promise<{ readonly until: (words: string) => Promise<string>; readonly leave: () => void }> {
  const { until, leave } = await openStream(`${url}/v1${path}`, body, headers);
  return { until: (words) => until((text) => text.includes(words)), leave };
}

/** A server whose model says two words, the second one when it is let. */
async function startHalting(): Promise<{ readonly server: ScriptedLetta; readonly goOn: () => void }> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const server = await startScriptedLetta((_request, index) =>
    index === 0
      ? { kind: 'chunks', chunks: [{ text: 'Half' }, { text: ' whole', after: promise }] }
      : { kind: 'text', text: 'Later.' },
  );
  return { server, goOn: () => resolve(undefined) };
}

function runIn(text: string): string {
  return /"run_id":"(run-[^"]+)"/u.exec(text)?.[1] ?? '';
}

const WORDS = { input: 'Tell me', stream_tokens: true, streaming: true, background: true };

test('a run in the background goes on without its client, which takes its stream up behind the last frame it had', async () => {
  const { server, goOn } = await startHalting();
  const first = await stream(server, `/agents/${server.agent_id}/messages/stream`, WORDS);
  const heard = await first.until('Half');
  first.leave();
  expect(framesOf(heard)).toEqual([
    { seq: 1, type: 'ping', says: undefined },
    { seq: 2, type: 'assistant_message', says: 'Half' },
  ]);
  const path = `/runs/${runIn(heard)}/stream`;
  const again = await stream(server, path, { starting_after: 2 });
  goOn();
  const rest = [
    { seq: 3, type: 'assistant_message', says: ' whole' },
    { seq: undefined, type: 'stop_reason', says: 'end_turn' },
    { seq: undefined, type: 'usage_statistics', says: undefined },
  ];
  const told = await again.until('[DONE]');
  expect(framesOf(told)).toEqual(rest);
  expect(told.endsWith('data: [DONE]\n\n')).toBe(true);

  const late = await stream(server, path, {});
  expect(framesOf(await late.until('[DONE]'))).toEqual([...framesOf(heard), ...rest]);
  expect(server.model.requests).toHaveLength(1);
});

test('a run that was not in the background is told from the store to each who asks, under numbers of their own', async () => {
  const { server, goOn } = await startHalting();
  goOn();
  const said = await server.ask(`POST /v1/agents/${server.agent_id}/messages`, { input: 'Tell me' });
  const path = `/runs/${runIn(JSON.stringify(said.body))}/stream`;
  for (const starting_after of [0, 7]) {
    const told = await stream(server, path, { starting_after, include_pings: false });
    expect(framesOf(await told.until('[DONE]'))).toEqual([
      { seq: starting_after + 1, type: 'assistant_message', says: 'Half whole' },
      { seq: undefined, type: 'stop_reason', says: 'end_turn' },
      { seq: undefined, type: 'usage_statistics', says: undefined },
    ]);
  }
});

test('a run long ago is told whole', async () => {
  const server = await startScriptedLetta(() => ({ kind: 'text', text: 'Yes.' }));
  const said = await server.ask(`POST /v1/agents/${server.agent_id}/messages`, { input: 'Tell me' });
  for (let count = 0; count < 100; count += 1) {
    await server.ask(`POST /v1/agents/${server.agent_id}/messages`, { input: 'Go on' });
  }
  const told = await stream(server, `/runs/${runIn(JSON.stringify(said.body))}/stream`, {});
  expect(framesOf(await told.until('[DONE]')).map(({ says }) => says)).toContain('Yes.');
});

test('a run that waited is told to its end after it was decided by someone else', async () => {
  const call = { id: 'call_1', name: 'memory_insert', arguments: { label: 'human', new_string: 'Tea.' } };
  const server = await startScriptedLetta((_request, index) =>
    index === 0 ? { kind: 'calls', calls: [call] } : { kind: 'text', text: 'Noted.' },
  );
  const { agent_id } = server;
  await server.ask(`PATCH /v1/agents/${agent_id}/tools/approval/memory_insert`, { requires_approval: true });
  const first = await stream(server, `/agents/${agent_id}/messages/stream`, WORDS);
  const waiting = await first.until('[DONE]');
  expect(framesOf(waiting).at(-2)).toMatchObject({ says: 'requires_approval' });
  const approvals = [{ type: 'approval', tool_call_id: 'call_1', approve: true }];
  await server.ask(`POST /v1/agents/${agent_id}/messages`, { messages: [{ type: 'approval', approvals }] });
  const told = await stream(server, `/runs/${runIn(waiting)}/stream`, {});
  expect(framesOf(await told.until('[DONE]')).map(({ says }) => says)).toEqual(
    expect.arrayContaining(['Noted.', 'end_turn']),
  );
});

test('a client that repeats its request reads the stream that is being written', async () => {
  const { server, goOn } = await startHalting();
  const first = await stream(server, `/agents/${server.agent_id}/messages/stream`, WORDS);
  const heard = await first.until('Half');
  first.leave();
  const repeated = await stream(server, `/agents/${server.agent_id}/messages/stream`, WORDS, {
    'x-stainless-retry-count': '1',
  });
  expect(framesOf(await repeated.until('Half'))).toEqual(framesOf(heard));
  goOn();
  const again = await stream(server, `/runs/${runIn(heard)}/stream`, { starting_after: 2 });
  expect(framesOf(await again.until('[DONE]'))[0]).toMatchObject({ seq: 3, says: ' whole' });
  expect(server.model.requests).toHaveLength(1);
});

test('a run of an agent in the trash is not told', async () => {
  const { server, goOn } = await startHalting();
  goOn();
  const first = await stream(server, `/agents/${server.agent_id}/messages/stream`, WORDS);
  const run_id = runIn(await first.until('[DONE]'));
  await server.ask(`DELETE /v1/agents/${server.agent_id}`);
  expect((await server.ask(`POST /v1/runs/${run_id}/stream`, {})).status).toBe(404);
});

test('a run that was stopped after its client left says so to whoever comes back', async () => {
  const { server } = await startHalting();
  const first = await stream(server, `/agents/${server.agent_id}/messages/stream`, WORDS);
  const heard = await first.until('Half');
  first.leave();
  await server.ask(`POST /v1/agents/${server.agent_id}/messages/cancel`, {});
  const again = await stream(server, `/runs/${runIn(heard)}/stream`, { starting_after: 2 });
  expect(framesOf(await again.until('[DONE]'))).toEqual([
    { seq: undefined, type: 'stop_reason', says: 'cancelled' },
  ]);
});

test('a run that is not here, and a place that is none, are refused', async () => {
  const { server } = await startHalting();
  const path = 'POST /v1/runs/run-00000000-0000-4000-8000-000000000000/stream';
  expect((await server.ask(path, {})).status).toBe(404);
  expect((await server.ask(path, { starting_after: -1 })).status).toBe(422);
  expect((await server.ask('POST /v1/runs/mine/stream', {})).status).toBe(422);
});
