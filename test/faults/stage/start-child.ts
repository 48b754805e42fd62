import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Ack } from '../verify/acks.ts';
import type { Order, Report } from './child.ts';

/** A process that obeys one order. */
export type Child = {
  readonly pid: number;
  /** Tells it what to do, once. */
  readonly order: (order: Order) => void;
  /** Resolves with the address of the server it runs, or `null` when it ended before. */
  readonly ready: Promise<string | null>;
  /** What it acknowledged so far on its output. */
  readonly acks: readonly Ack[];
  /** Resolves when all it said is read and it is gone: killed, played to the end, or failed with these words. */
  readonly gone: Promise<{ readonly how: 'killed' | 'played' | 'failed'; readonly errors: string }>;
  readonly kill: () => void;
};

const CACHE = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'memoir', 'faults');

/** Starts a process that loads the product and waits for its order. `before` runs it under a program such as strace. */
export function startChild(before: readonly string[] = []): Child {
  const script = join(import.meta.dirname, 'child.ts');
  const command: string[] = [...before, process.execPath, script];
  const [program = process.execPath, ...args] = command;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: CACHE },
  });
  const acks: Ack[] = [];
  const ready = Promise.withResolvers<string | null>();
  let is_played = false;
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  // A dead child takes no orders.
  child.stdin.on('error', () => undefined);
  const listen = async (): Promise<void> => {
    for await (const line of createInterface({ input: child.stdout })) {
      const report = readReport(line);
      if (report?.kind === 'ack') acks.push(...report.acks);
      else if (report?.kind === 'ready') ready.resolve(report.url);
      else if (report?.kind === 'played') is_played = true;
    }
  };
  const heard = listen();
  const end = async (): Promise<Awaited<Child['gone']>> => {
    const signal = await endOf(child);
    await heard;
    ready.resolve(null);
    return { how: is_played ? 'played' : signal === 'SIGKILL' ? 'killed' : 'failed', errors };
  };
  return {
    pid: child.pid ?? 0,
    order: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    ready: ready.promise,
    acks,
    gone: end(),
    kill: () => void child.kill('SIGKILL'),
  };
}

async function endOf(child: ChildProcess): Promise<NodeJS.Signals | null> {
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return signal;
}

/** The last line of a killed process may be half a line. */
function readReport(line: string): Report | null {
  try {
    return JSON.parse(line) as Report;
  } catch {
    return null;
  }
}

/** Keeps one child started ahead of time, since loading takes longer than most work. */
export function createNursery(): { readonly take: () => Child; readonly close: () => Promise<void> } {
  let spare = startChild();
  return {
    take: () => {
      const taken = spare;
      spare = startChild();
      return taken;
    },
    close: async () => {
      spare.kill();
      await spare.gone;
    },
  };
}
