/** Every page, state and dialog in every language and window size: the tests of them, not sampled. Build first. */
import { startVitest } from 'vitest/node';
import { LOOKS } from './thorough.ts';

process.env['MEMOIR_EVERY_SIZE'] = '1';
const sampled = ['test/e2e/languages.test.ts', 'test/e2e/accessibility.test.ts'];
const vitest = await startVitest('test', [...LOOKS, ...sampled], { project: ['e2e'], watch: false });
await vitest.close();
