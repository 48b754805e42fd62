import { expect, test } from 'vitest';
import { LOST_RESULT, pairMessages, type Shown } from '../../electron/agent/pairing.ts';
import { createWording } from '../../electron/agent/wording.ts';
import { pairingFault } from '../../electron/agent/pairing-fault.ts';

let seq = 0;
function shown(
  role: 'user' | 'assistant' | 'tool',
  calls: readonly string[] = [],
  tool_call_id: string | null = null,
): Shown {
  seq += 1;
  return {
    kind: 'message',
    message: {
      id: `message-${seq}`,
      seq,
      role,
      name: null,
      content: role === 'assistant' ? [] : [{ type: 'text', text: `text ${tool_call_id ?? ''}` }],
      text: `text ${tool_call_id ?? ''}`,
      tool_calls: calls.map((id) => ({ tool_call_id: id, name: 'x', arguments: '{"a": ' })),
      tool_call_id,
      tool_status: role === 'tool' ? 'success' : null,
      status: 'complete',
      token_count: 1,
      created_at: '2026-01-01T00:00:00.000000Z',
      timezone: 'UTC',
    },
  };
}

test('a broken window becomes one a strict provider takes, and every repair is said', () => {
  const window = [
    shown('tool', [], 'orphan'),
    shown('user'),
    shown('assistant', ['a', 'b']),
    shown('tool', [], 'b'),
    shown('tool', [], 'a'),
    shown('assistant', ['a']),
    shown('user'),
    shown('tool', [], 'a'),
    shown('assistant', ['lost']),
  ];
  const { messages, repairs } = pairMessages(window, createWording());
  expect(pairingFault(messages)).toBeNull();
  expect(new Set(repairs.map((repair) => repair.kind))).toEqual(
    new Set(['orphan_result', 'moved_result', 'duplicate_id', 'missing_result', 'unreadable_arguments']),
  );
  expect(messages.at(-1)).toMatchObject({ role: 'tool', content: LOST_RESULT });
});

test('names and ids a provider would refuse for ever are made plain, the same in call and result', () => {
  const id = 'x'.repeat(200);
  const call = { tool_call_id: id, name: `weird name!😀/${'y'.repeat(300)}`, arguments: '{}' };
  const asking = shown('assistant');
  if (asking.kind !== 'message') throw new Error('Not a message.');
  const window = [
    shown('user'),
    { ...asking, message: { ...asking.message, tool_calls: [call] } },
    shown('tool', [], id),
  ];
  const { messages, repairs } = pairMessages(window, createWording());
  expect(pairingFault(messages)).toBeNull();
  const [sent] = messages.flatMap((message) =>
    message.role === 'assistant' ? (message.tool_calls ?? []) : [],
  );
  expect(sent?.name).toMatch(/^[a-zA-Z0-9_-]{64}$/);
  expect(sent?.id).toMatch(/^[a-zA-Z0-9_-]{1,40}$/);
  expect(repairs.map((repair) => repair.kind)).toEqual(['odd_id', 'odd_name']);
});

test('an answer that was cut and gone on with is not followed by another of the assistant', () => {
  const said = (content: string): Shown => {
    const item = shown('assistant');
    if (item.kind === 'note') return item;
    return { kind: 'message', message: { ...item.message, content: [{ type: 'text', text: content }] } };
  };
  const { messages } = pairMessages(
    [shown('user'), said('Half of'), said(' \n'), said('the rest'), shown('user')],
    createWording(),
  );
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
  expect(messages[2]?.content).toContain('Go on from where you stopped');
});
