/** Packs the built app with a stub in place of Electron, and with nothing filtered out beside it, and says what it costs. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../helpers/sources.ts';
import { filesUnder } from './allowed-files.ts';
import { openAsar } from './asar.ts';
import { type PackedApp, packWithStub } from './pack-app.ts';
import { packedProblems } from './packed-problems.ts';

const MEGABYTE = 1_000_000;

const folder = mkdtempSync(join(tmpdir(), 'memoir-prove-'));
try {
  const started = performance.now();
  const app = await packWithStub(ROOT, join(folder, 'ours'));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const whole = await packWithStub(ROOT, join(folder, 'whole'), [
    `--config=${join(ROOT, 'test/pack/unfiltered.yml')}`,
  ]);
  const [ours, theirs] = [sizes(app), sizes(whole)];
  console.log(`packed in ${seconds} s: ${told(ours)}; unfiltered: ${told(theirs)}`);
  console.log(`ratio: ${(ours.total / theirs.total).toFixed(3)} of the unfiltered app`);
  const problems = packedProblems(ROOT, { platform: process.platform, arch: process.arch }, app);
  const planted = packedProblems(ROOT, { platform: process.platform, arch: process.arch }, whole);
  console.log(`problems: ${problems.length}; found in the unfiltered app: ${planted.length}`);
  for (const problem of problems) console.log(`  ${problem}`);
  if (problems.length > 0 || planted.length === 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

type Sizes = {
  readonly files: number;
  readonly archive: number;
  readonly beside: number;
  readonly total: number;
};

function sizes({ resources }: PackedApp): Sizes {
  const path = join(resources, 'app.asar');
  const archive = statSync(path).size;
  const outside = filesUnder(`${path}.unpacked`).map((name) => statSync(join(`${path}.unpacked`, name)).size);
  const beside = outside.reduce((sum, size) => sum + size, 0);
  return { files: openAsar(path).files.length, archive, beside, total: archive + beside };
}

function told({ files, archive, beside }: Sizes): string {
  const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(2);
  return `${files} files, app.asar ${megabytes(archive)} MB, beside it ${megabytes(beside)} MB`;
}
