import { describe, expect, test, vi } from 'vitest';
import type { Backend } from '../../electron/backend.ts';
import type { ScriptedAnswer, ScriptedModel, Script } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { makeScriptedAgent, openScripted, type ScriptedBackend, startModel } from './scripted-backend.ts';

const say = (text: string): ScriptedAnswer => ({ kind: 'text', text });
const insert: ScriptedAnswer = {
  kind: 'calls',
  calls: [
    { id: 'call_a', name: 'archival_memory_insert', arguments: { content: 'One' } },
    { id: 'call_b', name: 'archival_memory_insert', arguments: { content: 'Two' } },
  ],
};

type Asking = ScriptedBackend & { readonly agent_id: string; readonly conversation_id: string };

async function asking(model: ScriptedModel, folder = tempDir()): Promise<Asking> {
  const scripted = await openScripted(model, folder);
  const { call } = scripted.backend;
  const ids = await makeScriptedAgent(scripted.backend);
  await call('agents.update', { agent_id: ids.agent_id, tool_policies: { archival_memory_insert: 'ask' } });
  return { ...scripted, ...ids };
}

async function paused({ backend, seen }: ScriptedBackend, conversation_id: string, text = 'Hi') {
  await backend.call('messages.send', { conversation_id, text, otid: text });
  await seen((event) => event.type === 'run.paused');
  return (await backend.call('approvals.list', { conversation_id })).approvals;
}

const finished = ({ seen }: ScriptedBackend) => seen((event) => event.type === 'run.finished');
const entriesOf = async ({ call }: Backend, agent_id: string) =>
  (await call('archive.list', { agent_id })).passages.map(({ text }) => text).toSorted();

describe('over a restart', () => {
  test('what waits waits on, what was decided stays so, and the last decision goes on with the run', async () => {
    const model = await startModel([insert, say('Filed.')]);
    const folder = tempDir();
    const first = await asking(model, folder);
    const { agent_id, conversation_id } = first;
    const [one, two] = await paused(first, conversation_id);
    const [decided] = (
      await first.backend.call('approvals.decide', {
        decisions: [{ approval_id: two?.id ?? '', decision: 'approve' }],
      })
    ).approvals;
    const sent = { conversation_id, text: 'And?', otid: 'later' };
    expect(await first.backend.call('messages.send', sent)).toMatchObject({ state: 'queued' });
    const before = await first.backend.call('runs.current', { conversation_id });
    await first.backend.close();

    const second = await openScripted(model, folder);
    const { call } = second.backend;
    expect(await call('runs.current', { conversation_id })).toEqual(before);
    expect(before).toMatchObject({ run: { state: 'waiting' }, approvals: [one], queue: [{ text: 'And?' }] });
    const { messages, tool_calls, approvals } = await call('messages.list', { conversation_id });
    expect(approvals).toEqual([one, decided]);
    expect(tool_calls.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    expect(messages).toHaveLength(2);
    await call('approvals.decide', { decisions: [{ approval_id: one?.id ?? '', decision: 'deny' }] });
    await finished(second);
    expect(await entriesOf(second.backend, agent_id)).toEqual(['Two']);
    const told = { states: ['approved' as const, 'denied' as const] };
    const newest = (await call('approvals.list', { ...told, newest_first: true, limit: 1 })).approvals;
    expect(newest.map(({ id }) => id)).toEqual([two?.id]);
    expect((await call('runs.get', { run_id: before.run?.id ?? '' })).state).toBe('completed');
    expect(model.refusals).toEqual([]);
  });

  test('what ran out of time meanwhile is denied at the start', async () => {
    const model = await startModel([insert, say('Then not.')]);
    const folder = tempDir();
    const first = await asking(model, folder);
    await first.backend.call('settings.update', { approval_hours: 2 });
    await paused(first, first.conversation_id);
    await first.backend.close();
    const late = new Date(Date.now() + 3 * 3_600_000).toISOString();
    const clock = {
      now: () => late.replace('Z', '000Z'),
      newId: (prefix: string) => `${prefix}-${crypto.randomUUID()}`,
    };
    const second = await openScripted(model, folder, clock);
    await finished(second);
    const { conversation_id } = first;
    const states = ['expired', 'pending'] as const;
    const { approvals } = await second.backend.call('approvals.list', {
      conversation_id,
      states: [...states],
    });
    expect(approvals.map(({ state, decided_by }) => [state, decided_by])).toEqual([
      ['expired', 'system'],
      ['expired', 'system'],
    ]);
  });
});

describe('what waits goes with its home', () => {
  const script: Script = [insert, say('Hello.')];
  const states = ['pending', 'cancelled'] as const;

  test('an agent in the trash has nothing waiting, and answers when it is back', async () => {
    const model = await startModel(script);
    const stage = await asking(model);
    const { backend, agent_id, conversation_id } = stage;
    await paused(stage, conversation_id);
    await backend.call('agents.delete', { agent_id });
    const { approvals } = await backend.call('approvals.list', { states: [...states] });
    expect(approvals.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    await backend.call('agents.restore', { agent_id });
    expect((await stage.ask(conversation_id, 'Back?')).state).toBe('completed');
    expect(model.refusals).toEqual([]);
  });

  test('one call decided about twice in one request is refused as a whole', async () => {
    const stage = await asking(await startModel(script));
    const [one, two] = await paused(stage, stage.conversation_id);
    const deny = (approval?: { id: string }) =>
      ({ approval_id: approval?.id ?? '', decision: 'deny' }) as const;
    const approve = { approval_id: two?.id ?? '', decision: 'approve' } as const;
    const decided = stage.backend.call('approvals.decide', { decisions: [deny(one), deny(two), approve] });
    await expect(decided).rejects.toMatchObject({ code: 'invalid_input' });
    expect((await stage.backend.call('approvals.list', {})).approvals).toHaveLength(2);
  });

  test('a deletion that is refused leaves what waits as it is', async () => {
    const stage = await asking(await startModel(script));
    const { backend, conversation_id } = stage;
    await paused(stage, conversation_id);
    const deleted = backend.call('conversations.delete', { conversation_id });
    await expect(deleted).rejects.toMatchObject({ code: 'conflict' });
    const { run, approvals } = await backend.call('runs.current', { conversation_id });
    expect([run?.state, approvals.length]).toEqual(['waiting', 2]);
  });

  test.each(['agents', 'conversations'] as const)(
    'what is queued behind it waits in the trash, too, and is answered when it is back: %s',
    async (kind) => {
      const model = await startModel(script);
      const stage = await asking(model);
      const { backend, agent_id } = stage;
      const made = kind === 'conversations' ? await backend.call('conversations.create', { agent_id }) : null;
      const conversation_id = made?.id ?? stage.conversation_id;
      await paused(stage, conversation_id);
      await backend.call('messages.send', { conversation_id, text: 'And then?', otid: 'queued' });
      const sent = (): Promise<{ state: string; run: { state: string } | null }> =>
        backend.call('messages.sent', { conversation_id, otid: 'queued' });
      const place = kind === 'agents' ? { agent_id } : { conversation_id };
      await backend.call(`${kind}.delete`, place as never);
      await expect(sent()).rejects.toMatchObject({ code: 'not_found' });
      expect(model.requests).toHaveLength(1);
      await backend.call(`${kind}.restore`, place as never);
      await vi.waitFor(async () => {
        expect(await sent()).toMatchObject({ state: 'done', run: { state: 'completed' } });
      });
      expect(model.refusals).toEqual([]);
    },
  );

  test('so has a conversation', async () => {
    const stage = await asking(await startModel(script));
    const { backend, agent_id } = stage;
    const { id: conversation_id } = await backend.call('conversations.create', { agent_id });
    await paused(stage, conversation_id);
    await backend.call('conversations.delete', { conversation_id });
    expect((await backend.call('approvals.list', {})).approvals).toEqual([]);
  });
});

test.each(['agents', 'conversations'] as const)(
  'a run can not go on in the trash, and does when it is back: %s',
  async (kind) => {
    const refusal: ScriptedAnswer = { kind: 'status', status: 400 };
    const stage = await asking(await startModel([refusal, say('Here.')]));
    const { backend, agent_id, ask } = stage;
    const { id: conversation_id } = await backend.call('conversations.create', { agent_id });
    const { id: run_id, state } = await ask(conversation_id, 'Hi');
    expect(state).toBe('failed');
    const place = kind === 'agents' ? { agent_id } : { conversation_id };
    await backend.call(`${kind}.delete`, place as never);
    await expect(backend.call('runs.resume', { run_id })).rejects.toMatchObject({ code: 'not_found' });
    await backend.call(`${kind}.restore`, place as never);
    expect(await backend.call('runs.get', { run_id })).toMatchObject({ state: 'failed' });
    await backend.call('runs.resume', { run_id });
    await stage.seen((event) => event.type === 'run.finished' && event.run.state === 'completed');
  },
);

describe('tools of the sender', () => {
  const weather = {
    name: 'get_weather',
    description: 'Says how the weather is.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  };
  const look = (args: object): ScriptedAnswer => ({
    kind: 'calls',
    calls: [{ id: 'call_w', name: 'get_weather', arguments: args }],
  });

  test('wait for their result, which the model gets as it is', async () => {
    const model = await startModel([look({ city: 'Rome' }), say('Sunny.')]);
    const stage = await openScripted(model);
    const { call } = stage.backend;
    const { conversation_id } = await makeScriptedAgent(stage.backend);
    const sent = { conversation_id, text: 'Weather?', otid: 'a', client_tools: [weather] };
    await call('messages.send', sent);
    await stage.seen((event) => event.type === 'run.paused');
    const [approval] = (await call('approvals.list', {})).approvals;
    expect(approval).toMatchObject({ kind: 'client', name: 'get_weather', arguments: '{"city":"Rome"}' });
    const approval_id = approval?.id ?? '';
    const approve = { approval_id, decision: 'approve' as const };
    await expect(call('approvals.decide', { decisions: [approve] })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const back = {
      approval_id,
      decision: 'return' as const,
      result: 'No such city',
      status: 'error' as const,
    };
    await call('approvals.decide', { decisions: [back] });
    await finished(stage);
    const { messages } = await call('messages.list', { conversation_id });
    expect(messages[2]).toMatchObject({ role: 'tool', tool_status: 'error', text: 'No such city' });
    const other = { ...back, result: 'Sunny' };
    await expect(call('approvals.decide', { decisions: [other] })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await call('approvals.decide', { decisions: [back] })).approvals[0]).toMatchObject({
      state: 'returned',
      result: 'No such city',
      result_status: 'error',
    });
  });

  test('that no provider would take are refused before the message is kept', async () => {
    const model = await startModel([say('Hello.')]);
    const stage = await openScripted(model);
    const { conversation_id } = await makeScriptedAgent(stage.backend);
    const { call } = stage.backend;
    const send = (...client_tools: { name: string; parameters?: Record<string, unknown> }[]) =>
      call('messages.send', { conversation_id, text: 'Weather?', otid: 'a', client_tools });
    await expect(send(weather, weather)).rejects.toMatchObject({ code: 'invalid_input' });
    const text = { name: 'get_weather', parameters: { type: 'string' } };
    await expect(send(text)).rejects.toMatchObject({ code: 'invalid_input' });
    expect((await call('messages.list', { conversation_id })).messages).toEqual([]);
    await send({ name: 'get_weather', parameters: {} });
    await finished(stage);
    expect(model.requests[0]?.tools.at(-1)?.function).toMatchObject({
      name: 'get_weather',
      parameters: { type: 'object', properties: {} },
    });
  });

  test('called wrongly are told to the model and not to the sender', async () => {
    const model = await startModel([look({ town: 'Rome' }), say('Sorry.')]);
    const stage = await openScripted(model);
    const { conversation_id } = await makeScriptedAgent(stage.backend);
    const sent = { conversation_id, text: 'Weather?', otid: 'a', client_tools: [weather] };
    await stage.backend.call('messages.send', sent);
    await finished(stage);
    expect((await stage.backend.call('approvals.list', {})).approvals).toEqual([]);
  });

  test('stand in for a tool of the agent with the same name', async () => {
    const mine = { ...weather, name: 'archival_memory_insert' };
    const model = await startModel([
      { kind: 'calls', calls: [{ name: 'archival_memory_insert', arguments: { city: 'Rome' } }] },
    ]);
    const stage = await openScripted(model);
    const { conversation_id } = await makeScriptedAgent(stage.backend);
    const sent = { conversation_id, text: 'Hi', otid: 'a', client_tools: [mine] };
    await stage.backend.call('messages.send', sent);
    await stage.seen((event) => event.type === 'run.paused');
    const names = model.requests[0]?.tools.map((tool) => tool.function.name);
    expect(names?.filter((name) => name === 'archival_memory_insert')).toHaveLength(1);
    expect((await stage.backend.call('approvals.list', {})).approvals[0]?.kind).toBe('client');
  });
});

test('the built-in model does not claim what was only proposed, or denied', async () => {
  const { backend, ask, seen } = await openScripted(await startModel([]));
  const { call } = backend;
  const agent = await call('agents.create', {
    name: 'Kit',
    model: 'memoir/offline',
    blocks: [{ label: 'human', value: '', review: true }],
  });
  const conversation_id =
    (await call('conversations.list', { agent_id: agent.id })).conversations[0]?.id ?? '';
  await ask(conversation_id, 'My name is Kit');
  const last = async (): Promise<string | undefined> =>
    (await call('messages.list', { conversation_id })).messages.at(-1)?.text;
  expect(await last()).toContain('waits for your review');
  await ask(conversation_id, 'What is my name?');
  expect(await last()).not.toContain('Kit');
  const [proposal] = (await call('proposals.list', {})).proposals;
  await call('proposals.decide', { proposal_id: proposal?.id ?? '', decision: 'accept' });
  await ask(conversation_id, 'What is my name?');
  expect(await last()).toContain('Kit');
  await call('agents.update', {
    agent_id: agent.id,
    tool_policies: { memory_insert: 'ask', memory_replace: 'ask' },
  });
  await call('messages.send', { conversation_id, text: 'I live in Rome', otid: 'rome' });
  await seen((event) => event.type === 'run.paused');
  const { approvals } = await call('approvals.list', {});
  await call('approvals.decide', {
    decisions: approvals.map(({ id }) => ({ approval_id: id, decision: 'deny' as const })),
  });
  await seen((event) => event.type === 'message.added' && /did not allow/u.test(event.message.text));
});
