/**
 * Cold start with 100,000 messages: from spawning `memoir server` to the first answer of the offline model, beside
 * `node -e 0` in the same run. Build first (`npm run build`).
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { median, print, timed } from './figures.ts';
import { writeHistory } from './history.ts';

const MESSAGES = 100_000;
const ROUNDS = 9;
const MEMOIR = join(import.meta.dirname, '..', 'scripts', 'memoir.mjs');

const dataDir = mkdtempSync(join(tmpdir(), 'memoir-bench-'));
try {
  await writeHistory(dataDir, MESSAGES);
  // The first start fills the cache of compiled code, as the first one after an installation does.
  await startAndAnswer();
  const bare: number[] = [];
  const memoir: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await timed(async () => void spawnSync(process.execPath, ['-e', '0'])));
    memoir.push(await startAndAnswer());
  }
  const ratio = median(memoir) / median(bare);
  print(
    `cold start to first answer, ${MESSAGES} messages: ${median(memoir).toFixed(0)} ms; ` +
      `node -e 0: ${median(bare).toFixed(0)} ms; ratio ${ratio.toFixed(1)} (aim <= 4)`,
  );
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function startAndAnswer(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [MEMOIR, 'server', '--port', '0', '--data', dataDir], {
    // The offline model pauses between words so that people see it speak; waiting is no part of a start.
    env: { ...process.env, MEMOIR_OFFLINE_DELAY_MS: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    url = /ADE ready: (http\S+?)\/ade/.exec(line)?.[1] ?? '';
    if (url !== '') break;
  }
  const [agent] = (await (await fetch(`${url}/v1/agents/`)).json()) as { id: string }[];
  const answer = await fetch(`${url}/v1/agents/${agent?.id ?? ''}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }] }),
  });
  const { messages } = (await answer.json()) as { messages: { message_type: string }[] };
  if (!messages.some((message) => message.message_type === 'assistant_message'))
    throw new Error('No answer came.');
  const took = performance.now() - start;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return took;
}
