/**
 * Resident memory of the idle bundled server with 100,000 messages, beside an idle bare Node in the same run. Linux
 * only (reads /proc). Build first (`npm run build`).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { median, print } from './figures.ts';
import { writeHistory } from './history.ts';

const MESSAGES = 100_000;
const ROUNDS = 3;
const SETTLE_MS = 2000;
const MEMOIR = join(import.meta.dirname, '..', 'scripts', 'memoir.mjs');

const dataDir = mkdtempSync(join(tmpdir(), 'memoir-bench-'));
try {
  await writeHistory(dataDir, MESSAGES);
  const bare: number[] = [];
  const memoir: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await measure(['-e', 'console.log("ready"); setInterval(() => {}, 1000)']));
    memoir.push(await measure([MEMOIR, 'server', '--port', '0', '--data', dataDir]));
  }
  const more = median(memoir) - median(bare);
  print(
    `idle memory, ${MESSAGES} messages: ${median(memoir).toFixed(0)} MB; bare node: ${median(bare).toFixed(0)} MB; ` +
      `more by ${more.toFixed(0)} MB (aim <= 60), ratio ${(median(memoir) / median(bare)).toFixed(2)}`,
  );
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const _line of createInterface({ input: child.stdout })) break;
  await delay(SETTLE_MS);
  const megabytes = residentMegabytes(child);
  child.kill('SIGTERM');
  await once(child, 'exit');
  return megabytes;
}

function residentMegabytes(child: ChildProcess): number {
  const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
