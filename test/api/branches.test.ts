import { expect, test } from 'vitest';
import type { ScriptedAnswer, ScriptedRequest } from '../helpers/scripted-openai.ts';
import { steppingClock } from '../helpers/temp-store.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { makeScriptedAgent, openScripted, startModel } from './scripted-backend.ts';

/** `note X` adds a line to the block, `file X` to the archive; whatever else is answered `Done.` */
function obey(request: ScriptedRequest): ScriptedAnswer {
  const last = request.messages.at(-1);
  const said = last?.role === 'user' ? (last.content ?? '').split('\n')[0] : '';
  const [verb, ...rest] = said?.split(' ') ?? [];
  const what = rest.join(' ');
  const note = { id: 'call_0', name: 'memory_insert', arguments: { label: 'human', new_string: what } };
  const file = { id: 'call_0', name: 'archival_memory_insert', arguments: { content: what, tags: [] } };
  if (verb === 'note') return { kind: 'calls', calls: [note] };
  if (verb === 'file') return { kind: 'calls', calls: [file] };
  return { kind: 'text', text: `Done: ${said ?? ''}` };
}

async function talked(texts: readonly string[]) {
  const model = await startModel(obey);
  const dataDir = tempDir();
  const scripted = await openScripted(model, dataDir, steppingClock());
  const { call } = scripted.backend;
  const home = await makeScriptedAgent(scripted.backend, {
    tools: ['memory_insert', 'archival_memory_insert'],
    blocks: [{ label: 'human', value: 'Name: Ann' }],
  });
  for (const text of texts) await scripted.ask(home.conversation_id, text);
  const talk = async (conversation_id: string) =>
    (await call('messages.list', { conversation_id, limit: 200 })).messages;
  const said = async (conversation_id: string) =>
    (await talk(conversation_id)).map(({ seq, text }) => [seq, text]);
  const messageOf = async (text: string) =>
    (await talk(home.conversation_id)).find((message) => message.text === text)!;
  const human = async () => {
    const { blocks } = await call('blocks.list', { agent_id: home.agent_id });
    return blocks.find(({ label }) => label === 'human')!;
  };
  const ended = async (conversation_id: string) => {
    const from = scripted.events.length;
    await scripted.seen(
      (event) => event.type === 'run.finished' && event.run.conversation_id === conversation_id,
    );
    return scripted.events.slice(from);
  };
  return { ...scripted, ...home, call, dataDir, model, talk, said, messageOf, human, ended };
}

test('a message said anew in a branch is answered there, and the talk it leaves stays as it is', async () => {
  const { call, conversation_id, messageOf, said, ended, talk } = await talked(['one', 'two', 'three']);
  const before = await talk(conversation_id);
  const { id: message_id } = await messageOf('two');
  const input = { conversation_id, message_id, text: 'other', otid: 'once' };
  const { conversation, inbox_id } = await call('conversations.branch', input);
  await ended(conversation.id);
  expect(await talk(conversation_id)).toEqual(before);
  expect(await said(conversation.id)).toEqual([
    [1, 'one'],
    [2, 'Done: one'],
    [3, 'other'],
    [4, 'Done: other'],
  ]);
  expect(conversation).toMatchObject({
    parent_id: conversation_id,
    fork_seq: 2,
    is_default: false,
    title: 'other',
  });
  expect(await call('conversations.branch', input)).toMatchObject({
    conversation: { id: conversation.id },
    inbox_id,
  });
  const changed = call('conversations.branch', { ...input, text: 'something else' });
  await expect(changed).rejects.toMatchObject({ code: 'conflict' });
  const { conversations } = await call('conversations.list', { agent_id: conversation.agent_id });
  expect(conversations.map(({ message_count }) => message_count)).toEqual([4, 6]);
});

test('a branch asks the model with what was said before it and nothing after', async () => {
  const { call, conversation_id, messageOf, model, ended } = await talked(['one', 'two', 'three']);
  const { id: message_id } = await messageOf('two');
  const { conversation } = await call('conversations.branch', { conversation_id, message_id });
  await ended(conversation.id);
  const asked = model.requests
    .at(-1)
    ?.messages.slice(1)
    .map(({ content }) => content?.split('\n')[0]);
  expect(asked).toEqual(['one', 'Done: one', 'two']);
});

test('a branch of a branch, taken where both began, reads on through all of its parents', async () => {
  const { call, conversation_id, messageOf, said, ended } = await talked(['one', 'two', 'three']);
  const { id: message_id } = await messageOf('three');
  const first = await call('conversations.branch', { conversation_id, message_id, text: 'four' });
  await ended(first.conversation.id);
  const { messages } = await call('messages.list', { conversation_id: first.conversation.id, limit: 50 });
  const at = (text: string): string => messages.find((message) => message.text === text)?.id ?? '';
  const place = { conversation_id: first.conversation.id };
  const deep = await call('conversations.branch', { ...place, message_id: at('four'), text: 'five' });
  const early = await call('conversations.branch', { ...place, message_id: at('two'), text: 'six' });
  await ended(deep.conversation.id);
  await ended(early.conversation.id);
  expect((await said(deep.conversation.id)).map(([, text]) => text)).toEqual([
    'one',
    'Done: one',
    'two',
    'Done: two',
    'five',
    'Done: five',
  ]);
  expect((await said(early.conversation.id)).map(([, text]) => text)).toEqual([
    'one',
    'Done: one',
    'six',
    'Done: six',
  ]);
  expect(early.conversation.parent_id).toBe(conversation_id);
  const page = { conversation_id: deep.conversation.id, limit: 3 };
  const newest = await call('messages.list', page);
  expect([newest.messages.map(({ seq }) => seq), newest.has_more]).toEqual([[4, 5, 6], true]);
  const older = await call('messages.list', { ...page, before_seq: 4 });
  expect([older.messages.map(({ seq }) => seq), older.has_more]).toEqual([[1, 2, 3], false]);
});

test('what the abandoned turns changed in memory is listed, and taken back on request', async () => {
  const { call, conversation_id, messageOf, human, ended, agent_id } = await talked([
    'note Likes tea',
    'note Likes rain',
    'file The gate sticks',
    'note Likes snow',
  ]);
  const { id: message_id, seq } = await messageOf('note Likes rain');
  const { effects } = await call('messages.effects', { conversation_id, from_seq: seq });
  expect(effects.map(({ change, state }) => [change.kind, change.operation, state])).toEqual([
    ['block', 'insert', 'revertible'],
    ['passage', 'create', 'revertible'],
    ['block', 'insert', 'revertible'],
  ]);
  expect((await human()).value).toContain('Likes snow');
  const input = { conversation_id, message_id, text: 'hello', revert_memory: true };
  const { conversation, reverted } = await call('conversations.branch', input);
  expect(reverted.map(({ state }) => state)).toEqual(['reverted', 'reverted', 'reverted']);
  await ended(conversation.id);
  expect((await human()).value).toBe('Name: Ann\nLikes tea');
  expect((await call('archive.list', { agent_id })).passages).toEqual([]);
  const again = await call('messages.effects', { conversation_id, from_seq: seq });
  expect(again.effects.map(({ state }) => state)).toEqual(['reverted', 'reverted', 'reverted']);
});

test('an edit that something later stands against is kept and told, the others are taken back', async () => {
  const { call, conversation_id, messageOf, human, ended } = await talked([
    'note Likes tea',
    'file The gate sticks',
    'note Likes rain',
  ]);
  const { id: message_id, seq } = await messageOf('note Likes tea');
  const block = await human();
  const value = block.value.replace('Likes rain', 'Likes heavy rain');
  await call('blocks.update', { block_id: block.id, base_version: block.version, value });
  const versions = await call('blocks.history', { block_id: block.id });
  const { effects } = await call('messages.effects', { conversation_id, from_seq: seq });
  expect(await call('blocks.history', { block_id: block.id })).toEqual(versions);
  expect(effects.map(({ state }) => state)).toEqual(['blocked', 'revertible', 'revertible']);
  expect(effects[0]?.problem).toBe('human was changed meanwhile, in the same lines.');
  const input = { conversation_id, message_id, revert_memory: true };
  const { conversation, reverted } = await call('conversations.branch', input);
  expect(reverted.map(({ state }) => state)).toEqual(
    effects.map(({ state }) => (state === 'blocked' ? 'kept' : 'reverted')),
  );
  await ended(conversation.id);
  expect((await human()).value).toBe('Name: Ann\nLikes heavy rain\nLikes tea');
});

test('a branch begins only at something said to the agent, in this talk', async () => {
  const { call, conversation_id, messageOf, agent_id } = await talked(['one']);
  const { id: message_id } = await messageOf('Done: one');
  const branching = call('conversations.branch', { conversation_id, message_id });
  await expect(branching).rejects.toMatchObject({ code: 'invalid_input' });
  const other = await call('conversations.create', { agent_id });
  const elsewhere = call('conversations.branch', { conversation_id: other.id, message_id });
  await expect(elsewhere).rejects.toMatchObject({ code: 'not_found' });
  const { conversations } = await call('conversations.list', { agent_id });
  expect(conversations.length).toBe(2);
});

test('a branch is read, searched and answered while the talk it came from is in the trash', async () => {
  const { call, agent_id, ask, said, ended } = await talked(['hello']);
  const second = await call('conversations.create', { agent_id });
  for (const text of ['the zebra crossing', 'two']) await ask(second.id, text);
  const { messages } = await call('messages.list', { conversation_id: second.id });
  const message_id = messages.find(({ text }) => text === 'two')?.id ?? '';
  const { conversation } = await call('conversations.branch', { conversation_id: second.id, message_id });
  await ended(conversation.id);
  await call('conversations.delete', { conversation_id: second.id });
  expect((await said(conversation.id)).length).toBe(4);
  const hits = async (query: string) => (await call('messages.search', { agent_id, query })).messages.length;
  expect(await hits('zebra')).toBe(2);
  await call('conversations.delete', { conversation_id: conversation.id });
  expect(await hits('zebra')).toBe(0);
  const trash = await call('conversations.trash', { agent_id });
  expect(trash.conversations.map(({ id }) => id)).toEqual([conversation.id, second.id]);
  await call('conversations.restore', { conversation_id: conversation.id });
  expect(await hits('zebra')).toBe(2);
  expect((await call('conversations.trash', { agent_id })).conversations.length).toBe(1);
});

test('a conversation is put aside and taken back, renamed or not', async () => {
  const { call, conversation_id } = await talked(['one']);
  const aside = await call('conversations.update', { conversation_id, archived: true });
  expect(aside).toMatchObject({ title: 'one', archived_at: expect.any(String) as string });
  const again = await call('conversations.update', { conversation_id, archived: true, title: 'Old' });
  expect(again).toMatchObject({ title: 'Old', archived_at: aside.archived_at });
  const back = await call('conversations.update', { conversation_id, archived: false });
  expect(back).toMatchObject({ title: 'Old', archived_at: null });
});

test('a fork is an agent of its own, made at a message of a branch, its history in one piece', async () => {
  const { call, conversation_id, messageOf, human, ended, said, ask } = await talked([
    'note Likes tea',
    'note Likes rain',
  ]);
  const { id: message_id } = await messageOf('note Likes rain');
  const branch = await call('conversations.branch', { conversation_id, message_id, text: 'note Likes snow' });
  await ended(branch.conversation.id);
  const own = (await said(branch.conversation.id)).length;
  const { messages } = await call('messages.list', { conversation_id: branch.conversation.id });
  const at = messages.find(({ text }) => text === 'note Likes snow');
  const input = { conversation_id: branch.conversation.id, message_id: at?.id ?? '' };
  const { agent, conversation } = await call('conversations.fork', input);
  expect(agent).toMatchObject({ name: 'Kit (fork)' });
  expect(conversation).toMatchObject({ is_default: true, parent_id: null, message_count: own - 3 });
  const { blocks } = await call('blocks.list', { agent_id: agent.id });
  // Memory is the agent's, not a talk's: what the other branch noted before is in it.
  expect(blocks.map(({ label, value }) => [label, value])).toEqual([
    ['human', 'Name: Ann\nLikes tea\nLikes rain'],
  ]);
  const before = await human();
  await ask(conversation.id, 'note Only here');
  expect(await human()).toEqual(before);
});

test('a fork says before what memory it will have, and where that differs from now', async () => {
  const { call, conversation_id, messageOf, agent_id } = await talked([
    'note Likes tea',
    'file The gate sticks',
    'note Likes rain',
    'file The key is under the pot',
  ]);
  const { blocks } = await call('blocks.list', { agent_id });
  const { id: message_id, seq, created_at } = await messageOf('note Likes rain');
  await call('blocks.create', { agent_id, label: 'project', value: 'Move' });
  const told = await call('conversations.fork_preview', { conversation_id, message_id });
  expect(told).toEqual({
    as_of: created_at,
    message_count: seq,
    blocks: {
      count: 1,
      different: [
        { label: 'human', was: 'Name: Ann\nLikes tea', is: blocks[0]?.value },
        { label: 'project', was: null, is: 'Move' },
      ],
    },
    archive: {
      count: 1,
      different_count: 1,
      different: [{ label: '', was: null, is: 'The key is under the pot' }],
    },
  });
  const { agent } = await call('conversations.fork', { conversation_id, message_id });
  const forked = await call('blocks.list', { agent_id: agent.id });
  expect(forked.blocks.map(({ value }) => value)).toEqual(['Name: Ann\nLikes tea']);
  const now = await call('conversations.fork_preview', { conversation_id });
  expect(now).toMatchObject({ as_of: null, blocks: { count: 2, different: [] }, archive: { count: 2 } });
});

test('agents in the trash are listed, the last deleted first, until they are restored', async () => {
  const { call, agent_id } = await talked([]);
  const other = await call('agents.create', { name: 'Bento' });
  for (const id of [agent_id, other.id]) await call('agents.delete', { agent_id: id });
  const names = async () => (await call('agents.trash', {})).agents.map(({ name }) => name);
  expect(await names()).toEqual(['Bento', 'Kit']);
  await call('agents.restore', { agent_id });
  expect(await names()).toEqual(['Bento']);
});

test('a branch, what it was to take back and what was said in it are there after a restart, and answered', async () => {
  const { backend, call, conversation_id, messageOf, dataDir, model, human } = await talked([
    'note Likes tea',
    'two',
  ]);
  const { id: message_id } = await messageOf('note Likes tea');
  const input = { conversation_id, message_id, text: 'hello', revert_memory: true };
  const { conversation } = await call('conversations.branch', input);
  expect((await human()).value).toBe('Name: Ann');
  await backend.close();
  const next = await openScripted(model, dataDir);
  const { run } = await next.backend.call('runs.current', { conversation_id: conversation.id });
  if (run?.state === 'interrupted') await next.backend.call('runs.resume', { run_id: run.id });
  const page = { conversation_id: conversation.id };
  await expect
    .poll(async () => (await next.backend.call('messages.list', page)).messages.map(({ text }) => text))
    .toEqual(['hello', 'Done: hello']);
});

test('memory is not taken back while the agent is at work in the talk', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const chunks = [{ text: 'Wait' }, { text: ' for it.', after: promise }];
  const model = await startModel([{ kind: 'chunks', chunks }]);
  const { backend, seen } = await openScripted(model);
  const { call } = backend;
  const { conversation_id } = await makeScriptedAgent(backend);
  await call('messages.send', { conversation_id, text: 'one', otid: 'one' });
  await seen((event) => event.type === 'message.delta');
  const { messages } = await call('messages.list', { conversation_id });
  const input = { conversation_id, message_id: messages[0]?.id ?? '', revert_memory: true };
  await expect(call('conversations.branch', input)).rejects.toMatchObject({ code: 'busy' });
  resolve(undefined);
  await seen((event) => event.type === 'run.finished');
});
