import { describe, expect, test } from 'vitest';
import {
  fitWidths,
  keepWidths,
  LIMITS,
  readWidths,
  widestFor,
  type ColumnRoom,
} from '../../renderer/views/frame/column-widths.ts';

const BOTH = { left: true, right: true };

function columns(fields: Partial<ColumnRoom> = {}): ColumnRoom {
  return { wanted: { left: 256, right: 352 }, open: BOTH, room: 1392, ...fields };
}

/** A storage in memory; `broken` refuses everything, as a browser without storage does. */
function storageOf(text: string | null, broken = false): Storage {
  let kept = text;
  const refuse = (): void => {
    if (broken) throw new Error('The storage is switched off.');
  };
  return {
    getItem: () => (refuse(), kept),
    setItem: (_key: string, value: string) => {
      refuse();
      kept = value;
    },
  } as unknown as Storage;
}

describe('widths of the side columns', () => {
  test('a window with room draws what was wanted', () => {
    expect(fitWidths(columns())).toEqual({ left: 256, right: 352 });
  });

  test('a width outside of its limits is drawn at the limit', () => {
    expect(fitWidths(columns({ wanted: { left: 10, right: 5000 }, room: 3000 }))).toEqual({
      left: LIMITS.left.min,
      right: LIMITS.right.max,
    });
  });

  test('the talk keeps 448 pixels, or all that the narrowest columns leave', () => {
    for (let room = 852; room < 2000; room += 1) {
      const { left, right } = fitWidths(columns({ wanted: { left: 420, right: 560 }, room }));
      const leftOver = room - LIMITS.left.min - LIMITS.right.min;
      expect(room - left - right, `room ${room}`).toBeGreaterThanOrEqual(Math.min(448, leftOver));
    }
  });

  test('a hidden column leaves its room to the other', () => {
    const small = { wanted: { left: 256, right: 560 }, room: 952 };
    expect(widestFor('right', columns(small))).toBe(264);
    expect(widestFor('right', columns({ ...small, open: { left: false, right: true } }))).toBe(504);
  });
});

describe('remembered widths', () => {
  test('come back as they were kept', () => {
    const storage = storageOf(null);
    keepWidths(storage, { left: 300 });
    expect(readWidths(storage)).toEqual({ left: 300 });
  });

  test.each(['{', 'null', '7', '{"left":"300","right":null}'])(
    'that are damaged (%s) count as never chosen',
    (text) => {
      expect(readWidths(storageOf(text))).toEqual({});
    },
  );

  test('are done without where there is no storage or it refuses', () => {
    expect(readWidths(null)).toEqual({});
    expect(readWidths(storageOf('{"left":300}', true))).toEqual({});
    expect(() => keepWidths(storageOf(null, true), { left: 300 })).not.toThrow();
    expect(() => keepWidths(null, { left: 300 })).not.toThrow();
  });
});
