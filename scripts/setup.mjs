// Runs before start, test, dev and server: makes node_modules equal to the lockfile and checks that Node is new enough.
// Plain JavaScript for Node 18, because it runs before the bundled Node 24 is there.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binFolder = join(root, 'node_modules', '.bin');

/** Prints one line saying what is wrong and how to cure it, and ends. */
function fail(message) {
  process.stderr.write(`memoir: ${message}\n`);
  process.exit(1);
}

function packagesOf(lockPath) {
  try {
    const packages = { ...JSON.parse(readFileSync(lockPath, 'utf8')).packages };
    delete packages[''];
    return packages;
  } catch {
    return undefined;
  }
}

/** True when every locked package is installed in its locked version (optional ones may be absent) and nothing else is. */
function isInSync() {
  const locked = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (locked === undefined)
    return fail('package-lock.json is missing or damaged; restore it with "git checkout package-lock.json".');
  if (installed === undefined) return false;
  const complete = Object.entries(locked).every(([path, entry]) => {
    const there = installed[path];
    return there === undefined
      ? Boolean(entry.optional || entry.devOptional)
      : there.version === entry.version;
  });
  return complete && Object.keys(installed).every((path) => path in locked);
}

/** Install scripts stay off: nothing in the tree needs one, and better-sqlite3 would try to compile. */
function install() {
  process.stderr.write('memoir: installing dependencies (about half a minute)...\n');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npmCli = process.env.npm_execpath ?? '';
  const result = /npm-cli\.c?js$/.test(npmCli)
    ? spawnSync(process.execPath, [npmCli, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.status !== 0)
    fail('"npm ci" failed; the reason is above. Check the network or proxy and run the same command again.');
}

/** npm 10 drops the link to the bundled Node when it prunes the packages of other platforms. */
function linkBundledNode() {
  const target = join('..', `node-linux-${process.arch}`, 'bin', 'node');
  const link = join(binFolder, 'node');
  if (process.platform !== 'linux' || existsSync(link) || !existsSync(join(binFolder, target))) return;
  mkdirSync(binFolder, { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link);
  symlinkSync(target, link);
}

function checkNode() {
  const path = `${binFolder}${delimiter}${process.env.PATH ?? ''}`;
  const found = spawnSync('node', ['--version'], { encoding: 'utf8', env: { ...process.env, PATH: path } });
  const version = (found.stdout ?? '').trim();
  if (Number(/^v(\d+)\./.exec(version)?.[1] ?? 0) >= 24) return;
  fail(
    `needs Node 24 or newer, found ${version || 'none that runs'}; install it from https://nodejs.org and run the same command again.`,
  );
}

if (!isInSync()) install();
linkBundledNode();
checkNode();
