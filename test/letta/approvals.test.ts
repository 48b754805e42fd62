import { describe, expect, test } from 'vitest';
import type { ScriptedAnswer, Script } from '../helpers/scripted-openai.ts';
import { type ScriptedLetta, startScriptedLetta } from './scripted-server.ts';
import type { Wire } from './server.ts';

const say = (text: string): ScriptedAnswer => ({ kind: 'text', text });
const insert = (id: string, new_string = 'Likes tea'): ScriptedAnswer => ({
  kind: 'calls',
  text: 'I will note it.',
  calls: [{ id, name: 'memory_insert', arguments: { label: 'human', new_string } }],
});
const types = (messages: unknown): unknown[] =>
  (messages as Wire[]).map((message) => message['message_type']);

async function start(script: Script): Promise<ScriptedLetta> {
  const letta = await startScriptedLetta(script);
  const path = `/v1/agents/${letta.agent_id}`;
  const { status } = await letta.ask(`PATCH ${path}/tools/approval/memory_insert`, {
    requires_approval: true,
  });
  expect(status).toBe(200);
  return letta;
}

const post = (letta: ScriptedLetta, body: unknown) =>
  letta.ask(`POST /v1/agents/${letta.agent_id}/messages`, body);
const hi = { messages: [{ role: 'user', content: 'Hi' }] };
const approve = (tool_call_id: string, more: Wire = {}) => ({
  messages: [{ type: 'approval', approvals: [{ type: 'approval', tool_call_id, approve: true, ...more }] }],
});

const human = async (letta: ScriptedLetta): Promise<unknown> => {
  const { body } = await letta.ask(`GET /v1/agents/${letta.agent_id}/core-memory/blocks/human`);
  return (body as Wire)['value'];
};

describe('a call that requires approval', () => {
  test('ends the request with requires_approval and the request for approval, whole', async () => {
    const letta = await start([insert('call_1'), say('Noted.')]);
    const { status, body } = await post(letta, hi);
    expect(status).toBe(200);
    const { messages, stop_reason } = body as { messages: Wire[]; stop_reason: Wire };
    expect(stop_reason).toEqual({ message_type: 'stop_reason', stop_reason: 'requires_approval' });
    expect(types(messages)).toEqual(['assistant_message', 'approval_request_message']);
    const call = {
      name: 'memory_insert',
      arguments: '{"label":"human","new_string":"Likes tea"}',
      tool_call_id: 'call_1',
    };
    expect(messages[1]).toEqual({
      id: messages[0]?.['id'],
      date: messages[0]?.['date'],
      name: null,
      message_type: 'approval_request_message',
      otid: expect.any(String) as string,
      sender_id: null,
      step_id: messages[0]?.['step_id'],
      is_err: null,
      seq_id: null,
      run_id: messages[0]?.['run_id'],
      tool_call: call,
      tool_calls: [call],
    });
    const state = (await letta.ask(`GET /v1/agents/${letta.agent_id}`)).body as Wire;
    expect(state['pending_approval']).toMatchObject({ id: messages[1]?.['id'], tool_calls: [call] });
    expect(state['last_stop_reason']).toBe('requires_approval');
    expect(state['tool_rules']).toEqual([
      { tool_name: 'memory_insert', type: 'requires_approval', prompt_template: null },
    ]);
  });

  test('refuses a new message with 409 and the id of what is pending', async () => {
    const letta = await start([insert('call_1'), say('Noted.')]);
    const first = (await post(letta, hi)).body as { messages: Wire[] };
    const { status, body } = await post(letta, { messages: [{ role: 'user', content: 'And?' }] });
    expect(status).toBe(409);
    expect(body).toEqual({
      detail: {
        code: 'PENDING_APPROVAL',
        message:
          'Cannot send a new message: The agent is waiting for approval on a tool call. ' +
          'Please approve or deny the pending request before continuing.',
        pending_request_id: first.messages[1]?.['id'],
      },
    });
    expect(letta.model.requests).toHaveLength(1);
  });

  test('runs once approved and answers with what came after; the same again answers the same', async () => {
    const letta = await start([insert('call_1'), say('Noted.')]);
    await post(letta, hi);
    const { status, body } = await post(letta, approve('call_1'));
    expect(status).toBe(200);
    const { messages, stop_reason } = body as { messages: Wire[]; stop_reason: Wire };
    expect(types(messages)).toEqual(['tool_return_message', 'assistant_message']);
    expect(messages[0]).toMatchObject({ status: 'success', tool_call_id: 'call_1' });
    expect(stop_reason['stop_reason']).toBe('end_turn');
    expect(await human(letta)).toBe('Name: Bob\nLikes tea');
    const again = await post(letta, approve('call_1'));
    expect(again).toMatchObject({ status: 200, body: { messages, stop_reason } });
    expect(await human(letta)).toBe('Name: Bob\nLikes tea');
    expect(letta.model.requests).toHaveLength(2);
    expect(letta.model.refusals).toEqual([]);
    const listed = (await letta.ask(`GET /v1/agents/${letta.agent_id}/messages?order=asc`)).body as Wire[];
    expect(types(listed)).toEqual([
      'user_message',
      'assistant_message',
      'approval_request_message',
      'approval_response_message',
      'tool_return_message',
      'assistant_message',
    ]);
    expect(listed[3]).toMatchObject({
      approvals: [{ type: 'approval', tool_call_id: 'call_1', approve: true, reason: null }],
      approve: true,
      approval_request_id: listed[2]?.['id'],
      reason: null,
    });
  });

  test('denied with a reason, in the older form by the id of the call as well', async () => {
    const letta = await start([insert('call_1'), say('Sorry.'), insert('call_2'), say('Sorry again.')]);
    await post(letta, hi);
    const first = await post(letta, approve('call_1', { approve: false, reason: 'Too private' }));
    const { messages } = first.body as { messages: Wire[] };
    expect(messages[0]).toMatchObject({
      message_type: 'tool_return_message',
      status: 'error',
      tool_return: 'Not run: the person denied this call. Their reason: Too private',
    });
    await post(letta, { messages: [{ role: 'user', content: 'Again' }] });
    const older = await post(letta, {
      messages: [{ approve: false, approval_request_id: 'call_2', reason: 'No' }],
    });
    expect(types((older.body as { messages: Wire[] }).messages)).toEqual([
      'tool_return_message',
      'assistant_message',
    ]);
    expect(await human(letta)).toBe('Name: Bob');
  });

  test('wrong ids and nothing pending are 400; nothing is decided', async () => {
    const letta = await start([insert('call_1'), say('Noted.')]);
    const none = await post(letta, approve('call_1'));
    expect(none).toMatchObject({
      status: 400,
      body: { detail: 'INVALID_ARGUMENT: No tool call is currently awaiting approval' },
    });
    await post(letta, hi);
    expect(await post(letta, approve('call_x'))).toMatchObject({ status: 400 });
    const { approvals } = await letta.call('approvals.list', {});
    expect(approvals).toMatchObject([{ state: 'pending', tool_call_id: 'call_1' }]);
  });

  test('a message sent with the approval is answered after it', async () => {
    const letta = await start([insert('call_1'), say('Noted.'), say('Fine, thanks.')]);
    await post(letta, hi);
    const { messages } = approve('call_1');
    const { body } = await post(letta, {
      messages: [...messages, { role: 'user', content: 'How are you?' }],
    });
    expect(types((body as { messages: Wire[] }).messages)).toEqual([
      'tool_return_message',
      'assistant_message',
      'assistant_message',
    ]);
  });

  test('streams its request, the end of the pause, and the rest after the approval', async () => {
    const letta = await start([insert('call_1'), say('Noted.')]);
    const stream = async (body: Wire): Promise<Wire[]> => {
      const { body: text } = await letta.ask(`POST /v1/agents/${letta.agent_id}/messages/stream`, body);
      return String(text)
        .split('\n\n')
        .filter((line) => line.startsWith('data: {'))
        .map((line) => JSON.parse(line.slice(6)) as Wire);
    };
    const paused = await stream({ ...hi, include_pings: false });
    expect(types(paused)).toEqual([
      'assistant_message',
      'approval_request_message',
      'stop_reason',
      'usage_statistics',
    ]);
    expect(paused[2]?.['stop_reason']).toBe('requires_approval');
    const rest = await stream({ ...approve('call_1'), include_pings: false });
    expect(types(rest)).toEqual([
      'tool_return_message',
      'assistant_message',
      'stop_reason',
      'usage_statistics',
    ]);
  });

  test('a cancel denies what is pending and the agent answers next', async () => {
    const letta = await start([insert('call_1'), say('Hello again.')]);
    const first = (await post(letta, hi)).body as { messages: Wire[] };
    const cancelled = await letta.ask(`POST /v1/agents/${letta.agent_id}/messages/cancel`, {});
    expect(cancelled.body).toEqual({ [String(first.messages[0]?.['run_id'])]: 'cancelled' });
    const next = await post(letta, hi);
    expect(types((next.body as { messages: Wire[] }).messages)).toEqual(['assistant_message']);
    expect(letta.model.refusals).toEqual([]);
  });
});

describe('tools of the client', () => {
  const weather = {
    name: 'get_weather',
    description: 'Says how the weather is.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  };
  const look: ScriptedAnswer = {
    kind: 'calls',
    calls: [{ id: 'call_w', name: 'get_weather', arguments: { city: 'Lisbon' } }],
  };

  test.each([
    [
      'as tool_return',
      {
        type: 'tool_return',
        tool_returns: [{ tool_call_id: 'call_w', tool_return: 'Sunny', status: 'success' }],
      },
    ],
    [
      'as an approval of the type tool',
      {
        type: 'approval',
        approvals: [{ type: 'tool', tool_call_id: 'call_w', tool_return: 'Sunny', status: 'success' }],
      },
    ],
  ])('are shown to the model, wait for their result, and take it %s', async (_name, item) => {
    const letta = await startScriptedLetta([look, say('It is sunny.')]);
    const asked = (await post(letta, { ...hi, client_tools: [weather] })).body as {
      messages: Wire[];
      stop_reason: Wire;
    };
    expect(types(asked.messages)).toEqual(['approval_request_message']);
    expect(asked.stop_reason['stop_reason']).toBe('requires_approval');
    expect(letta.model.requests[0]?.tools.map((tool) => tool.function.name)).toContain('get_weather');
    const { body } = await post(letta, { messages: [item] });
    const { messages } = body as { messages: Wire[] };
    expect(types(messages)).toEqual(['tool_return_message', 'assistant_message']);
    expect(messages[0]).toMatchObject({ tool_return: 'Sunny', status: 'success', tool_call_id: 'call_w' });
    const again = (await post(letta, { messages: [item] })).body as { messages: Wire[] };
    expect(again.messages).toEqual(messages);
    expect(letta.model.requests).toHaveLength(2);
    const listed = (await letta.ask(`GET /v1/agents/${letta.agent_id}/messages?order=asc`)).body as Wire[];
    expect(listed.find((message) => message['message_type'] === 'approval_response_message')).toMatchObject({
      approvals: [
        {
          type: 'tool',
          tool_call_id: 'call_w',
          tool_return: 'Sunny',
          status: 'success',
          stdout: null,
          stderr: null,
        },
      ],
      approve: null,
    });
  });

  test('may be others from an answer on, in place of those the message brought', async () => {
    const letta = await startScriptedLetta([look, say('Sunny.'), say('Hello.')]);
    await post(letta, { ...hi, client_tools: [weather] });
    const item = { type: 'tool_return', tool_returns: [{ tool_call_id: 'call_w', tool_return: 'Sunny' }] };
    const ring = { ...weather, name: 'ring_bell' };
    await post(letta, { messages: [item], client_tools: [ring] });
    const names = letta.model.requests.map(({ tools }) => tools.map((tool) => tool.function.name));
    expect(names.map((all) => [all.includes('get_weather'), all.includes('ring_bell')])).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});

describe('rules that require approval', () => {
  test('come in with the tool rules of V1 and go out with what Letta had beside them', async () => {
    const letta = await startScriptedLetta([]);
    const rules = [
      { tool_name: 'conversation_search', type: 'max_count_per_step', max_count_limit: 2 },
      { tool_name: 'memory_insert', type: 'requires_approval', prompt_template: null },
    ];
    const path = `/v1/agents/${letta.agent_id}`;
    const patched = (await letta.ask(`PATCH ${path}`, { tool_rules: rules })).body as Wire;
    expect(patched['tool_rules']).toEqual(rules);
    const { tool_policies } = await letta.call('agents.get', { agent_id: letta.agent_id });
    expect(tool_policies).toEqual({ memory_insert: 'ask' });
    await letta.call('agents.update', {
      agent_id: letta.agent_id,
      tool_policies: { memory_replace: 'ask' },
    });
    const now = (await letta.ask(`GET ${path}`)).body as Wire;
    expect(now['tool_rules']).toEqual([
      rules[0],
      { tool_name: 'memory_replace', type: 'requires_approval', prompt_template: null },
    ]);
    const cleared = (await letta.ask(`PATCH ${path}`, { tool_rules: [rules[0]] })).body as Wire;
    expect(cleared['tool_rules']).toEqual([rules[0]]);
  });

  test('can be set for one tool, and only for one the agent has', async () => {
    const letta = await startScriptedLetta([]);
    const path = `/v1/agents/${letta.agent_id}/tools/approval`;
    expect(await letta.ask(`PATCH ${path}/fly`, { requires_approval: true })).toMatchObject({ status: 404 });
    expect(await letta.ask(`PATCH ${path}/memory_insert`, { approval: true })).toMatchObject({ status: 422 });
    await letta.ask(`PATCH ${path}/memory_insert`, { requires_approval: true });
    const off = (await letta.ask(`PATCH ${path}/memory_insert`, { requires_approval: false })).body as Wire;
    expect(off['tool_rules']).toEqual([]);
  });
});
