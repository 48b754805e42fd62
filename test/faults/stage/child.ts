import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pointNamed, watchPoint } from '../kill/points.ts';
import { watchDeeds } from '../kill/statements.ts';
import { type Ack, acksOfEvent, acksOfReply } from '../verify/acks.ts';
import type { Dispatch } from '../../../electron/api/dispatch.ts';
import { openBackend } from '../../../electron/backend.ts';
import { startServer } from '../../../electron/server.ts';
import { createPlayer } from './player.ts';
import { type SceneName, scenes } from './scenes.ts';
import { type Cast, stageEnvironment } from './template.ts';

/** What a child is told to do, as one line of JSON on its input. */
export type Order = {
  readonly folder: string;
  readonly base_url: string;
  readonly cast: Cast | null;
  /** `serve`: a headless server that others call. A scene: plays it and ends. */
  readonly work: 'serve' | SceneName;
  /** Name of the point it dies at; `null`: it lives. */
  readonly point: string | null;
};

/** What a child says, a line of JSON each, written before anything else happens. */
export type Report =
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'ack'; readonly acks: readonly Ack[] }
  | { readonly kind: 'played' };

const HEARTBEAT_MS = 10_000;

function say(report: Report): void {
  writeSync(1, `${JSON.stringify(report)}\n`);
}

// Leases are renewed every ten seconds; nobody wants to wait for that.
function hasten(): void {
  const { setTimeout: own } = globalThis;
  globalThis.setTimeout = ((run: () => void, wait_ms?: number) =>
    own(run, wait_ms === HEARTBEAT_MS ? 5 : wait_ms)) as typeof setTimeout;
}

async function play({ folder, base_url, cast, work }: Order): Promise<void> {
  const backend = await openBackend({
    dataDir: folder,
    env: stageEnvironment(base_url),
    log: () => undefined,
  });
  if (backend.problem !== null) throw backend.problem;
  backend.subscribe(({ event }) => {
    const acks = acksOfEvent(event);
    if (acks.length > 0) say({ kind: 'ack', acks });
  });
  const call: Dispatch = async (name, input, context) => {
    const output = await backend.call(name, input, context);
    const acks = acksOfReply(name, output);
    if (acks.length > 0) say({ kind: 'ack', acks });
    return output;
  };
  const player = createPlayer({ ...backend, call });
  if (work !== 'serve' && cast !== null) await scenes[work](player, cast);
  await backend.close();
  say({ kind: 'played' });
}

async function obey(order: Order): Promise<void> {
  if (order.point !== null) {
    watchDeeds(watchPoint(pointNamed(order.point), () => process.kill(process.pid, 'SIGKILL')));
  }
  if (order.work !== 'serve') {
    if (order.work === 'lease') hasten();
    await play(order);
    process.exit(0);
  }
  const { folder: dataDir, base_url } = order;
  const server = await startServer({ port: 0, dataDir, env: stageEnvironment(base_url) });
  say({ kind: 'ready', url: server.url });
}

for await (const line of createInterface({ input: process.stdin })) await obey(JSON.parse(line) as Order);
// Whoever gave the order is gone.
process.exit(0);
