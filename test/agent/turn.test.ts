import { describe, expect, test } from 'vitest';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { createTokenCounter } from '../../electron/models/tokens.ts';
import { systemClock } from '../../electron/store/clock.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { editBlock } from '../../electron/memory/blocks.ts';
import { listMessages } from '../../electron/store/messages.ts';
import type { ScriptedAnswer } from '../helpers/scripted-openai.ts';
import { setStage, type Stage } from './stage.ts';

const say = (text: string): ScriptedAnswer => ({ kind: 'text', text });

async function ask(stage: Stage, text: string, otid = text) {
  const { inbox_id } = await stage.runtime.send(stage.conversation_id, { text, otid });
  return stage.runtime.waitFor(inbox_id);
}

async function history(stage: Stage) {
  const { messages } = await listMessages(stage.database.read, {
    conversation_id: stage.conversation_id,
    limit: 100,
  });
  return messages;
}

async function value(stage: Stage) {
  const row = await stage.database.read
    .selectFrom('block')
    .select('value')
    .where('id', '=', stage.block_id)
    .executeTakeFirstOrThrow();
  return row.value;
}

describe('a turn', () => {
  test('streams text and ends when the model calls no tool', async () => {
    const stage = await setStage([say('Hello Kit.')]);
    const run = await ask(stage, 'Hi');
    expect(run).toMatchObject({ state: 'completed', stop_reason: 'end_turn', step_count: 1, error: null });
    expect((await history(stage)).map(({ role, text }) => [role, text])).toEqual([
      ['user', 'Hi'],
      ['assistant', 'Hello Kit.'],
    ]);
    const deltas = stage.events.flatMap((event) => (event.type === 'message.delta' ? [event.delta] : []));
    expect(deltas.join('')).toBe('Hello Kit.');
  });

  test('runs parallel calls in the order of the model, each with its result', async () => {
    const stage = await setStage([
      {
        kind: 'calls',
        calls: [
          { id: 'call_0', name: 'memory_insert', arguments: { label: 'human', new_string: 'Name: Kit' } },
          {
            id: 'call_0',
            name: 'memory_replace',
            arguments: { label: 'human', old_string: 'Name: Kit', new_string: 'Name: Kim' },
          },
        ],
      },
      say('Noted.'),
    ]);
    const run = await ask(stage, 'My name is Kim');
    expect(run.state).toBe('completed');
    expect(await value(stage)).toBe('Likes tea.\nName: Kim');
    expect(stage.model.refusals).toEqual([]);
  });

  test('malformed arguments and unknown tools are told to the model and not run', async () => {
    const stage = await setStage([
      {
        kind: 'calls',
        calls: [
          { name: 'memory_insert', arguments: '{"label": "human", "new_str' },
          { name: 'fly', arguments: {} },
        ],
      },
      say('Sorry.'),
    ]);
    await ask(stage, 'Hi');
    const results = (await history(stage)).filter((message) => message.role === 'tool');
    expect(results.map((message) => message.tool_status)).toEqual(['error', 'error']);
    expect(await value(stage)).toBe('Likes tea.');
    expect(stage.model.refusals).toEqual([]);
  });

  test('the same call five times is stopped', async () => {
    const stage = await setStage(() => ({
      kind: 'calls',
      calls: [{ name: 'conversation_search', arguments: { query: 'x' } }],
    }));
    expect(await ask(stage, 'Hi')).toMatchObject({
      state: 'failed',
      stop_reason: 'invalid_tool_call',
      step_count: 5,
    });
  });

  test('a run stopped for a loop may be resumed, and makes the call as often again before it is stopped', async () => {
    const stage = await setStage(() => ({
      kind: 'calls',
      calls: [{ name: 'conversation_search', arguments: { query: 'x' } }],
    }));
    const run = await ask(stage, 'Hi');
    await expect.poll(() => stage.runtime.isBusy(stage.conversation_id)).toBe(false);
    await stage.runtime.resume(run.id);
    expect(await stage.runtime.waitFor(run.id)).toMatchObject({
      stop_reason: 'invalid_tool_call',
      step_count: 10,
    });
  });

  test('steps run out honestly', async () => {
    const stage = await setStage((_request, index) => ({
      kind: 'calls',
      calls: [{ name: 'conversation_search', arguments: { query: `x${index}` } }],
    }));
    const sent = { text: 'Hi', otid: 'a', max_steps: 2 };
    const { inbox_id } = await stage.runtime.send(stage.conversation_id, sent);
    const run = await stage.runtime.waitFor(inbox_id);
    expect(run).toMatchObject({ state: 'completed', stop_reason: 'max_steps', step_count: 2 });
    await expect.poll(() => stage.runtime.isBusy(stage.conversation_id)).toBe(false);
    await stage.runtime.resume(run.id);
    expect(await stage.runtime.waitFor(run.id)).toMatchObject({ stop_reason: 'max_steps', step_count: 4 });
  });

  test('send_message ends the turn of a MemGPT agent, and its words are what was said', async () => {
    const stage = await setStage(
      [
        {
          kind: 'calls',
          text: 'A thought',
          calls: [{ name: 'send_message', arguments: { message: 'Hello' } }],
        },
      ],
      { agent_type: 'memgpt_agent' },
    );
    expect(await ask(stage, 'Hi')).toMatchObject({ state: 'completed', stop_reason: 'tool_rule' });
    expect((await history(stage))[1]?.text).toBe('Hello');
    const streamed = (part: string) =>
      stage.events
        .flatMap((event) => (event.type === 'message.delta' && event.part === part ? [event.delta] : []))
        .join('');
    expect([streamed('text'), streamed('reasoning')]).toEqual(['Hello', 'A thought']);
  });

  test('goes on when a tool breaks: its writes are taken back and the model is told', async () => {
    const registry = createToolRegistry();
    const broken = registry.get('memory_insert');
    if (broken === null) throw new Error('The tool is gone.');
    const tools = {
      ...registry,
      get: (name: string) =>
        name === 'memory_insert'
          ? {
              ...broken,
              run: async (...given: Parameters<typeof broken.run>) => {
                await broken.run(...given);
                throw new TypeError('a bug');
              },
            }
          : registry.get(name),
    };
    const calls = [{ name: 'memory_insert', arguments: { label: 'human', new_string: 'Name: Kit' } }];
    const stage = await setStage([{ kind: 'calls', calls }, say('Sorry.')], {}, tools);
    expect(await ask(stage, 'I am Kit')).toMatchObject({ state: 'completed', step_count: 2 });
    const [result] = (await history(stage)).filter((message) => message.role === 'tool');
    expect(result).toMatchObject({ tool_status: 'error' });
    expect(result?.text).toContain('failed inside Memoir');
    expect(await value(stage)).toBe('Likes tea.');
  });
});

describe('a model that fails', () => {
  const failures: [string, ScriptedAnswer, string][] = [
    ['status 500', { kind: 'status', status: 500 }, 'failed'],
    ['status 429', { kind: 'status', status: 429 }, 'failed'],
    ['status 401', { kind: 'status', status: 401 }, 'failed'],
    ['a hang', { kind: 'hang' }, 'failed'],
    ['a cut', { kind: 'cut', first: 'Half an ans' }, 'failed'],
    ['a page of HTML', { kind: 'html' }, 'failed'],
    ['overflow', { kind: 'overflow', limit: 100, used: 200 }, 'failed'],
  ];
  test.each(failures)(
    '%s ends in a message and a state the next turn works from',
    async (_name, answer, state) => {
      let broken = true;
      const stage = await setStage(() => (broken ? answer : say('Back.')));
      const run = await ask(stage, 'Hi');
      expect(run.state).toBe(state);
      expect(run.error?.message).toMatch(/\w+/u);
      expect((await history(stage))[0]).toMatchObject({ role: 'user', text: 'Hi' });
      broken = false;
      expect((await stage.runtime.resume(run.id)).state).toBe('running');
      expect(await stage.runtime.waitFor(run.id)).toMatchObject({ state: 'completed', error: null });
      expect(stage.model.refusals).toEqual([]);
    },
  );

  test('text that came before a cut is kept, marked interrupted', async () => {
    const stage = await setStage(() => ({ kind: 'cut', first: 'Half an ans' }));
    await ask(stage, 'Hi');
    expect((await history(stage)).at(-1)).toMatchObject({ text: 'Half an ans', status: 'interrupted' });
  });
});

describe('the mailbox', () => {
  test('a stopped run keeps its text and the queue goes on in order', async () => {
    const stage = await setStage((_request, index) =>
      index === 0 ? { kind: 'hang', first: 'So far' } : say(`Answer ${index}`),
    );
    await stage.runtime.send(stage.conversation_id, { text: 'one', otid: '1' });
    const started = await stage.seen((event) => event.type === 'run.started');
    await stage.seen((event) => event.type === 'message.delta');
    await stage.runtime.send(stage.conversation_id, { text: 'two', otid: '2' });
    const third = await stage.runtime.send(stage.conversation_id, { text: 'three', otid: '3' });
    expect(third.state).toBe('queued');
    const run_id = started.type === 'run.started' ? started.run.id : '';
    expect(await stage.runtime.cancel(run_id)).toMatchObject({ state: 'cancelled' });
    await stage.runtime.waitFor(third.inbox_id);
    expect((await history(stage)).map(({ text, status }) => [text, status])).toEqual([
      ['one', 'complete'],
      ['So far', 'interrupted'],
      ['two', 'complete'],
      ['Answer 1', 'complete'],
      ['three', 'complete'],
      ['Answer 2', 'complete'],
    ]);
  });

  test('an otid that comes again with other words is refused: they are not taken for sent', async () => {
    const stage = await setStage(() => say('Hello'));
    await ask(stage, 'Hi', 'same');
    const other = stage.runtime.send(stage.conversation_id, { text: 'Feed the cat', otid: 'same' });
    await expect(other).rejects.toMatchObject({ code: 'conflict', details: { otid: 'same' } });
    expect(await history(stage)).toHaveLength(2);
  });

  test('the same otid again changes nothing', async () => {
    const stage = await setStage(() => say('Hello'));
    const run = await ask(stage, 'Hi', 'same');
    const again = await stage.runtime.send(stage.conversation_id, { text: 'Hi', otid: 'same' });
    expect(again.state).toBe('done');
    expect(await stage.runtime.waitFor(again.inbox_id)).toEqual(run);
    expect(await history(stage)).toHaveLength(2);
  });
});

describe('the prefix', () => {
  test('stays the same to the byte between turns, own edits included, and shows a hand edit at once', async () => {
    const insert = { name: 'memory_insert', arguments: { label: 'human', new_string: 'Name: Kit' } };
    const answers = [
      { kind: 'calls', calls: [insert] } as const,
      say('Noted.'),
      say('Yes.'),
      say('Green tea.'),
    ];
    const stage = await setStage(answers);
    await ask(stage, 'I am Kit');
    await ask(stage, 'Again');
    const [first, second, third] = stage.model.requests;
    for (const [earlier, later] of [
      [first, second],
      [second, third],
    ] as const) {
      expect(JSON.stringify(later?.messages.slice(0, earlier?.messages.length))).toBe(
        JSON.stringify(earlier?.messages),
      );
      expect(later?.tools).toEqual(earlier?.tools);
    }
    await stage.database.transaction((tx) =>
      editBlock(
        tx,
        { block_id: stage.block_id, value: 'Drinks $& green tea.' },
        { clock: systemClock, cause: directCause('user') },
      ),
    );
    await ask(stage, 'And now?');
    expect(stage.model.requests[3]?.messages[0]?.content).toContain('Drinks $& green tea.');
  });

  test('with its default tools the fixed prompt takes at most 2,500 tokens', async () => {
    const stage = await setStage([say('Hi')]);
    await ask(stage, 'Hi');
    const request = stage.model.requests[0];
    const fixed = JSON.stringify(request?.tools) + String(request?.messages[0]?.content);
    expect(createToolRegistry().defaultTools('letta_v1_agent')).toHaveLength(5);
    expect(await createTokenCounter().count(fixed)).toBeLessThanOrEqual(2500);
  });
});
