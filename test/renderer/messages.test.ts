import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/messages/en.ts';
import { t } from '../../renderer/messages/t.ts';

/** Numbers that are followed by a unit or a name, not by what is counted. */
const UNITS = /\{count\} (?:s|ms|min|KB|MB|in|attached)\b/u;

describe('the catalogue of texts', () => {
  test('each text that counts things has a form for one of them', () => {
    const single = Object.entries(en).filter(
      ([, text]) =>
        typeof text === 'string' && /\{(?:count|limit|used)\} [a-z]/u.test(text) && !UNITS.test(text),
    );
    // Their limits are constants far from one.
    expect(single.map(([key]) => key)).toEqual(['archive.tooLong', 'settings.system.over']);
  });

  test('the form follows the number', () => {
    expect(t('steps.tokens', { count: 1 })).toBe('1 token');
    expect(t('steps.tokens', { count: 0 })).toBe('0 tokens');
    expect(t('steps.tokens', { count: 2603 })).toBe('2,603 tokens');
    expect(t('meter.over', { count: 1 })).toBe('Over by 1 token');
    expect(t('block.over', { over: 3, used: 4, count: 1 })).toContain('4 of 1 character.');
  });
});
