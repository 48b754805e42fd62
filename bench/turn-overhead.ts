/**
 * What Memoir adds to a turn: a message sent through the backend until its run is finished, beside a bare streamed
 * `openai` call with the same system prompt, tools and talk so far, kept in memory, in turns against one scripted model
 * in another process. The store is on disk with synchronous FULL.
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

const WARM_UP = 50;
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
  const { agent_id, conversation_id } = await conversationWithModel(backend);
  const talk = await fixedPart(backend, agent_id);
  const bare: number[] = [];
  const memoir: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const call = await timed(() => bareCall(client, talk));
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

type Conversation = { readonly agent_id: string; readonly conversation_id: string };

async function conversationWithModel(backend: Backend): Promise<Conversation> {
  const { agents } = await backend.call('agents.list', {});
  const [agent] = agents;
  if (agent === undefined) throw new Error('The starter agent is missing.');
  await backend.call('agents.update', {
    agent_id: agent.id,
    base_version: agent.version,
    model: `openai/${MODEL}`,
  });
  const { conversations } = await backend.call('conversations.list', { agent_id: agent.id });
  return { agent_id: agent.id, conversation_id: conversations[0]?.id ?? '' };
}

/** A talk as a bare program keeps it. */
type Talk = {
  readonly messages: OpenAI.ChatCompletionMessageParam[];
  readonly tools: OpenAI.ChatCompletionFunctionTool[];
};

async function fixedPart(backend: Backend, agent_id: string): Promise<Talk> {
  const { parts } = await backend.call('agents.context', { agent_id });
  const text = (kinds: readonly string[]): string =>
    parts.flatMap((part) => (kinds.includes(part.kind) ? [part.text] : [])).join('\n\n');
  const tools = JSON.parse(text(['tools'])) as OpenAI.FunctionDefinition[];
  return {
    messages: [{ role: 'system', content: text(['system', 'memory', 'index']) }],
    tools: tools.map((tool) => ({ type: 'function', function: tool })),
  };
}

async function bareCall(client: OpenAI, { messages, tools }: Talk): Promise<void> {
  messages.push({ role: 'user', content: `Hello again\n\n<sent_at>${new Date().toISOString()}</sent_at>` });
  const stream = await client.chat.completions.create({
    model: MODEL,
    messages,
    tools,
    stream: true,
    stream_options: { include_usage: true },
  });
  let content = '';
  for await (const chunk of stream) content += chunk.choices[0]?.delta.content ?? '';
  messages.push({ role: 'assistant', content });
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
