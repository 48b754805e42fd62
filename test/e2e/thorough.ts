/**
 * Looks at windows of every size cost minutes. `npm test` looks at the smallest one of each kind, which is where words
 * and parts run out of room first; `npm run prove:screens` looks at all of them.
 */
export const isThorough = process.env['MEMOIR_EVERY_SIZE'] === '1';

/** Files about looks alone: `npm run prove:screens` runs them. */
export const LOOKS = [
  'every-state',
  'frame-columns',
  'frame-toast',
  'languages-rare',
  'long-content',
  'long-lists',
  'talk-markdown',
  'talk-looks',
].map((name) => `test/e2e/${name}.test.ts`);

/** The sizes to look at: all of them, or the last one. */
export function sizesOf<Size>(sizes: readonly Size[]): readonly Size[] {
  return isThorough ? sizes : sizes.slice(-1);
}
