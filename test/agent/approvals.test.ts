import { describe, expect, test } from 'vitest';
import type { ApprovalDecision } from '../../shared/contract/approvals.ts';
import type { Run } from '../../shared/contract/conversations.ts';
import { listApprovals, toApproval } from '../../electron/store/approvals.ts';
import { listMessages } from '../../electron/store/messages.ts';
import { readRun } from '../../electron/store/runs.ts';
import { createToolRegistry, type ToolRegistry } from '../../electron/tools/registry.ts';
import type { AgentRecord } from '../../electron/store/agents.ts';
import type { ScriptedAnswer, ScriptedCall, Script } from '../helpers/scripted-openai.ts';
import { setStage, type Stage } from './stage.ts';

const say = (text: string): ScriptedAnswer => ({ kind: 'text', text });
const insert = (new_string: string, id?: string): ScriptedCall => ({
  name: 'memory_insert',
  arguments: { label: 'human', new_string },
  ...(id === undefined ? {} : { id }),
});
const calls = (...made: ScriptedCall[]): ScriptedAnswer => ({ kind: 'calls', calls: made });

async function stageAsking(
  script: Script,
  fields: Partial<AgentRecord> = {},
  tools?: ToolRegistry,
): Promise<Stage> {
  return setStage(script, { tool_policies: { memory_insert: 'ask' }, ...fields }, tools);
}

async function ask(stage: Stage, text = 'Hi'): Promise<Run> {
  const { inbox_id } = await stage.runtime.send(stage.conversation_id, { text, otid: text });
  return stage.runtime.waitFor(inbox_id);
}

const decide = (stage: Stage, decisions: readonly ApprovalDecision[]) =>
  stage.runtime.decide(decisions, 'user');

async function pending(stage: Stage) {
  const found = await listApprovals(stage.database.read, { states: ['pending'] });
  return found.map(toApproval);
}

async function ended(stage: Stage, run: Run): Promise<Run> {
  const isEnd = (event: { type: string; run?: Run }) =>
    event.type === 'run.finished' && event.run?.id === run.id;
  await stage.seen((event) => isEnd(event as never));
  return readRun(stage.database.read, run.id);
}

async function value(stage: Stage): Promise<string> {
  const row = await stage.database.read
    .selectFrom('block')
    .select('value')
    .where('id', '=', stage.block_id)
    .executeTakeFirstOrThrow();
  return row.value;
}

async function talk(stage: Stage) {
  const { messages } = await listMessages(stage.database.read, {
    conversation_id: stage.conversation_id,
    limit: 100,
  });
  return messages.map(({ role, text, tool_status }) =>
    role === 'tool' ? [role, tool_status, text] : [role, text],
  );
}

async function callRows(stage: Stage) {
  return stage.database.read
    .selectFrom('tool_call')
    .select(['tool_call_id', 'name', 'state', 'parsed'])
    .orderBy('ord')
    .execute();
}

const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}-[0-9a-f-]{36}$`)) as string;
const time = expect.stringMatching(/^\d{4}-.*Z$/) as string;

describe('a call that has to be asked for', () => {
  test('waits with its whole row, and the run with it; nothing is in memory', async () => {
    const stage = await stageAsking([calls(insert('Name: Kit', 'call_a')), say('Noted.')]);
    const run = await ask(stage);
    expect(run).toMatchObject({ state: 'waiting', stop_reason: 'requires_approval', finished_at: null });
    expect(await listApprovals(stage.database.read, {})).toEqual([
      {
        id: id('approval'),
        agent_id: stage.agent.id,
        conversation_id: stage.conversation_id,
        run_id: run.id,
        step_id: id('step'),
        message_id: id('message'),
        call_id: id('call'),
        tool_call_id: 'call_a',
        kind: 'approval',
        name: 'memory_insert',
        arguments: '{"label":"human","new_string":"Name: Kit"}',
        state: 'pending',
        edited_arguments: null,
        reason: null,
        result: null,
        result_status: null,
        decided_by: null,
        created_at: time,
        expires_at: time,
        decided_at: null,
      },
    ]);
    const [approval] = await pending(stage);
    const wait_ms = Date.parse(approval?.expires_at ?? '') - Date.parse(approval?.created_at ?? '');
    expect(wait_ms).toBe(168 * 3_600_000);
    const current = await stage.runtime.current(stage.conversation_id);
    expect(current).toEqual({ run, draft: null, compacting: null, queue: [], approvals: [approval] });
    expect(await callRows(stage)).toEqual([
      { tool_call_id: 'call_a', name: 'memory_insert', state: 'waiting', parsed: null },
    ]);
    expect(stage.events.flatMap(({ type }) => (/^(?:run|approval)/u.test(type) ? [type] : []))).toEqual([
      'run.started',
      'approval.changed',
      'run.paused',
    ]);
    expect(await value(stage)).toBe('Likes tea.');
    expect(stage.model.requests).toHaveLength(1);
  });

  test('runs once it is approved, and the same run goes on', async () => {
    const stage = await stageAsking([calls(insert('Name: Kit')), say('Noted.')]);
    const run = await ask(stage);
    const [approval] = await pending(stage);
    const approve = { approval_id: approval?.id ?? '', decision: 'approve' } as const;
    const [decided] = await decide(stage, [approve]);
    expect(decided).toEqual({ ...approval, state: 'approved', decided_by: 'user', decided_at: time });
    expect(await ended(stage, run)).toMatchObject({
      state: 'completed',
      stop_reason: 'end_turn',
      step_count: 2,
    });
    expect(await value(stage)).toBe('Likes tea.\nName: Kit');
    expect(await talk(stage)).toEqual([
      ['user', 'Hi'],
      ['assistant', ''],
      ['tool', 'success', expect.stringContaining('human is saved')],
      ['assistant', 'Noted.'],
    ]);
    expect(await decide(stage, [approve])).toEqual([decided]);
    expect(await value(stage)).toBe('Likes tea.\nName: Kit');
    const deny = { approval_id: approve.approval_id, decision: 'deny' } as const;
    await expect(decide(stage, [deny])).rejects.toMatchObject({
      code: 'conflict',
      details: { approval_id: approval?.id, state: 'approved', decided_at: decided?.decided_at },
    });
    expect(stage.model.refusals).toEqual([]);
  });

  test('denied, the model reads the reason and goes on', async () => {
    const stage = await stageAsking([calls(insert('Name: Kit')), say('Sorry.')]);
    const run = await ask(stage);
    const [approval] = await pending(stage);
    await decide(stage, [{ approval_id: approval?.id ?? '', decision: 'deny', reason: 'Not your business' }]);
    expect(await ended(stage, run)).toMatchObject({ state: 'completed' });
    expect((await talk(stage))[2]).toEqual([
      'tool',
      'error',
      'Not run: the person denied this call. Their reason: Not your business',
    ]);
    expect(await value(stage)).toBe('Likes tea.');
  });

  test('runs with the arguments of the person, and the model is told which', async () => {
    const stage = await stageAsking([calls(insert('Name: Kit')), say('Noted.')]);
    const run = await ask(stage);
    const [approval] = await pending(stage);
    const approval_id = approval?.id ?? '';
    const wrong: ApprovalDecision = { approval_id, decision: 'approve', arguments: { label: 'human' } };
    await expect(decide(stage, [wrong])).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await pending(stage)).toEqual([approval]);
    const edited = { label: 'human', new_string: 'Name: Kim' };
    await decide(stage, [{ approval_id, decision: 'approve', arguments: edited }]);
    await ended(stage, run);
    expect(await value(stage)).toBe('Likes tea.\nName: Kim');
    expect((await talk(stage))[2]?.[2]).toMatch(
      /^\[The person changed your arguments before they allowed the call\. It ran with: \{"label":"human","new_string":"Name: Kim"\}\]\nhuman is saved/u,
    );
    expect((await callRows(stage))[0]?.parsed).toBe(JSON.stringify(edited));
  });

  test('is not asked for when it can not run anyway', async () => {
    const stage = await stageAsking([
      calls({ name: 'memory_insert', arguments: '{"label": "human", "new_str' }),
      say('Sorry.'),
    ]);
    expect(await ask(stage)).toMatchObject({ state: 'completed' });
    expect(await listApprovals(stage.database.read, {})).toEqual([]);
    expect((await talk(stage))[2]?.[1]).toBe('error');
  });
});

describe('several calls of one answer', () => {
  const replace = {
    id: 'call_replace',
    name: 'memory_replace',
    arguments: { label: 'human', old_string: 'tea', new_string: 'coffee' },
  };
  const search = { id: 'call_search', name: 'conversation_search', arguments: { query: 'x' } };

  test('keep the order of the model: what changes something waits behind what waits, reads do not', async () => {
    const first = {
      ...replace,
      id: 'call_first',
      arguments: { ...replace.arguments, new_string: 'green tea' },
    };
    const stage = await stageAsking([
      calls(first, insert('Name: Kit', 'call_insert'), replace, search),
      say('Done.'),
    ]);
    const run = await ask(stage);
    expect((await callRows(stage)).map(({ tool_call_id, state }) => [tool_call_id, state])).toEqual([
      ['call_first', 'done'],
      ['call_insert', 'waiting'],
      ['call_replace', 'pending'],
      ['call_search', 'done'],
    ]);
    expect(await value(stage)).toBe('Likes green tea.');
    const [approval] = await pending(stage);
    await decide(stage, [{ approval_id: approval?.id ?? '', decision: 'approve' }]);
    expect(await ended(stage, run)).toMatchObject({ state: 'completed' });
    expect(await value(stage)).toBe('Likes green coffee.\nName: Kit');
    const results = stage.model.requests[1]?.messages.filter(({ role }) => role === 'tool');
    expect(results?.map(({ tool_call_id }) => tool_call_id)).toEqual([
      'call_first',
      'call_insert',
      'call_replace',
      'call_search',
    ]);
    expect(stage.model.refusals).toEqual([]);
  });

  test('are decided in any order and by several clients; the run goes on with the last decision', async () => {
    const stage = await stageAsking([
      calls(insert('One', 'a'), insert('Two', 'b'), insert('Three', 'c')),
      say('Done.'),
    ]);
    const run = await ask(stage);
    const waiting = await pending(stage);
    const [one, two, three] = waiting.map((approval) => approval.id);
    await decide(stage, [{ approval_id: three ?? '', decision: 'approve' }]);
    expect((await readRun(stage.database.read, run.id)).state).toBe('waiting');
    await Promise.all([
      decide(stage, [{ approval_id: one ?? '', decision: 'approve' }]),
      stage.runtime.decide([{ approval_id: two ?? '', decision: 'deny' }], 'api'),
      decide(stage, [{ approval_id: one ?? '', decision: 'approve' }]),
    ]);
    expect(await ended(stage, run)).toMatchObject({ state: 'completed', step_count: 2 });
    expect(await value(stage)).toBe('Likes tea.\nOne\nThree');
    expect(stage.model.requests).toHaveLength(2);
  });

  test('are decided all or none', async () => {
    const stage = await stageAsking([calls(insert('One'), insert('Two')), say('Done.')]);
    await ask(stage);
    const before = await pending(stage);
    const [one] = before;
    const decisions: ApprovalDecision[] = [
      { approval_id: one?.id ?? '', decision: 'approve' },
      { approval_id: `approval-${crypto.randomUUID()}`, decision: 'approve' },
    ];
    await expect(decide(stage, decisions)).rejects.toMatchObject({ code: 'not_found' });
    expect(await pending(stage)).toEqual(before);
  });
});

describe('while a run waits', () => {
  test('messages queue visibly and are answered after it, in order', async () => {
    const stage = await stageAsking([calls(insert('Name: Kit')), say('First.'), say('Second.')]);
    const run = await ask(stage);
    const sent = await stage.runtime.send(stage.conversation_id, { text: 'And?', otid: 'later' });
    expect(sent.state).toBe('queued');
    const { queue } = await stage.runtime.current(stage.conversation_id);
    expect(queue.map(({ text }) => text)).toEqual(['And?']);
    await expect(stage.runtime.resume(run.id)).rejects.toMatchObject({ code: 'conflict' });
    const [approval] = await pending(stage);
    await decide(stage, [{ approval_id: approval?.id ?? '', decision: 'approve' }]);
    await stage.runtime.waitFor(sent.inbox_id);
    expect((await talk(stage)).map(([, text]) => text)).toEqual([
      'Hi',
      '',
      'success',
      'First.',
      'And?',
      'Second.',
    ]);
  });

  test('a cancel closes what waits, with a result for every call, and lets the queue go on', async () => {
    const stage = await stageAsking([
      calls(insert('Name: Kit', 'a'), { ...insert('More', 'b'), name: 'memory_replace' }),
      say('Second.'),
    ]);
    const run = await ask(stage);
    const sent = await stage.runtime.send(stage.conversation_id, { text: 'And?', otid: 'later' });
    const [approval] = await pending(stage);
    expect(await stage.runtime.cancel(run.id)).toMatchObject({
      state: 'cancelled',
      stop_reason: 'cancelled',
    });
    expect(await listApprovals(stage.database.read, {})).toMatchObject([
      { ...approval, state: 'cancelled', decided_by: 'system', decided_at: time },
    ]);
    await stage.runtime.waitFor(sent.inbox_id);
    expect(await talk(stage)).toEqual([
      ['user', 'Hi'],
      ['assistant', ''],
      ['tool', 'error', 'Not run: the turn ended before anybody decided about this call.'],
      ['tool', 'error', 'Not run: the turn ended before this call.'],
      ['user', 'And?'],
      ['assistant', 'Second.'],
    ]);
    const late: ApprovalDecision = { approval_id: approval?.id ?? '', decision: 'approve' };
    await expect(decide(stage, [late])).rejects.toMatchObject({ code: 'conflict' });
    expect(await value(stage)).toBe('Likes tea.');
    expect(stage.model.refusals).toEqual([]);
  });

  test('a cancel right after a decision stops the run, whichever of the two it meets', async () => {
    for (const wait of [0, 1, 2, 4, 8, 16]) {
      const stage = await stageAsking([calls(insert('Name: Kit')), say('Noted.')]);
      const run = await ask(stage);
      const [approval] = await pending(stage);
      await decide(stage, [{ approval_id: approval?.id ?? '', decision: 'approve' }]);
      for (let tick = 0; tick < wait; tick += 1) await new Promise((resolve) => setImmediate(resolve));
      const stopped = await stage.runtime.cancel(run.id).catch((error: { code: string }) => error);
      // Run to its end before the cancel came, it is a conflict.
      expect(JSON.stringify(stopped)).toMatch(/"(?:cancelled|conflict)"/u);
      expect((await talk(stage)).filter(([role]) => role === 'tool')).toHaveLength(1);
    }
  });

  test('nobody answering in time is a denial that says so', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const clock = {
      now: () => `${new Date(now).toISOString().slice(0, -1)}000Z`,
      newId: (prefix: string) => `${prefix}-${crypto.randomUUID()}`,
    };
    const stage = await setStage(
      [calls(insert('Name: Kit')), say('Then not.')],
      { tool_policies: { memory_insert: 'ask' } },
      createToolRegistry(),
      clock,
    );
    const run = await ask(stage);
    const [approval] = await pending(stage);
    expect(approval?.expires_at).toBe('2026-01-08T00:00:00.000000Z');
    now += 167 * 3_600_000;
    stage.later();
    await stage.runtime.current(stage.conversation_id);
    expect(await pending(stage)).toEqual([approval]);
    now += 3_600_000;
    const late: ApprovalDecision = { approval_id: approval?.id ?? '', decision: 'approve' };
    await expect(decide(stage, [late])).rejects.toMatchObject({ code: 'conflict' });
    stage.later();
    expect(await ended(stage, run)).toMatchObject({ state: 'completed' });
    expect(await listApprovals(stage.database.read, {})).toMatchObject([
      { ...approval, state: 'expired', decided_by: 'system', decided_at: '2026-01-08T00:00:00.000000Z' },
    ]);
    expect((await talk(stage))[2]).toEqual([
      'tool',
      'error',
      'Not run: nobody answered whether it may run in time.',
    ]);
  });

  test('closing the app leaves it waiting, what was automatic and had not begun included', async () => {
    const registry = createToolRegistry();
    const replace = registry.get('memory_replace');
    if (replace === null) throw new Error('The tool is gone.');
    let close = (): Promise<void> => Promise.resolve();
    const closings: Promise<void>[] = [];
    const tools: ToolRegistry = {
      ...registry,
      get: (name) =>
        name === 'memory_replace'
          ? { ...replace, run: (...given) => (closings.push(close()), replace.run(...given)) }
          : registry.get(name),
    };
    const swap = (old_string: string, new_string: string): ScriptedCall => ({
      name: 'memory_replace',
      arguments: { label: 'human', old_string, new_string },
    });
    const stage = await stageAsking(
      [calls(swap('tea', 'milk'), swap('milk', 'juice'), insert('Name: Kit')), say('Done.')],
      {},
      tools,
    );
    close = () => stage.runtime.close();
    const run = await ask(stage);
    await Promise.all(closings);
    expect(run.state).toBe('waiting');
    expect(await value(stage)).toBe('Likes milk.');
    expect((await callRows(stage)).map(({ state }) => state)).toEqual(['done', 'pending', 'waiting']);
  });
});

test('the same call is counted over every pause of its run, and stops it the fifth time it is asked for', async () => {
  const stage = await stageAsking(() => calls(insert('Again')));
  let run = await ask(stage);
  for (let asked = 1; asked < 5; asked += 1) {
    expect(run.state).toBe('waiting');
    const [approval] = await pending(stage);
    const settled = stage.events.length;
    await decide(stage, [{ approval_id: approval?.id ?? '', decision: 'deny' }]);
    await expect
      .poll(() => stage.events.slice(settled).some(({ type }) => /^run\.(?:paused|finished)$/u.test(type)))
      .toBe(true);
    run = await readRun(stage.database.read, run.id);
  }
  expect(run).toMatchObject({ state: 'failed', stop_reason: 'invalid_tool_call', step_count: 5 });
  expect(await pending(stage)).toEqual([]);
  expect(stage.model.refusals).toEqual([]);
});

test('beside calls that wait, one that goes round in circles ends the run once those are decided', async () => {
  const look: ScriptedCall = { name: 'conversation_search', arguments: { query: 'x' } };
  const stage = await stageAsking((_request, index) =>
    index === 4 ? calls(look, insert('Waits')) : calls(look),
  );
  const run = await ask(stage);
  expect(run.state).toBe('waiting');
  const [approval] = await pending(stage);
  await decide(stage, [{ approval_id: approval?.id ?? '', decision: 'approve' }]);
  expect(await ended(stage, run)).toMatchObject({ state: 'failed', stop_reason: 'invalid_tool_call' });
  expect(stage.model.requests).toHaveLength(5);
});
