import { expect, test } from 'vitest';
import { chatBody } from '../../electron/models/chat-body.ts';
import type { ChatMessage, ModelRequest } from '../../electron/models/model.ts';
import { PLAIN_QUIRKS } from '../../electron/models/preset.ts';
import { chatFaults } from '../helpers/strict-chat.ts';

const call = { id: 'a', name: 'look', arguments: '{}' };
const system: ChatMessage = { role: 'system', content: 'Be brief.' };
const asks: ChatMessage = { role: 'assistant', content: null, tool_calls: [call] };
const result: ChatMessage = { role: 'tool', tool_call_id: 'a', content: 'Done.' };
const user = (content: string): ChatMessage => ({ role: 'user', content });
const says: ChatMessage = { role: 'assistant', content: 'Hi.' };

function requestOf(messages: readonly ChatMessage[]): ModelRequest {
  return {
    model: 'm',
    messages,
    tools: [],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    temperature: null,
    max_output_tokens: null,
  };
}

test.each<[string, ChatMessage[], string[]]>([
  ['messages nobody answered become one', [system, user('One'), user('Two')], ['system', 'user']],
  [
    'a turn that ended with results gets a sign for its words',
    [system, user('One'), asks, result, user('Two')],
    ['system', 'user', 'assistant', 'tool', 'assistant', 'user'],
  ],
  ['a talk begins with people', [system, says, user('One')], ['system', 'user', 'assistant', 'user']],
  [
    'what alternates stays as it is',
    [system, user('One'), asks, result, says, user('Two')],
    ['system', 'user', 'assistant', 'tool', 'assistant', 'user'],
  ],
])('for templates that count, %s', (_what, messages, roles) => {
  const body = chatBody(requestOf(messages), { ...PLAIN_QUIRKS, alternates: true });
  expect(body.messages.map((message) => message['role'])).toEqual(roles);
  expect(chatFaults(body, { alternates: true })).toEqual([]);
});

test('other servers get the messages one by one, as the talk holds them', () => {
  const body = chatBody(requestOf([system, user('One'), user('Two')]));
  expect(body.messages).toEqual([system, user('One'), user('Two')]);
  expect(chatFaults(body, { alternates: true })).not.toEqual([]);
});
