import { expect, test } from 'vitest';
import { piecesOf, rowAt, spanOf, topsOf } from '../../renderer/views/chat/row-places.ts';

const ROWS = [10, 20, 30, 40].map((guess, at) => ({ key: `row-${at}`, guess }));
const TOPS = topsOf(ROWS, new Map([['row-1', 25]]));

test('rows stand below each other, as high as measured, else as guessed', () => {
  expect(TOPS).toEqual([0, 10, 35, 65, 105]);
  expect(topsOf([], new Map())).toEqual([0]);
});

test('a place is covered by the row that begins at or above it, outside by the first or the last', () => {
  expect([-5, 0, 9, 10, 34, 35, 64, 104, 500].map((place) => rowAt(TOPS, place))).toEqual([
    0, 0, 0, 1, 1, 2, 2, 3, 3,
  ]);
  expect(rowAt([0], 3)).toBe(-1);
  expect(spanOf(TOPS, 12, 66)).toEqual({ first: 1, last: 3 });
});

test('what is left out leaves its room, also around a row that must stay', () => {
  expect(piecesOf(TOPS, { first: 2, last: 2 }, [0, -1, 9])).toEqual([
    { kind: 'row', index: 0 },
    { kind: 'gap', before: 2, height: 25 },
    { kind: 'row', index: 2 },
    { kind: 'gap', before: 4, height: 40 },
  ]);
  expect(piecesOf([0], { first: -1, last: -1 }, [])).toEqual([]);
});
