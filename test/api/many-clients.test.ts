import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../electron/server.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import type { Message } from '../../shared/contract/conversations.ts';
import { type Client, createClient, httpTransport } from '../../shared/client.ts';
import { AppError } from '../../shared/errors.ts';
import type { EventEnvelope } from '../../shared/events.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { SCRIPTED, startModel } from './scripted-backend.ts';

const SENDS_EACH = 10;

/** A window of the ADE: calls and one event stream, both over HTTP. */
type Window = { readonly client: Client; readonly envelopes: EventEnvelope[] };

/** Resolves once the stream is open, so that nothing said after is missed. */
async function openWindow(url: string): Promise<Window> {
  const listening = Promise.withResolvers<void>();
  const client = createClient(httpTransport(url));
  const envelopes: EventEnvelope[] = [];
  let connections = 0;
  const stop = client.subscribe(
    (envelope) => envelopes.push(envelope),
    () => {
      connections += 1;
      listening.resolve();
    },
  );
  onTestFinished(() => {
    stop();
    expect(connections).toBe(1);
  });
  await listening.promise;
  return { client, envelopes };
}

async function startHouse(): Promise<{ url: string; one: Window; two: Window; refusals: readonly string[] }> {
  const model = await startModel((request) => {
    const said = request.messages.findLast((message) => message.role === 'user')?.content ?? '';
    return { kind: 'text', text: `Heard ${said.split('\n', 1)[0] ?? ''}` };
  });
  const server = await startServer({
    port: 0,
    dataDir: tempDir(),
    env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url },
  });
  onTestFinished(() => server.close());
  const [one, two] = [await openWindow(server.url), await openWindow(server.url)];
  return { url: server.url, one, two, refusals: model.refusals };
}

async function postV1(url: string, method: 'POST' | 'PATCH', body: object): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
}

function added(window: Window, conversation_id: string): Message[] {
  return window.envelopes.flatMap(({ event }) =>
    event.type === 'message.added' && event.message.conversation_id === conversation_id
      ? [event.message]
      : [],
  );
}

const names = (prefix: string): string[] =>
  Array.from({ length: SENDS_EACH }, (_, index) => `${prefix} ${index}`);

test('two windows and a V1 client talk in one conversation: nothing is lost, doubled or out of order', async () => {
  const { url, one, two, refusals } = await startHouse();
  const agent = await one.client.call('agents.create', { name: 'Kit', model: SCRIPTED });
  const { conversations } = await one.client.call('conversations.list', { agent_id: agent.id });
  const conversation_id = conversations[0]?.id ?? '';
  const sendAll = async ({ client }: Window, prefix: string): Promise<void> => {
    for (const text of names(prefix)) {
      await client.call('messages.send', { conversation_id, text, otid: text });
    }
  };
  const sendAllV1 = async (): Promise<void> => {
    for (const input of names('rest'))
      await postV1(`${url}/v1/agents/${agent.id}/messages`, 'POST', { input });
  };
  await Promise.all([sendAll(one, 'one'), sendAll(two, 'two'), sendAllV1()]);

  const total = 3 * SENDS_EACH * 2;
  await expect.poll(() => added(one, conversation_id).length, { timeout: 15_000 }).toBe(total);
  await expect.poll(() => added(two, conversation_id).length, { timeout: 15_000 }).toBe(total);
  const { messages } = await two.client.call('messages.list', { conversation_id, limit: 200 });
  expect(messages.map((message) => message.seq)).toEqual(Array.from({ length: total }, (_, at) => at + 1));
  const asked = messages.filter((message) => message.role === 'user').map((message) => message.text);
  for (const prefix of ['one', 'two', 'rest']) {
    expect(asked.filter((text) => text.startsWith(prefix))).toEqual(names(prefix));
  }
  const answers = messages.flatMap((message, at) =>
    message.role === 'user' ? [messages[at + 1]?.text] : [],
  );
  expect(answers).toEqual(asked.map((text) => `Heard ${text}`));
  for (const window of [one, two]) {
    expect(added(window, conversation_id)).toEqual(messages);
    const first = window.envelopes[0]?.seq ?? 0;
    expect(window.envelopes.map(({ seq }) => seq)).toEqual(window.envelopes.map((_, at) => first + at));
  }
  expect(refusals).toEqual([]);
});

type Edit = { readonly at: number; readonly line: string };

function withLine(value: string, { at, line }: Edit): string {
  return value.split('\n').toSpliced(at, 0, line).join('\n');
}

/** Edits from an old base; answers whether it was a conflict, in which case nothing was written. */
async function tryEdit({ client }: Window, base: Block, edit: Edit): Promise<'merged' | 'conflict'> {
  try {
    await client.call('blocks.update', {
      block_id: base.id,
      base_version: base.version,
      value: withLine(base.value, edit),
    });
    return 'merged';
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return 'conflict';
    throw error;
  }
}

test('edits of one block from one old base merge or are told as conflicts; no line is lost', async () => {
  const { url, one, two } = await startHouse();
  const lines = Array.from({ length: 21 }, (_, index) => `Line ${index}`);
  const base = await one.client.call('blocks.create', { label: 'project', value: lines.join('\n') });
  const edits = Array.from({ length: 20 }, (_, index) => ({ at: index + 1, line: `New ${index}` }));
  const outcomes = await Promise.all([
    ...edits.map((edit, index) => tryEdit(index % 2 === 0 ? one : two, base, edit)),
    postV1(`${url}/v1/blocks/${base.id}`, 'PATCH', { description: 'Told by V1' }),
  ]);
  const merged = edits.filter((_, index) => outcomes[index] === 'merged');
  const refused = edits.filter((_, index) => outcomes[index] === 'conflict');
  expect(merged.length + refused.length).toBe(20);
  expect(merged.length).toBeGreaterThan(0);
  let block = await two.client.call('blocks.get', { block_id: base.id });
  const expected = [...lines, ...merged.map(({ line }) => line)].toSorted();
  expect(block.value.split('\n').toSorted()).toEqual(expected);
  expect(block.description).toBe('Told by V1');

  // Whoever met a conflict looks again and repeats; then every line is there.
  for (const edit of refused) {
    expect(await tryEdit(one, block, edit)).toBe('merged');
    block = await two.client.call('blocks.get', { block_id: base.id });
  }
  expect(block.value.split('\n').toSorted()).toEqual([...lines, ...edits.map(({ line }) => line)].toSorted());
  const { changes } = await one.client.call('blocks.history', { block_id: base.id, limit: 100 });
  expect(changes.map((change) => change.version)).toEqual(
    Array.from({ length: block.version }, (_, index) => block.version - index),
  );
  for (const window of [one, two]) {
    const versions = window.envelopes.flatMap(({ event }) =>
      event.type === 'block.changed' && event.block.id === base.id ? [event.block.version] : [],
    );
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions).size).toBe(versions.length);
  }
});

test('two who change the same line: one is kept, the other is told the text that stands', async () => {
  const { one, two } = await startHouse();
  const base = await one.client.call('blocks.create', { label: 'project', value: 'Due in May' });
  const edit = (window: Window, value: string): Promise<Block> =>
    window.client.call('blocks.update', { block_id: base.id, base_version: base.version, value });
  const settled = await Promise.allSettled([edit(one, 'Due in June'), edit(two, 'Due in July')]);
  expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const kept = settled.find((outcome) => outcome.status === 'fulfilled')?.value;
  const refused: unknown = settled.find((outcome) => outcome.status === 'rejected')?.reason;
  expect(refused).toMatchObject({ code: 'conflict' });
  expect(JSON.stringify((refused as AppError).details)).toContain(kept?.value);
  expect(await two.client.call('blocks.get', { block_id: base.id })).toEqual(kept);
});
