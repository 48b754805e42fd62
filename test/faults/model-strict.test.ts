import { describe, expect, test } from 'vitest';
import { chatFaults, type ChatRule } from '../helpers/strict-chat.ts';

type Message = Record<string, unknown>;

const call = (id: string, text = '{}', name = 'look'): Message => ({
  id,
  type: 'function',
  function: { name, arguments: text },
});
const system = { role: 'system', content: 'Be brief.' };
const user = { role: 'user', content: 'Hello' };
const asks = (...calls: Message[]): Message => ({ role: 'assistant', content: null, tool_calls: calls });
const result = (id: string, content = 'Done.'): Message => ({ role: 'tool', tool_call_id: id, content });
const says = { role: 'assistant', content: 'Hi.' };

const sound: Message[] = [system, user, asks(call('a'), call('b')), result('b'), result('a'), says, user];

function rulesBroken(messages: unknown, rest: Message = {}): ChatRule[] {
  return chatFaults({ model: 'm', messages, ...rest }, { alternates: true }).map(({ rule }) => rule);
}

describe('the validator of requests', () => {
  test('takes a talk with calls and their results', () => {
    const tool = {
      type: 'function',
      function: { name: 'look', description: '', parameters: { type: 'object' } },
    };
    expect(rulesBroken(sound)).toEqual([]);
    expect(rulesBroken(sound, { tools: [tool], tool_choice: 'auto' })).toEqual([]);
    expect(rulesBroken([system, user, asks(call('a')), result('a')])).toEqual([]);
  });

  test.each<[ChatRule, Message[], Message?]>([
    ['messages', []],
    ['role', [{ role: 'function', content: 'x' }, user]],
    ['system_first', [user, system, user]],
    ['fields', [system, { ...user, id: 'message-1' }]],
    ['content', [system, { role: 'user', content: null }]],
    ['empty_content', [system, { role: 'user', content: ' \n' }]],
    ['empty_content', [system, user, { role: 'assistant', content: '' }, user]],
    ['nothing_said', [system, user, { role: 'assistant', content: null }, user]],
    ['calls', [system, user, { role: 'assistant', content: 'x', tool_calls: [] }, user]],
    ['call_id', [system, user, asks(call('a b')), result('a b')]],
    ['call_name', [system, user, asks(call('a', '{}', 'no such name')), result('a')]],
    ['arguments', [system, user, asks(call('a', '{"a": ')), result('a')]],
    ['arguments', [system, user, asks(call('a', '[]')), result('a')]],
    ['duplicate_id', [system, user, asks(call('a')), result('a'), asks(call('a')), result('a')]],
    ['missing_result', [system, user, asks(call('a')), user]],
    ['missing_result', [system, user, asks(call('a'), call('b')), result('a')]],
    ['orphan_result', [system, user, result('a')]],
    ['orphan_result', [system, user, asks(call('a')), result('a'), result('a')]],
    ['orphan_result', [system, user, asks(call('a')), result('a'), says, user, result('a')]],
    ['assistant_twice', [system, user, says, says, user]],
    ['same_role_twice', [system, user, user]],
    ['same_role_twice', [system, user, asks(call('a')), result('a'), user]],
    ['same_role_twice', [system, says, user]],
    ['last_message', [system, user, says]],
    ['tools', [system, user], { tools: [] }],
    ['tool_choice', [system, user], { tool_choice: 'auto' }],
    ['text', [system, { role: 'user', content: 'half \uD83D' }]],
  ])('refuses a broken %s', (rule, messages, rest) => {
    expect(rulesBroken(messages, rest)).toContain(rule);
  });
});
