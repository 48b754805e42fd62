import { describe, expect, test, vi } from 'vitest';
import type { ScriptedAnswer } from '../helpers/scripted-openai.ts';
import { steppingClock } from '../helpers/temp-store.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { makeScriptedAgent, openScripted, SCRIPTED, startModel } from './scripted-backend.ts';

const REMEMBER = {
  kind: 'calls',
  calls: [{ id: 'call_a', name: 'core_memory_append', arguments: { label: 'human', content: 'Likes tea.' } }],
} as const;
const NOTED = { kind: 'text', text: 'Noted.' } as const;

/** An agent that has remembered something: two steps, one memory change. */
async function talked(more: readonly ScriptedAnswer[] = [], clock = steppingClock()) {
  const model = await startModel([REMEMBER, NOTED, ...more]);
  const scripted = await openScripted(model, tempDir(), clock);
  const { call } = scripted.backend;
  const { agent_id, conversation_id } = await makeScriptedAgent(scripted.backend, {
    tools: ['core_memory_append'],
    blocks: [
      { label: 'persona', value: 'I am Kit.' },
      { label: 'human', value: 'Their name is Ann.' },
    ],
  });
  const run = await scripted.ask(conversation_id, 'I like tea');
  const { steps } = await call('steps.list', { run_id: run.id });
  return { ...scripted, call, agent_id, conversation_id, run, steps };
}

describe('steps', () => {
  test('are listed the newest first, with what they cost, called and were made of', async () => {
    const { call, agent_id, conversation_id, run, steps } = await talked();
    expect(steps.map(({ ord, tools }) => ({ ord, tools }))).toEqual([
      { ord: 2, tools: [] },
      { ord: 1, tools: ['core_memory_append'] },
    ]);
    const [, first] = steps;
    expect(first).toEqual({
      id: first!.id,
      run_id: run.id,
      agent_id,
      conversation_id,
      ord: 1,
      kind: 'answer',
      state: 'closed',
      model: SCRIPTED,
      usage: first!.usage,
      timings: {
        model_ms: expect.any(Number) as number,
        first_token_ms: expect.any(Number) as number,
      },
      parts: first!.parts,
      repairs: [],
      stop_reason: null,
      error: null,
      tools: ['core_memory_append'],
      has_trace: true,
      created_at: first!.created_at,
      closed_at: first!.closed_at,
    });
    expect(first!.parts.map(({ kind }) => kind)).toEqual([
      'system',
      'tools',
      'memory',
      'index',
      'summary',
      'messages',
    ]);
    for (const filter of [{ agent_id }, { conversation_id }, {}]) {
      expect((await call('steps.list', filter)).steps).toEqual(steps);
    }
  });

  test('come in pages', async () => {
    const { call, steps } = await talked();
    const newest = await call('steps.list', { limit: 1 });
    expect(newest).toEqual({ steps: [steps[0]], has_more: true });
    expect(await call('steps.list', { limit: 1, before: steps[0]!.id })).toEqual({
      steps: [steps[1]],
      has_more: false,
    });
  });

  test('that failed can be asked for alone', async () => {
    const { call, ask, conversation_id } = await talked([{ kind: 'status', status: 401 }]);
    await ask(conversation_id, 'and coffee');
    const { steps } = await call('steps.list', { failed: true });
    expect(steps.map(({ ord, error }) => ({ ord, code: error?.code }))).toEqual([
      { ord: 1, code: 'model_auth' },
    ]);
  });

  test('keep the exact request and answer, and their calls with results', async () => {
    const { call, steps, model } = await talked();
    const got = await call('steps.get', { step_id: steps[1]!.id });
    expect(got.step).toEqual(steps[1]);
    expect(got.request).toBe(model.requests[0]!.body);
    expect(got.response).toContain('call_a');
    expect(got.tool_calls.map(({ name, state }) => ({ name, state }))).toEqual([
      { name: 'core_memory_append', state: 'done' },
    ]);
    expect(got.replays).toEqual([]);
    expect(got.answer).toEqual({
      text: '',
      reasoning: '',
      tool_calls: [
        {
          tool_call_id: 'call_a',
          name: 'core_memory_append',
          arguments: '{"label":"human","content":"Likes tea."}',
        },
      ],
    });
    expect((await call('steps.get', { step_id: steps[0]!.id })).answer).toEqual({
      text: 'Noted.',
      reasoning: '',
      tool_calls: [],
    });
    expect(got.prompt?.blocks).toEqual([
      { label: 'persona', value: 'I am Kit.' },
      { label: 'human', value: 'Their name is Ann.' },
    ]);
  });

  test('lead to the step after them in their run, and to what was said in them', async () => {
    const { call, steps, conversation_id } = await talked();
    const [second, first] = steps.map(({ id }) => id);
    const { messages } = await call('messages.list', { conversation_id });
    const said = messages.filter(({ role }) => role === 'assistant').map(({ id }) => id);
    const of = async (step_id = '') => {
      const { previous_id, next_id, message_id } = await call('steps.get', { step_id });
      return [previous_id, next_id, message_id];
    };
    expect([await of(first), await of(second)]).toEqual([
      [null, second, said[0]],
      [first, null, said[1]],
    ]);
  });
});

describe('a replay', () => {
  test('sends the recorded bytes again, is kept with the step, and leaves the talk as it was', async () => {
    const { call, steps, model, conversation_id } = await talked([{ kind: 'text', text: 'Tea it is.' }]);
    const before = await call('messages.list', { conversation_id });
    const changes = await call('changes.list', {});
    const step_id = steps[1]!.id;
    const made = await call('steps.replay', { step_id });
    expect(model.requests[2]!.body).toBe(model.requests[0]!.body);
    expect(made).toEqual({
      ...made,
      step_id,
      model: SCRIPTED,
      edits: {},
      request: model.requests[0]!.body,
      is_exact: true,
      answer: { text: 'Tea it is.', reasoning: '', tool_calls: [] },
      error: null,
    });
    expect((await call('steps.get', { step_id })).replays).toEqual([made]);
    expect(await call('messages.list', { conversation_id })).toEqual(before);
    expect(await call('changes.list', {})).toEqual(changes);
  });

  test('asks with edited memory and nothing else changed', async () => {
    const { call, steps, model } = await talked([REMEMBER]);
    const edits = { blocks: { human: "Their name is $& and it's </value>." } };
    const made = await call('steps.replay', { step_id: steps[1]!.id, edits });
    const recorded = JSON.parse(model.requests[0]!.body) as { messages: { content: string }[] };
    const asked = JSON.parse(model.requests[2]!.body) as { messages: { content: string }[] };
    expect(asked.messages[0]!.content).toBe(
      recorded.messages[0]!.content.replace(
        '<value>\nTheir name is Ann.\n',
        () => `<value>\n${edits.blocks.human}\n`,
      ).replace('- chars_current=18', '- chars_current=35'),
    );
    expect({ ...asked, messages: asked.messages.slice(1) }).toEqual({
      ...recorded,
      messages: recorded.messages.slice(1),
    });
    expect(made.is_exact).toBe(false);
    expect(made.answer?.tool_calls).toEqual([
      {
        tool_call_id: 'call_a',
        name: 'core_memory_append',
        arguments: '{"label":"human","content":"Likes tea."}',
      },
    ]);
  });

  test('asks another model', async () => {
    const { call, steps } = await talked();
    const made = await call('steps.replay', { step_id: steps[0]!.id, model: 'memoir/offline' });
    expect([made.model, made.error, made.answer === null]).toEqual(['memoir/offline', null, false]);
  });

  test('that fails is kept with its reason', async () => {
    const { call, steps } = await talked([{ kind: 'status', status: 401 }]);
    const made = await call('steps.replay', { step_id: steps[1]!.id });
    expect([made.answer, made.error?.code]).toEqual([null, 'model_auth']);
    expect((await call('steps.get', { step_id: steps[1]!.id })).replays).toEqual([made]);
  });

  test('that is stopped ends at once and is not kept', async () => {
    const { call, steps } = await talked([{ kind: 'hang' }]);
    const step_id = steps[1]!.id;
    const replay_id = `replay-${crypto.randomUUID()}`;
    const asked = call('steps.replay', { step_id, replay_id });
    const [ended] = await Promise.allSettled([
      asked,
      vi.waitFor(() => call('steps.stop_replay', { replay_id })),
    ]);
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
    expect((await call('steps.get', { step_id })).replays).toEqual([]);
    await expect(call('steps.stop_replay', { replay_id })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('of a block the prompt did not show, or of a model that is not here, asks nothing', async () => {
    const { call, steps, model } = await talked();
    const step_id = steps[1]!.id;
    await expect(call('steps.replay', { step_id, edits: { blocks: { plans: 'x' } } })).rejects.toMatchObject({
      code: 'conflict',
      details: { label: 'plans' },
    });
    await expect(call('steps.replay', { step_id, model: 'groq/llama' })).rejects.toMatchObject({
      code: 'model_missing',
    });
    expect(model.requests).toHaveLength(2);
  });
});

describe('how long requests are kept', () => {
  test('is for ever until it is said; then older ones go and their steps stay', async () => {
    let days = 0;
    const base = steppingClock();
    const clock = {
      ...base,
      now: () => new Date(Date.parse(base.now()) + days * 86_400_000).toISOString().replace('Z', '000Z'),
    };
    const { call, ask, conversation_id, steps } = await talked([NOTED], clock);
    expect(await call('settings.get', {})).toEqual({ trace_days: null, approval_hours: 168 });
    days = 40;
    await ask(conversation_id, 'And coffee');
    expect(await call('settings.update', { trace_days: 30 })).toEqual({
      trace_days: 30,
      approval_hours: 168,
    });
    const after = (await call('steps.list', {})).steps;
    expect(after.map(({ has_trace }) => has_trace)).toEqual([true, false, false]);
    expect(after.slice(1)).toEqual(steps.map((step) => ({ ...step, has_trace: false })));
    const old = await call('steps.get', { step_id: steps[0]!.id });
    expect([old.request, old.response]).toEqual([null, null]);
    await expect(call('steps.replay', { step_id: steps[0]!.id })).rejects.toMatchObject({ code: 'conflict' });
  });
});
