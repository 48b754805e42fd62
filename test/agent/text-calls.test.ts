import { describe, expect, test } from 'vitest';
import { findTextCalls } from '../../electron/agent/text-calls.ts';
import { setStage, type Stage } from './stage.ts';

const names = new Set(['memory_insert', 'conversation_search']);
const args = { label: 'human', new_string: 'Name: Kit {"a": "}{"}' };
const json = JSON.stringify(args);
const call = { name: 'memory_insert', arguments: json };

describe('calls in a text', () => {
  test.each([
    ['Hermes', `Sure.\n<tool_call>\n{"name": "memory_insert", "arguments": ${json}}\n</tool_call>`, 'Sure.'],
    [
      'Qwen3-Coder',
      `<tool_call>\n<function=memory_insert>\n<parameter=label>\nhuman\n</parameter>\n<parameter=new_string>\nName: Kit {"a": "}{"}\n</parameter>\n</function>\n</tool_call>`,
      '',
    ],
    ['Llama', `<function=memory_insert>${json}</function>`, ''],
    ['Mistral', `[TOOL_CALLS] [{"name": "memory_insert", "arguments": ${json}}]`, ''],
    ['Mistral, newer', `[TOOL_CALLS]memory_insert[ARGS]${json}`, ''],
    [
      'a fence',
      `I will.\n\`\`\`json\n{"name": "memory_insert", "arguments": ${json}}\n\`\`\`\nDone.`,
      'I will.\n\nDone.',
    ],
    [
      'arguments as text',
      `<tool_call>{"name":"memory_insert","arguments":${JSON.stringify(json)}}</tool_call>`,
      '',
    ],
    ['parameters', `<tool_call>{"name":"memory_insert","parameters":${json}}</tool_call>`, ''],
    ['a trailing comma', `<tool_call>{"name":"memory_insert","arguments":${json},}</tool_call>`, ''],
  ])('of %s are taken out of it', (_name, text, rest) => {
    const found = findTextCalls(text, names);
    expect(found.text).toBe(rest);
    expect(found.calls.map((one) => ({ ...one, arguments: JSON.parse(one.arguments) as unknown }))).toEqual([
      { name: 'memory_insert', arguments: args },
    ]);
  });

  test('several are taken in order', () => {
    const second = '{"name": "conversation_search", "arguments": {}}';
    const text = `<tool_call>${JSON.stringify({ ...call, arguments: args })}</tool_call>\n<tool_call>${second}</tool_call>`;
    expect(findTextCalls(text, names)).toEqual({
      text: '',
      calls: [call, { name: 'conversation_search', arguments: '{}' }],
    });
  });

  test.each([
    ['a tool the agent does not have', '<tool_call>{"name":"fly","arguments":{}}</tool_call>'],
    ['a tool it does not have, Llama', '<function=fly>{}</function>'],
    [
      'one of several it does not have',
      '[TOOL_CALLS] [{"name":"memory_insert","arguments":{}},{"name":"fly","arguments":{}}]',
    ],
    ['JSON that is no call', '```json\n{"name": "memory_insert"}\n```'],
    ['other code', '```python\nmemory_insert({"name": "memory_insert", "arguments": {}})\n```'],
    ['bare JSON in a sentence', `Use {"name": "memory_insert", "arguments": ${json}} for it.`],
    ['a tag that is not closed', `<tool_call>{"name": "memory_insert", "arguments": ${json}}`],
    ['nothing', 'Hello <b>there</b>, {"a": 1}.'],
  ])('%s is left as it is', (_name, text) => {
    expect(findTextCalls(text, names)).toEqual({ text, calls: [] });
  });
});

async function ask(stage: Stage) {
  const { inbox_id } = await stage.runtime.send(stage.conversation_id, { text: 'I am Kit', otid: 'a' });
  return stage.runtime.waitFor(inbox_id);
}

const spoken = `Noted.\n<tool_call>${JSON.stringify({ name: 'memory_insert', arguments: { label: 'human', new_string: 'Name: Kit' } })}</tool_call>`;
const script = [
  { kind: 'text', text: spoken },
  { kind: 'text', text: 'Done.' },
] as const;
const settings = { temperature: null, max_output_tokens: null, parallel_tool_calls: true };

async function value(stage: Stage) {
  const row = await stage.database.read.selectFrom('block').select('value').executeTakeFirstOrThrow();
  return row.value;
}

test('with the setting a call in the text runs like any other, and the step says so', async () => {
  const stage = await setStage(script, { model_settings: { ...settings, text_tool_calls: true } });
  expect(await ask(stage)).toMatchObject({ state: 'completed', step_count: 2 });
  expect(await value(stage)).toBe('Likes tea.\nName: Kit');
  const assistant = stage.model.requests[1]?.messages.find(({ role }) => role === 'assistant');
  expect(assistant).toMatchObject({
    content: 'Noted.',
    tool_calls: [{ function: { name: 'memory_insert' } }],
  });
  const step = await stage.database.read.selectFrom('step').select('prompt_parts').executeTakeFirstOrThrow();
  expect(JSON.parse(step.prompt_parts ?? '')).toMatchObject({
    repairs: ['took 1 call from the text of the answer'],
  });
  expect(stage.model.refusals).toEqual([]);
});

test('without it nothing is touched', async () => {
  const stage = await setStage(script);
  expect(await ask(stage)).toMatchObject({ state: 'completed', step_count: 1 });
  expect(await value(stage)).toBe('Likes tea.');
});

test('mended arguments run, are told in the result and kept with the step', async () => {
  const broken = { name: 'memory_insert', arguments: '{"label":"human","new_string":"Name:\nKit",}' };
  const stage = await setStage([{ kind: 'calls', calls: [broken] }, script[1]]);
  await ask(stage);
  expect(await value(stage)).toBe('Likes tea.\nName:\nKit');
  const row = await stage.database.read
    .selectFrom('tool_call')
    .innerJoin('step', 'step.id', 'tool_call.step_id')
    .select(['result', 'parsed', 'prompt_parts', 'tool_call_id'])
    .executeTakeFirstOrThrow();
  expect(row.result).toMatch(
    /^\[Your arguments were not quite JSON and were mended \(escaped line breaks inside of a text; removed a comma before a closing bracket\)\. It ran with: \{"label":"human","new_string":"Name:\\nKit"\}\]\nhuman is saved/u,
  );
  expect(row.parsed).toBe('{"label":"human","new_string":"Name:\\nKit"}');
  expect((JSON.parse(row.prompt_parts ?? '') as { repairs: string[] }).repairs).toEqual([
    `arguments ${row.tool_call_id}: escaped line breaks inside of a text`,
    `arguments ${row.tool_call_id}: removed a comma before a closing bracket`,
  ]);
  expect(stage.model.refusals).toEqual([]);
});
