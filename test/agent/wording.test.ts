import { expect, test } from 'vitest';
import { createWording } from '../../electron/agent/wording.ts';
import type { WindowMessage } from '../../electron/store/window-messages.ts';

function said(created_at: string, timezone: string): WindowMessage {
  return {
    id: 'message-1',
    seq: 1,
    role: 'user',
    name: null,
    content: [{ type: 'text', text: 'Hello' }],
    text: 'Hello',
    tool_calls: [],
    tool_call_id: null,
    tool_status: null,
    status: 'complete',
    token_count: 1,
    created_at,
    timezone,
  };
}

test.each(['2026-01-02T03:04:05.000000Z', '2026-11-21T23:59:59.999999Z', '2024-02-29T12:00:00.000000Z'])(
  'a time in UTC reads as the library of the other zones writes it: %s',
  (created_at) => {
    const wording = createWording();
    // Etc/UTC is the same zone under a name that is not written by hand.
    expect(wording.user(said(created_at, 'UTC'))).toBe(wording.user(said(created_at, 'Etc/UTC')));
  },
);

test('the time of a message is that of its own zone', () => {
  expect(createWording().user(said('2026-01-02T23:04:05.000000Z', 'Europe/Berlin'))).toBe(
    'Hello\n\n<sent_at>Saturday, 03/01/2026, 00:04 CET</sent_at>',
  );
});
