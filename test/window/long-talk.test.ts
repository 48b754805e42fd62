import { expect, test } from 'vitest';
import { talkLong } from './long-talk.ts';

test('300 turns on a window of 8k: none stuck, no request too long, an old fact found, the prefix kept', async () => {
  const talk = await talkLong(300, 8192);
  expect(talk).toMatchObject({ stuck: [], refusals: [], broken: 0 });
  expect(talk.compactions).toBeGreaterThan(5);
  expect(talk.longest).toBeLessThanOrEqual(8192);
  expect(talk.shared.mean).toBeGreaterThanOrEqual(0.9);
  expect(talk.fact).toEqual({ was_in_window: false, found: true });
}, 120_000);
