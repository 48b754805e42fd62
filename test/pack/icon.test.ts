import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../helpers/sources.ts';

const read = (path: string): Buffer => readFileSync(join(ROOT, path));

test("the app's icon is its logo, large enough for every system", () => {
  const shapes = [
    ...read('renderer/views/frame/logo.tsx')
      .toString()
      .matchAll(/\bd="([^"]+)"/g),
  ].map(([, shape]) => shape);
  expect(shapes).toHaveLength(2);
  const drawing = read('resources/icon.svg').toString();
  for (const shape of shapes) expect(drawing).toContain(`"${shape}"`);
  const png = read('resources/icon.png');
  expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
    'PNG',
    1024,
    1024,
  ]);
});
