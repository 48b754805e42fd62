// npm test: every check in order, stopping at the first that fails; the last line counts the tests in plain words.
// Arguments go to vitest: npm test -- test/store
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = join(root, 'node_modules/.cache/memoir/vitest.json');
// The linter checks types as well: it has them at hand.
const CHECKS = ['format:check', 'lint', 'knip', 'build'];

function run(command, args) {
  const started = Date.now();
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return { ok: result.status === 0, seconds: ((Date.now() - started) / 1000).toFixed(1) };
}

function check(name) {
  process.stdout.write(`\n> ${name}\n`);
  const { ok, seconds } = run('npm', ['run', '-s', name]);
  process.stdout.write(`${name}: ${ok ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  if (ok) return;
  process.stdout.write('0 passed, 1 failed, 0 skipped\n');
  process.exit(1);
}

/** vitest's own summary is coloured and changes between versions; this line is stable. */
function closingLine() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const skipped = numPendingTests + (numTodoTests ?? 0);
    const failed = !success && numFailedTests === 0 ? 1 : numFailedTests;
    return `${numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
  } catch {
    return '0 passed, 1 failed, 0 skipped';
  }
}

for (const name of CHECKS) check(name);
process.stdout.write('\n> vitest\n');
mkdirSync(join(report, '..'), { recursive: true });
rmSync(report, { force: true });
const args = [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
];
const { ok } = run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args]);
process.stdout.write(`${closingLine()}\n`);
process.exit(ok ? 0 : 1);
