import { expect, test } from 'vitest';
import { anthropicBody } from '../../electron/models/anthropic-body.ts';
import { chatBody } from '../../electron/models/chat-body.ts';
import type { ModelRequest } from '../../electron/models/model.ts';
import { readBody } from '../../electron/models/read-body.ts';
import { createThoughts } from '../../electron/models/thoughts.ts';

const REQUEST: ModelRequest = {
  model: 'some-model',
  messages: [
    { role: 'system', content: 'You remember.\n\n<memory_blocks>…</memory_blocks>' },
    { role: 'user', content: 'I like tea.' },
    {
      role: 'assistant',
      content: 'Let me note that.',
      tool_calls: [
        { id: 'call_a', name: 'core_memory_append', arguments: '{"label":"human","content":"tea"}' },
        { id: 'call_b', name: 'archival_memory_insert', arguments: '{"content":"tea"}' },
      ],
    },
    { role: 'tool', tool_call_id: 'call_a', content: 'Done.' },
    { role: 'tool', tool_call_id: 'call_b', content: 'Saved.' },
    { role: 'assistant', content: 'Noted.' },
    { role: 'user', content: 'Thanks' },
  ],
  tools: [{ name: 'core_memory_append', description: 'Adds.', parameters: { type: 'object' } }],
  tool_choice: 'auto',
  parallel_tool_calls: false,
  temperature: 0.5,
  max_output_tokens: 700,
  thinking_budget: null,
};

test('a chat-completions body is read back into the request it was written from', () => {
  expect(readBody(JSON.stringify(chatBody(REQUEST)))).toEqual(REQUEST);
  const bare = {
    ...REQUEST,
    tools: [],
    parallel_tool_calls: true,
    temperature: null,
    max_output_tokens: null,
  };
  expect(readBody(JSON.stringify(chatBody(bare)))).toEqual(bare);
});

test('so is a body of the Messages API', () => {
  const body = anthropicBody({ ...REQUEST, model: 'claude-3-5-haiku-latest' }, createThoughts());
  expect(readBody(JSON.stringify(body))).toEqual({ ...REQUEST, model: 'claude-3-5-haiku-latest' });
});

test.each([
  '',
  'null',
  '[]',
  '{}',
  '{"model":"a"}',
  '{"messages":[]}',
  '{"input":"hello","model":"a"}',
  '<html>',
])('what is no request of these kinds is said to be so: %s', (raw) => {
  expect(() => readBody(raw)).toThrow('can not be asked again');
});
