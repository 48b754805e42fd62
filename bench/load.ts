/**
 * 50 streams at once over 20 agents, over real HTTP: 30 conversations through Memoir's own door, 20 through Letta's. Server
 * and model are processes of their own; the store is on disk with synchronous FULL. Beside the time of each commit stands
 * what the disk takes for one durable page meanwhile. Then eight writers edit one block at once. At the end the server is
 * killed and everything acknowledged is looked for.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { call } from '../test/helpers/call.ts';
import { syncTimes } from './disk-sync.ts';
import { median, p99, print } from './figures.ts';
import { hearEnds, type LoadTurn, sayByAde, sayByLetta } from './load-clients.ts';
import { noteTogether } from './load-writers.ts';
import type { ServerFigures } from './load-server.ts';

const AGENTS = 20;
const OWN_STREAMS = 30;
const TURNS = 20;
const AIM_MS = 50;

type Process = { readonly child: ChildProcess; readonly first: string; readonly ask: () => Promise<string> };

const dataDir = mkdtempSync(join(tmpdir(), 'memoir-load-'));
const model = await begin('load-model.ts', []);
let server = await beginServer();
try {
  const sent = await streamAll(server);
  const findings = [...sent.findings, ...(await noteTogether(server.first))];
  server.child.kill('SIGKILL');
  await once(server.child, 'exit');
  server = await beginServer();
  findings.push(...(await findLost(server.first, sent.acknowledged)));
  print(
    `lost or wrong: ${findings.length}${findings.length === 0 ? '' : `\n${findings.slice(0, 20).join('\n')}`}`,
  );
  process.exitCode = findings.length === 0 && sent.p99_ms < AIM_MS ? 0 : 1;
} finally {
  for (const { child } of [server, model]) child.kill('SIGTERM');
  await once(server.child, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
}

async function begin(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Process> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<string> => ((await lines.next()).value as string | undefined) ?? '';
  const ask = (): Promise<string> => {
    child.stdin.write('\n');
    return read();
  };
  return { child, first: await read(), ask };
}

function beginServer(): Promise<Process> {
  return begin('load-server.ts', [dataDir], {
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: model.first,
    MEMOIR_DEFAULT_MODEL: 'openai/gpt-4o-mini',
  });
}

type Sent = {
  /** Conversations by the otids of acknowledged messages. */
  readonly acknowledged: Map<string, string>;
  readonly findings: string[];
  readonly p99_ms: number;
};

async function streamAll({ first: url, ask }: Process): Promise<Sent> {
  const acknowledged = new Map<string, string>();
  const findings: string[] = [];
  const turns: LoadTurn[] = [];
  const talks = await makeTalks(url);
  const ends = await hearEnds(url);
  await ask();
  const syncs: number[] = [];
  const timer = setInterval(() => syncs.push(...syncTimes(dataDir, 1)), 20);
  const start = performance.now();
  await Promise.all(
    talks.map(async ({ agent_id, conversation_id, own }, number) => {
      for (let turn = 0; turn < TURNS; turn += 1) {
        const otid = `load-${number}-${turn}`;
        const message = { agent_id, conversation_id, otid, text: `Turn ${turn} of stream ${number}` };
        const taken = await (own ? sayByAde(url, ends, message) : sayByLetta(url, message));
        acknowledged.set(otid, conversation_id);
        turns.push(taken);
        if (!taken.ok) findings.push(`${otid} was not answered`);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  clearInterval(timer);
  await ends.close();
  const figures = JSON.parse(await ask()) as ServerFigures;
  const acknowledgements = turns.map(({ acknowledged_ms }) => acknowledged_ms);
  print(
    `${talks.length} streams over ${AGENTS} agents, ${turns.length} turns in ${seconds.toFixed(1)} s: ` +
      `${figures.commits.length} commits, ${pair(figures.commits)} (aim p99 < ${AIM_MS}); ` +
      `the disk beside it, a page made durable: ${pair(syncs)}; ` +
      `message acknowledged over HTTP: ${pair(acknowledgements)}; ` +
      `delay of the server's event loop: p50 ${figures.loop_p50.toFixed(1)} ms, p99 ${figures.loop_p99.toFixed(1)} ms, ` +
      `longest ${figures.loop_most.toFixed(0)} ms; ` +
      `processor of the server ${(figures.cpu_ms / turns.length).toFixed(1)} ms a turn`,
  );
  return { acknowledged, findings, p99_ms: p99(figures.commits) };
}

function pair(figures: readonly number[]): string {
  return `p50 ${median(figures).toFixed(2)} ms, p99 ${p99(figures).toFixed(1)} ms`;
}

type Talk = { readonly agent_id: string; readonly conversation_id: string; readonly own: boolean };

async function makeTalks(url: string): Promise<Talk[]> {
  const agents = await Promise.all(
    Array.from({ length: AGENTS }, (_one, number) => call(url, 'agents.create', { name: `Agent ${number}` })),
  );
  const talks: Talk[] = [];
  for (const { id: agent_id } of agents) {
    const { conversations } = await call(url, 'conversations.list', { agent_id });
    talks.push({ agent_id, conversation_id: conversations[0]?.id ?? '', own: false });
  }
  for (let number = 0; number < OWN_STREAMS; number += 1) {
    const agent_id = agents[number % AGENTS]?.id ?? '';
    const { id } = await call(url, 'conversations.create', { agent_id });
    talks.push({ agent_id, conversation_id: id, own: true });
  }
  return talks;
}

async function findLost(url: string, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  const found = new Map<string, number>();
  for (const conversation_id of new Set(acknowledged.values())) {
    const { messages } = await call(url, 'messages.list', { conversation_id, limit: 200 });
    for (const { otid } of messages) if (otid !== null) found.set(otid, (found.get(otid) ?? 0) + 1);
  }
  return [...acknowledged.keys()]
    .filter((otid) => found.get(otid) !== 1)
    .map((otid) => `${otid} was acknowledged and is there ${found.get(otid) ?? 0} times after the kill`);
}
