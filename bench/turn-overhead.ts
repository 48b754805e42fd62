/**
 * What Memoir adds to a turn: a message sent through the backend until its run is finished, beside a bare streamed
 * `openai` call, in turns against one scripted model in another process. The store is on disk with synchronous FULL.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OpenAI } from 'openai';
import { type Backend, openBackend } from '../electron/backend.ts';
import { median, p95, print, timed } from './figures.ts';

const WARM_UP = 30;
const ROUNDS = 100;
const MODEL = 'gpt-4o-mini';

const dataDir = mkdtempSync(join(tmpdir(), 'memoir-bench-'));
const server = spawn(process.execPath, [join(import.meta.dirname, 'scripted-model.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const base_url = await firstLine(server.stdout);
  const backend = await openBackend({
    dataDir,
    env: { OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: base_url },
    log: () => undefined,
  });
  await compare(backend, base_url);
  await backend.close();
} finally {
  server.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
}

async function compare(backend: Backend, base_url: string): Promise<void> {
  const client = new OpenAI({ apiKey: 'sk-bench', baseURL: base_url, maxRetries: 0 });
  const conversation_id = await conversationWithModel(backend);
  const bare: number[] = [];
  const memoir: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const call = await timed(() => bareCall(client));
    const turn = await timed(() => memoirTurn(backend, conversation_id));
    if (round < WARM_UP) continue;
    bare.push(call);
    memoir.push(turn);
  }
  const more = memoir.map((figure, round) => figure - (bare[round] ?? Number.NaN));
  print(
    `turn, ${ROUNDS} rounds: median ${median(memoir).toFixed(2)} ms, p95 ${p95(memoir).toFixed(2)} ms; ` +
      `bare openai call: median ${median(bare).toFixed(2)} ms, p95 ${p95(bare).toFixed(2)} ms; ` +
      `more by ${median(more).toFixed(2)} ms (aim <= 3), p95 ${p95(more).toFixed(2)} ms; ` +
      `ratio ${(median(memoir) / median(bare)).toFixed(2)}`,
  );
}

async function conversationWithModel(backend: Backend): Promise<string> {
  const { agents } = await backend.call('agents.list', {});
  const [agent] = agents;
  if (agent === undefined) throw new Error('The starter agent is missing.');
  await backend.call('agents.update', {
    agent_id: agent.id,
    base_version: agent.version,
    model: `openai/${MODEL}`,
  });
  const { conversations } = await backend.call('conversations.list', { agent_id: agent.id });
  return conversations[0]?.id ?? '';
}

async function bareCall(client: OpenAI): Promise<void> {
  const stream = await client.chat.completions.create({
    model: MODEL,
    messages: [{ role: 'user', content: 'Hello again' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const _chunk of stream);
}

async function memoirTurn(backend: Backend, conversation_id: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const stop = backend.subscribe(({ event }) => {
    if (event.type !== 'run.finished' || event.run.conversation_id !== conversation_id) return;
    if (event.run.state === 'completed') resolve(undefined);
    else reject(new Error(`The run ended as ${event.run.state}.`));
  });
  await backend.call('messages.send', { conversation_id, text: 'Hello again', otid: randomUUID() });
  await promise;
  stop();
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  const [line] = (await once(createInterface({ input: stream }), 'line')) as [string];
  return line;
}
