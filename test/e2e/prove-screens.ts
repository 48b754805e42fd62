/** Every page, state and dialog in every language and window size: the tests of them, not sampled. Build first. */
import { startVitest } from 'vitest/node';

process.env['MEMOIR_EVERY_SIZE'] = '1';
const files = ['every-state', 'languages', 'languages-rare', 'accessibility'];
const vitest = await startVitest(
  'test',
  files.map((name) => `test/e2e/${name}.test.ts`),
  { project: ['e2e'], watch: false },
);
await vitest.close();
