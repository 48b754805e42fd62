import { expect, test } from 'vitest';
import { fromJson, toJson } from '../../electron/store/encoding.ts';

test('half a character becomes the sign for an unreadable one, and nothing else changes', () => {
  const value = { said: ['half \uD83D of it', 'whole 🙂', 'written \\ud83d'], count: 1 };
  expect(fromJson(toJson(value))).toEqual({ ...value, said: ['half \uFFFD of it', ...value.said.slice(1)] });
  expect(toJson({ said: 'plain' })).toBe('{"said":"plain"}');
});
