/**
 * What Memoir adds to a turn: a message sent through the backend until its run is finished, beside bare streamed `openai`
 * calls with the same system prompt, tools and talk so far, kept in memory, in turns against one scripted model in another
 * process. A plain turn is one call; a turn that edits memory is two, with the call of a tool between. The store is on disk
 * with synchronous FULL. Every hundred turns are a talk of their own: those of a process that just started, whose code is
 * not compiled yet, and those of one that works for a while.
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
import { syncTimes } from './disk-sync.ts';
import { median, p95, print, timed } from './figures.ts';

const ROUNDS = 100;
/** Talks of either kind between the first and those that are told as those of a process at work. */
const TALKS_BETWEEN = 3;
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
  const agent_id = await agentWithModel(backend);
  const plain = (): Promise<Compared> => compareTalk(backend, client, { agent_id, edits: false });
  const edit = (): Promise<Compared> => compareTalk(backend, client, { agent_id, edits: true });
  report('first turns', await plain(), { steps: 1 });
  report('first turns with an edit of memory', await edit(), { steps: 2 });
  for (let talk = 0; talk < TALKS_BETWEEN; talk += 1) {
    await plain();
    await edit();
  }
  report('turn', await plain(), { steps: 1, aim_ms: 3 });
  report('turn with an edit of memory', await edit(), { steps: 2, aim_ms: 6 });
  const syncs = syncTimes(dataDir, 300);
  print(
    `the disk under it: a page made durable in ${median(syncs).toFixed(2)} ms, p95 ${p95(syncs).toFixed(2)} ms`,
  );
}

/** A new talk of as many turns as are told, beside the same talk without Memoir. */
async function compareTalk(
  backend: Backend,
  client: OpenAI,
  { agent_id, edits }: { readonly agent_id: string; readonly edits: boolean },
): Promise<Compared> {
  const { id } = await backend.call('conversations.create', { agent_id });
  const talk = await fixedPart(backend, agent_id);
  const text = edits ? 'Remember this' : 'Hello again';
  const bare = async (): Promise<void> => {
    await bareCall(client, talk, text);
    if (edits) await bareCall(client, talk, null);
  };
  return alternate(bare, () => memoirTurn(backend, id, text));
}

/** Milliseconds of each round, and of the processor over all rounds. */
type Figures = { readonly took: number[]; readonly cpu_ms: number };
type Compared = { readonly bare: Figures; readonly memoir: Figures };

async function alternate(bareTurn: () => Promise<void>, turn: () => Promise<void>): Promise<Compared> {
  const bare = { took: [] as number[], cpu_ms: 0 };
  const memoir = { took: [] as number[], cpu_ms: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [figures, work] of [
      [bare, bareTurn],
      [memoir, turn],
    ] as const) {
      const from = process.cpuUsage();
      const took = await timed(work);
      const { user, system } = process.cpuUsage(from);
      figures.took.push(took);
      figures.cpu_ms += (user + system) / 1000;
    }
  }
  return { bare, memoir };
}

function report(
  name: string,
  { bare, memoir }: Compared,
  { steps, aim_ms }: { readonly steps: number; readonly aim_ms?: number },
): void {
  const more = memoir.took.map((figure, round) => (figure - (bare.took[round] ?? Number.NaN)) / steps);
  const aim = aim_ms === undefined ? '' : ` (aim <= ${aim_ms})`;
  const calls = steps === 1 ? 'bare openai call' : `${steps} bare openai calls`;
  print(
    `${name}, ${ROUNDS} rounds: median ${median(memoir.took).toFixed(2)} ms, p95 ${p95(memoir.took).toFixed(2)} ms; ` +
      `${calls}: median ${median(bare.took).toFixed(2)} ms, p95 ${p95(bare.took).toFixed(2)} ms; ` +
      `more by ${median(more).toFixed(2)} ms a step${aim}, p95 ${p95(more).toFixed(2)} ms; ` +
      `ratio ${(median(memoir.took) / median(bare.took)).toFixed(2)}; ` +
      `processor ${(memoir.cpu_ms / ROUNDS).toFixed(2)} ms, bare ${(bare.cpu_ms / ROUNDS).toFixed(2)} ms`,
  );
}

/** The starter agent, set to the scripted model. */
async function agentWithModel(backend: Backend): Promise<string> {
  const { agents } = await backend.call('agents.list', {});
  const [agent] = agents;
  if (agent === undefined) throw new Error('The starter agent is missing.');
  await backend.call('agents.update', {
    agent_id: agent.id,
    base_version: agent.version,
    model: `openai/${MODEL}`,
  });
  return agent.id;
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

/** One call as a bare program makes it; `null` goes on after the call of a tool, of which it makes up the result. */
async function bareCall(client: OpenAI, { messages, tools }: Talk, text: string | null): Promise<void> {
  const content = `${text ?? ''}\n\n<sent_at>${new Date().toISOString()}</sent_at>`;
  if (text !== null) messages.push({ role: 'user', content });
  const stream = await client.chat.completions.create({
    model: MODEL,
    messages,
    tools,
    stream: true,
    stream_options: { include_usage: true },
  });
  const { said, call } = await readAnswer(stream);
  if (call.id === '') {
    messages.push({ role: 'assistant', content: said });
    return;
  }
  const { id, ...called } = call;
  messages.push({
    role: 'assistant',
    content: null,
    tool_calls: [{ id, type: 'function', function: called }],
  });
  messages.push({ role: 'tool', tool_call_id: id, content: 'Kept.' });
}

type BareAnswer = { said: string; readonly call: { id: string; name: string; arguments: string } };

async function readAnswer(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<BareAnswer> {
  const answer: BareAnswer = { said: '', call: { id: '', name: '', arguments: '' } };
  for await (const { choices } of stream) {
    const { content, tool_calls = [] } = choices[0]?.delta ?? {};
    answer.said += content ?? '';
    for (const { id = '', function: called } of tool_calls) {
      answer.call.id += id;
      answer.call.name += called?.name ?? '';
      answer.call.arguments += called?.arguments ?? '';
    }
  }
  return answer;
}

async function memoirTurn(backend: Backend, conversation_id: string, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const stop = backend.subscribe(({ event }) => {
    if (event.type !== 'run.finished' || event.run.conversation_id !== conversation_id) return;
    if (event.run.state === 'completed') resolve(undefined);
    else reject(new Error(`The run ended as ${event.run.state}.`));
  });
  await backend.call('messages.send', { conversation_id, text, otid: randomUUID() });
  await promise;
  stop();
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  const [line] = (await once(createInterface({ input: stream }), 'line')) as [string];
  return line;
}
