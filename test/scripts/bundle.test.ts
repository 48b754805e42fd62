import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { ROOT } from '../helpers/sources.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const LOADER = pathToFileURL(join(ROOT, 'scripts/bundle.mjs')).href;
const GREETING = `exports.secret = 'shared'; exports.greet = async (name) => require('./late.cjs')(name);`;
const LATE = `const { secret } = require('./main.cjs'); module.exports = (name) => name + ' ' + secret;`;

let folder = '';
let cache = '';
beforeEach(() => {
  folder = tempDir();
  cache = join(folder, 'cache');
  writeFileSync(join(folder, 'main.cjs'), GREETING);
  writeFileSync(join(folder, 'late.cjs'), LATE);
});

/** Loads the bundle in a process of its own; the code is kept when that ends. */
const greet = (): string => run(`process.stdout.write(await bundle.greet('Ada'));`);

function run(then: string, keepAfterMs = 60_000): string {
  const load = [join(folder, 'main.cjs'), cache, keepAfterMs]
    .map((value) => JSON.stringify(value))
    .join(', ');
  const program = `import { loadBundle } from ${JSON.stringify(LOADER)};
    const bundle = loadBundle(${load});
    ${then}`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return child.status === 0 ? child.stdout : child.stderr;
}

const kept = (): Buffer => readFileSync(join(cache, 'server.code'));

describe('the built server, loaded with its kept code', () => {
  test('answers as before, and parts loaded late meet the same bundle', () => {
    expect(greet()).toBe('Ada shared');
    const first = kept();
    expect(greet()).toBe('Ada shared');
    expect(kept().equals(first)).toBe(true);
  });

  test('a process that ran more than the one before it keeps the more', () => {
    run('');
    const little = kept();
    // Timers of one length fire in their order, so this one ends the process after the code was kept.
    run(`await bundle.greet('Ada'); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1);`, 1);
    expect(kept().length).toBeGreaterThan(little.length);
  });

  test('code of another build of the same length is not used', () => {
    greet();
    writeFileSync(join(folder, 'main.cjs'), GREETING.replace('shared', 'SHARED'));
    expect(greet()).toBe('Ada SHARED');
    expect(greet()).toBe('Ada SHARED');
  });

  test('damaged code is refused and made again', () => {
    greet();
    const good = kept();
    writeFileSync(join(cache, 'server.code'), Buffer.concat([good.subarray(0, 32), Buffer.from('no code')]));
    expect(greet()).toBe('Ada shared');
    expect(kept().length).toBe(good.length);
  });

  test('a cache that can not be written costs time only', () => {
    cache = join(folder, 'main.cjs', 'below-a-file');
    expect(greet()).toBe('Ada shared');
    expect(existsSync(cache)).toBe(false);
  });
});
