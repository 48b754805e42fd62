// npm start: the desktop window when there can be one, else the same ADE served to the browser.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['shared', 'electron', 'renderer', 'vite.config.ts', 'package-lock.json'];
const OUTPUTS = [
  'out/renderer/index.html',
  'out/main/main.js',
  'out/preload/preload.cjs',
  'out/backend/backend.js',
  'out/server/server.cjs',
];

function fail(message) {
  process.stderr.write(`memoir: ${message}\n`);
  process.exit(1);
}

/** Newest change below a path; folders count too, so that a deleted file is seen. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function buildIfStale() {
  const outputs = OUTPUTS.map((path) => join(root, path));
  const built = outputs.every((path) => existsSync(path));
  if (
    built &&
    Math.min(...outputs.map(newest)) >= Math.max(...SOURCES.map((path) => newest(join(root, path))))
  )
    return;
  process.stderr.write('memoir: building...\n');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const result = spawnSync(process.execPath, [vite, 'build', '--app', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) fail('the build failed; the reason is above.');
}

async function start() {
  if (Number(process.versions.node.split('.')[0]) < 24)
    fail(`this is Node ${process.versions.node}; use "npm start", which brings Node 24.`);
  // Loaded behind the check above: an old Node can't read them.
  const { parseServerOptions } = await import('../electron/command-line.ts');
  const { loadBundle } = await import('./bundle.mjs');
  const { serve } = await import('./serve.mjs');
  const args = process.argv.slice(2);
  let options;
  try {
    options = parseServerOptions(args);
  } catch (error) {
    return fail(error.message);
  }
  buildIfStale();
  if (!options.headless) {
    const { runDesktop } = await import('./desktop.mjs');
    const outcome = await runDesktop(root, options);
    if ('code' in outcome) process.exit(outcome.code);
    process.stdout.write(
      `No desktop window (${outcome.reason}): serving the same ADE in the browser instead.\n`,
    );
  }
  // The bundle was just built; with its compiled code kept it starts several times faster than the source.
  const cache = join(root, 'node_modules/.cache/memoir');
  nodeModule.enableCompileCache(cache);
  await serve(async () => loadBundle(join(root, 'out/server/server.cjs'), cache), args);
}

await start();
