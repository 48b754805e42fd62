import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeText } from '../../electron/memory/merge.ts';
import { appendText, insertAtLine, replaceOnly } from '../../electron/memory/text.ts';

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '', '\t', '\r'), { maxLength: 12 })
  .map((lines) => lines.join('\n'));

test('two appends to one version are both kept', () => {
  expect(mergeText('a', 'a\nb', 'a\nc')).toBe('a\nb\nc');
  expect(mergeText('', 'b', 'c')).toBe('b\nc');
});

test('the same edit on both sides counts once', () => {
  expect(mergeText('a\nb', 'a\nB', 'a\nB')).toBe('a\nB');
  expect(mergeText('a\nb\nc', 'x\nb\nC', 'x\nb\nc')).toBe('x\nb\nC');
});

test('different edits of one line do not merge', () => {
  expect(mergeText('a', 'b', 'c')).toBeNull();
  expect(mergeText('a\nb', 'a', 'a\nc')).toBeNull();
});

test('a side that changed nothing gives way to the other', () => {
  fc.assert(
    fc.property(text, text, (base, other) => {
      expect([mergeText(base, other, base), mergeText(base, base, other)]).toEqual([other, other]);
    }),
  );
});

test('an append is never lost to a concurrent edit: it is there, or there is a conflict', () => {
  fc.assert(
    fc.property(text, text, (base, edited) => {
      const merged = mergeText(base, appendText(base, 'APPENDED'), edited);
      expect(merged === null || merged.split('\n').includes('APPENDED')).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('lines of both sides are all in a merge', () => {
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(), (base, first, second) => {
      const count = base === '' ? 0 : base.split('\n').length;
      const ours = insertAtLine(base, 'OURS', first % (count + 1), 'x');
      const theirs = insertAtLine(base, 'THEIRS', second % (count + 1), 'x');
      const merged = mergeText(base, ours, theirs)?.split('\n') ?? [];
      expect(merged.filter((line) => line === 'OURS' || line === 'THEIRS')).toHaveLength(2);
    }),
  );
});

test('a replacement restores the bytes when it is turned round', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.string({ minLength: 1 }),
      (head, tail, token) => {
        const value = `${head}<<MARK>>${tail}`;
        fc.pre(value.split('<<MARK>>').length === 2 && !value.includes(`\u2400${token}`));
        const edited = replaceOnly(value, '<<MARK>>', `\u2400${token}$'`, 'x');
        expect(edited.split(`\u2400${token}$'`).join('<<MARK>>')).toBe(value);
      },
    ),
  );
});
