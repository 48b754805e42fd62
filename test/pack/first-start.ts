import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const SETTLED_MS = 5000;

/** What is wrong with how a packed app starts: it must open its store and its page, and end when it is to be debugged. */
export async function startProblems(executable: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'memoir-first-start-'));
  try {
    const refused = await endOf(start(executable, join(folder, 'refused'), ['--remote-debugging-port=0']));
    const data = join(folder, 'data');
    const opened = await opensStore(executable, data);
    return [
      ...(refused === 1 ? [] : [`started to be debugged it ended with ${String(refused)}, not with 1`]),
      ...(opened ? [] : ['it did not open its store']),
      ...logLines(join(data, 'logs')).filter((line) => /did not (?:open|load)|refused|can not/.test(line)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

function start(executable: string, data: string, switches: readonly string[]): ChildProcess {
  // Chromium refuses its sandbox to root; nobody else loses it.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return spawn(executable, [...switches, ...(asRoot ? ['--no-sandbox'] : [])], {
    env: { ...process.env, MEMOIR_DATA: data },
    stdio: 'inherit',
  });
}

async function opensStore(executable: string, data: string): Promise<boolean> {
  const child = start(executable, data, []);
  const until = Date.now() + PATIENCE_MS;
  while (child.exitCode === null && Date.now() < until && !existsSync(join(data, 'memoir.db')))
    await wait(200);
  // What its window says about its page comes a little later.
  await wait(SETTLED_MS);
  const opened = child.exitCode === null && existsSync(join(data, 'memoir.db'));
  child.kill();
  await endOf(child);
  return opened;
}

function logLines(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
}

/** The exit code; `null` when it had to be killed. */
async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  return code;
}
