import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '..', '..');

/** Set to `1` for a run whose server was built: it starts in a fourth of the time. */
export const BUILT = 'MEMOIR_SERVER_IS_BUILT';

/** A headless server in a process of its own, so that it can be killed. */
export type ServerProcess = {
  /** Without a trailing slash. */
  readonly url: string;
  readonly child: ChildProcess;
  /** SIGKILL, and wait until it is gone. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and wait for its exit code. */
  readonly stop: () => Promise<number | null>;
};

/**
 * Starts the server on a data folder and a free port: as it is shipped where it was built for the run, else from its
 * sources. Rejects with what it printed when it ends first.
 */
export async function spawnServer(dataDir: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...entry(), '--port', '0', '--data', dataDir], {
    env: { ...cleanEnvironment(), MEMOIR_OFFLINE_DELAY_MS: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => {
    errors += bytes.toString();
  });
  const url = await readUrl(child, () => errors);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill(signal);
    await once(child, 'exit');
    return child.exitCode;
  };
  return { url, child, kill: () => end('SIGKILL').then(() => undefined), stop: () => end('SIGTERM') };
}

function entry(): string[] {
  return process.env[BUILT] === '1'
    ? [join(ROOT, 'scripts', 'memoir.mjs'), 'server']
    : [join(ROOT, 'electron', 'server.ts')];
}

function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/_API_KEY$|_BASE_URL$|^MEMOIR_|^npm_/.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
}

async function readUrl(child: ChildProcess, errors: () => string): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error('The server has no output to read.');
  for await (const line of createInterface({ input: stdout })) {
    const found = /ADE ready: (http\S+?)\/ade/.exec(line);
    if (found?.[1] !== undefined) {
      stdout.resume();
      return found[1];
    }
  }
  throw new Error(`The server ended before it was ready: ${errors()}`);
}
