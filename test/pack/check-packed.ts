/**
 * Looks at what `npm run pack` made for this computer with the real Electron, and starts it: without arguments the app
 * in `release/`. Needs a display.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../helpers/sources.ts';
import { startProblems } from './first-start.ts';
import { packedAppIn } from './pack-app.ts';
import { packedProblems } from './packed-problems.ts';

const RELEASE = join(ROOT, 'release');

const folder = readdirSync(RELEASE).find((name) => /-unpacked$|^mac/.test(name));
if (folder === undefined) throw new Error('There is no packed app in release/; run `npm run pack` first.');
const app = packedAppIn(join(RELEASE, folder), process.platform);
const problems = [
  ...packedProblems(ROOT, { platform: process.platform, arch: process.arch }, app),
  ...(await startProblems(app.executable)),
];
for (const problem of problems) console.log(problem);
console.log(`${app.executable}: ${problems.length === 0 ? 'ok' : `${problems.length} problems`}`);
process.exitCode = problems.length === 0 ? 0 : 1;
