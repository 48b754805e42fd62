import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openBackend } from '../../electron/backend.ts';
import { VERSION } from '../../electron/version.ts';
import type { ScriptedAnswer } from '../helpers/scripted-openai.ts';
import { ROOT } from '../helpers/sources.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { makeScriptedAgent, openScripted, startModel } from './scripted-backend.ts';

const say = (text: string): ScriptedAnswer => ({ kind: 'text', text });
const open = (dataDir: string) => openBackend({ dataDir, env: {}, log: () => undefined });

test('the version the app tells is the one of its package', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(VERSION).toBe(manifest.version);
});

test('the first agent is made once: one that was deleted does not come back', async () => {
  const folder = tempDir();
  const first = await open(folder);
  const { agents } = await first.call('agents.list', {});
  expect(agents.map((agent) => agent.name)).toEqual(['Ada']);
  await first.call('agents.delete', { agent_id: agents[0]?.id ?? '' });
  await first.close();
  const second = await open(folder);
  onTestFinished(() => second.close());
  expect((await second.call('agents.list', {})).agents).toEqual([]);
});

describe('closing', () => {
  test('in the middle of an answer keeps its text, and the run goes on after the next start', async () => {
    const folder = tempDir();
    const model = await startModel((_request, index) =>
      index === 0 ? { kind: 'hang', first: 'The answer so far' } : say('and its end.'),
    );
    const first = await openScripted(model, folder);
    const { conversation_id } = await makeScriptedAgent(first.backend);
    await first.backend.call('messages.send', { conversation_id, text: 'Hi', otid: 'a' });
    await first.seen((event) => event.type === 'message.delta');
    await first.backend.close();
    await first.backend.close();

    const second = await openScripted(model, folder);
    const { run } = await second.backend.call('runs.current', { conversation_id });
    expect(run).toMatchObject({ state: 'interrupted', stop_reason: 'interrupted' });
    const talk = async () => {
      const { messages } = await second.backend.call('messages.list', { conversation_id });
      return messages.map(({ text, status }) => [text, status]);
    };
    const kept = [
      ['Hi', 'complete'],
      ['The answer so far', 'interrupted'],
    ];
    expect(await talk()).toEqual(kept);
    await second.backend.call('runs.resume', { run_id: run?.id ?? '' });
    const ended = await second.seen((event) => event.type === 'run.finished');
    expect(ended).toMatchObject({ run: { id: run?.id, state: 'completed', error: null } });
    expect(await talk()).toEqual([...kept, ['and its end.', 'complete']]);
    expect(model.refusals).toEqual([]);
  });

  test('leaves a waiting message in the queue, and the next start answers it', async () => {
    const folder = tempDir();
    const model = await startModel((_request, index) => (index === 0 ? { kind: 'hang' } : say('Here.')));
    const first = await openScripted(model, folder);
    const { conversation_id } = await makeScriptedAgent(first.backend);
    await first.backend.call('messages.send', { conversation_id, text: 'one', otid: '1' });
    await model.received(1);
    await first.backend.call('messages.send', { conversation_id, text: 'two', otid: '2' });
    await first.backend.close();
    const second = await openScripted(model, folder);
    await second.seen((event) => event.type === 'run.finished' || event.type === 'run.started');
    await model.received(2);
    const current = async () => (await second.backend.call('runs.current', { conversation_id })).run?.state;
    await expect.poll(current).toBe('completed');
    const { messages } = await second.backend.call('messages.list', { conversation_id });
    expect(messages.map((message) => message.text)).toEqual(['one', 'two', 'Here.']);
  });
});

describe('the queue', () => {
  test('gives back a waiting message; one that is being answered can not be taken back', async () => {
    const release = Promise.withResolvers<void>();
    const model = await startModel(() => ({
      kind: 'chunks',
      chunks: [{ text: 'Done.', after: release.promise }],
    }));
    const { backend, seen } = await openScripted(model);
    const { conversation_id } = await makeScriptedAgent(backend);
    const one = await backend.call('messages.send', { conversation_id, text: 'one', otid: '1' });
    await model.received(1);
    const two = await backend.call('messages.send', { conversation_id, text: 'two', otid: '2' });
    expect(two.state).toBe('queued');
    await backend.call('messages.unsend', { inbox_id: two.inbox_id });
    expect((await backend.call('runs.current', { conversation_id })).queue).toEqual([]);
    const again = backend.call('messages.send', { conversation_id, text: 'two', otid: '2' });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    const refused = { code: 'conflict' };
    await expect(backend.call('messages.unsend', { inbox_id: one.inbox_id })).rejects.toMatchObject(refused);
    release.resolve();
    await seen((event) => event.type === 'run.finished');
    const { messages } = await backend.call('messages.list', { conversation_id });
    expect(messages.map((message) => message.text)).toEqual(['one', 'Done.']);
  });

  test('of one conversation does not hold up another', async () => {
    const slow = Promise.withResolvers<void>();
    const model = await startModel((request) =>
      request.messages.at(-1)?.content?.startsWith('slow') === true
        ? { kind: 'chunks', chunks: [{ text: 'Slow.', after: slow.promise }] }
        : say('Fast.'),
    );
    const { backend, ask, events, seen } = await openScripted(model);
    const { agent_id, conversation_id } = await makeScriptedAgent(backend);
    const other = await backend.call('conversations.create', { agent_id });
    await backend.call('messages.send', { conversation_id, text: 'slow', otid: 's' });
    await model.received(1);
    expect(await ask(other.id, 'fast')).toMatchObject({ state: 'completed' });
    expect(events.filter((event) => event.type === 'run.finished')).toHaveLength(1);
    slow.resolve();
    await seen((event) => event.type === 'run.finished' && event.run.conversation_id === conversation_id);
    const said = async (id: string) =>
      (await backend.call('messages.list', { conversation_id: id })).messages.map(({ text }) => text);
    expect([await said(conversation_id), await said(other.id)]).toEqual([
      ['slow', 'Slow.'],
      ['fast', 'Fast.'],
    ]);
  });
});

describe('what the model is sent', () => {
  test('an edit of a shared block by another agent comes as one note behind an unchanged prefix', async () => {
    const edit = { name: 'memory_insert', arguments: { label: 'project', new_string: 'Due in May' } };
    const model = await startModel((request) =>
      request.messages.at(-1)?.content?.startsWith('Note') === true
        ? { kind: 'calls', calls: [edit] }
        : say('Yes.'),
    );
    const { backend, ask } = await openScripted(model);
    const block = await backend.call('blocks.create', { label: 'project', value: 'Name: Garden' });
    const a = await makeScriptedAgent(backend, { name: 'A', block_ids: [block.id] });
    const b = await makeScriptedAgent(backend, { name: 'B', block_ids: [block.id] });
    await ask(a.conversation_id, 'Hello');
    const first = model.requests.at(-1)!;
    await ask(b.conversation_id, 'Note the date');
    await ask(a.conversation_id, 'And now?');
    const second = model.requests.at(-1)!;
    expect(JSON.stringify(second.messages.slice(0, first.messages.length))).toBe(
      JSON.stringify(first.messages),
    );
    expect(second.tools).toEqual(first.tools);
    const notes = second.messages.filter((message) => message.content?.includes('<memory_update>') === true);
    expect(notes).toHaveLength(1);
    expect(notes[0]?.content).toContain('Due in May');
    await ask(a.conversation_id, 'Still?');
    const third = model.requests.at(-1)!;
    expect(third.body.split('<memory_update>')).toHaveLength(2);
    expect(JSON.stringify(third.messages.slice(0, second.messages.length))).toBe(
      JSON.stringify(second.messages),
    );
  });

  test('a result too large for the window is cut, with both numbers', async () => {
    const search = { name: 'archival_memory_search', arguments: { query: 'garden', top_k: 30 } };
    const model = await startModel([{ kind: 'calls', calls: [search] }, say('Much.')]);
    const { backend, ask } = await openScripted(model);
    const { agent_id, conversation_id } = await makeScriptedAgent(backend, { context_window_limit: 8192 });
    for (let index = 0; index < 30; index += 1) {
      const text = `Entry ${index}: ${'the garden in May '.repeat(60)}`;
      await backend.call('archive.add', { agent_id, text });
    }
    expect(await ask(conversation_id, 'What of the garden?')).toMatchObject({ state: 'completed' });
    const { messages } = await backend.call('messages.list', { conversation_id });
    const result = messages.find((message) => message.role === 'tool')?.text ?? '';
    const limit = Math.floor(8192 * 0.2 * 4);
    const cut = /\n\[Cut: the result had (\d+) characters; the first (\d+) are shown\./.exec(result);
    expect(Number(cut?.[2])).toBe(limit);
    expect(Number(cut?.[1])).toBeGreaterThan(limit);
    expect(cut?.index).toBe(limit);
    expect(model.refusals).toEqual([]);
  });
});
