// Opens the desktop window, or says in a few words why it cannot.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A window that ends with an error this early never worked (missing system libraries, no usable sandbox). */
const EARLY_EXIT_MS = 5000;

/** Looked for by file: importing the `electron` package would start its download. */
function findBinary(packageFolder) {
  try {
    const name = readFileSync(join(packageFolder, 'path.txt'), 'utf8').trim();
    const binary = join(process.env.ELECTRON_OVERRIDE_DIST_PATH || join(packageFolder, 'dist'), name);
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

function download(packageFolder) {
  process.stderr.write('memoir: fetching the desktop window (Electron), once...\n');
  const installer = join(packageFolder, 'install.js');
  const result = spawnSync(process.execPath, [installer], { encoding: 'utf8', timeout: 600_000 });
  if (result.status === 0) return undefined;
  const reason = (result.stderr ?? '').split('\n').find((line) => line.trim() !== '');
  return `Electron could not be downloaded: ${reason?.trim() ?? 'no answer in time'}`;
}

/**
 * Runs the desktop app until it is closed.
 * @param {string} root the project folder, holding out/main/main.js
 * @param {{ dataDir: string | undefined }} options
 * @returns {Promise<{ code: number } | { reason: string }>} its exit code, or why there is no window
 */
export async function runDesktop(root, options) {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return { reason: 'no display' };
  if (!existsSync(join(root, 'out/main/main.js'))) return { reason: 'the desktop shell is not built' };
  const packageFolder = join(root, 'node_modules/electron');
  const downloadError = findBinary(packageFolder) ? undefined : download(packageFolder);
  const binary = findBinary(packageFolder);
  if (!binary) return { reason: downloadError ?? 'the Electron package holds no binary' };
  return runBinary(binary, root, options);
}

function runBinary(binary, root, { dataDir }) {
  // Chromium refuses its sandbox to root; nobody else loses it.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const env = { ...process.env, ...(dataDir === undefined ? {} : { MEMOIR_DATA: dataDir }) };
  delete env.ELECTRON_RUN_AS_NODE;
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(binary, [root, ...(asRoot ? ['--no-sandbox'] : [])], { stdio: 'inherit', env });
    const stop = (signal) => child.kill(signal);
    process.on('SIGINT', stop).on('SIGTERM', stop);
    const finish = (outcome) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve(outcome);
    };
    child.on('error', (error) => finish({ reason: `Electron could not be started: ${error.message}` }));
    child.on('exit', (code, signal) => {
      const asked = signal === 'SIGINT' || signal === 'SIGTERM';
      const early = Date.now() - started < EARLY_EXIT_MS;
      if (early && code !== 0 && !asked)
        finish({ reason: `Electron ended at once (${signal ?? `exit code ${code}`})` });
      else finish({ code: asked ? 0 : (code ?? 1) });
    });
  });
}
