import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import type { StartDesktop } from './desktop.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The Electron binary, looked for by file: importing the package would start its download. `null` without one. */
export function findElectron(env: NodeJS.ProcessEnv): string | null {
  const folder = join(ROOT, 'node_modules', 'electron');
  const named = join(folder, 'path.txt');
  if (!existsSync(named)) return null;
  const chosen = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const dist = chosen === undefined || chosen === '' ? join(folder, 'dist') : chosen;
  const path = join(dist, readFileSync(named, 'utf8').trim());
  return existsSync(path) ? path : null;
}

/** Starts the production bundles in a real Electron. */
export function startRealWith(executablePath: string): StartDesktop {
  return async ({ data_dir, env = {}, files = [] }) => {
    // Chromium refuses its sandbox to root; nobody else loses it.
    const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
    const args = [ROOT, ...(asRoot ? ['--no-sandbox'] : [])];
    const whole = { ...environment(), MEMOIR_DATA: data_dir, ...env };
    const app = await _electron.launch({ executablePath, args: [...args, ...files], env: whole });
    const child = app.process();
    const lines: string[] = [];
    child.stderr?.on('data', (bytes: Buffer) => lines.push(bytes.toString()));
    const ended = once(child, 'exit').then(([code]) => code as number | null);
    return {
      evaluate: (run, argument) => app.evaluate(run as never, argument as never),
      windows: () => app.windows(),
      startAgain: async (more = []) => {
        const second = spawn(executablePath, [...args, ...more], { env: whole, stdio: 'ignore' });
        const [code] = (await once(second, 'exit')) as [number | null];
        return code;
      },
      ended,
      printed: () => lines.join(''),
      kill: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  };
}

function environment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/_API_KEY$|_BASE_URL$|^MEMOIR_|^npm_|^VITEST|^NODE_|^ELECTRON_RUN_AS_NODE$/.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
}
