import { expect, test } from 'vitest';
import { merge3 } from '../../renderer/views/state-pane/merge-lines.ts';

test('lines that only one side changed take the text of that side', () => {
  expect(merge3('one\ntwo\nthree', 'ONE\ntwo\nthree', 'one\ntwo\nTHREE')).toBe('ONE\ntwo\nTHREE');
});

test('lines that both sides changed stand one after the other, mine first', () => {
  expect(merge3('name: Kit', 'name: Mara', 'name: Robin')).toBe('name: Mara\nname: Robin');
});

test('an empty text brings no empty line into the merge', () => {
  expect(merge3('name: Kit', '', 'name: Kestrel')).toBe('name: Kestrel');
  expect(merge3('', 'mine', 'theirs')).toBe('mine\ntheirs');
});
