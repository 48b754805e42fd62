/** What becomes of calls when the backend's thread ends, over a thread of the test's making. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { FromBackend, ToBackend } from '../../electron/shell/backend-messages.ts';
import {
  type BackendState,
  type BackendThread,
  startBackendThread,
} from '../../electron/shell/backend-thread.ts';
import type { SecretStore } from '../../electron/secret-store.ts';
import { AppError } from '../../shared/errors.ts';
import { importsOf, readSources } from '../helpers/sources.ts';
import { noSecrets } from './no-secrets.ts';

class FakeThread extends EventEmitter {
  readonly heard: ToBackend[] = [];
  /** Whether it ends when it is told to. */
  obeys = true;

  postMessage(message: ToBackend): void {
    this.heard.push(message);
  }

  say(message: FromBackend): void {
    this.emit('message', message);
  }

  terminate(): Promise<number> {
    if (!this.obeys) return new Promise(() => undefined);
    this.emit('exit', 1);
    return Promise.resolve(1);
  }

  calls(): string[] {
    return this.heard.flatMap((message) => (message.kind === 'call' ? [message.name] : []));
  }
}

type Stage = {
  readonly backend: BackendThread;
  readonly threads: FakeThread[];
  readonly states: BackendState['kind'][];
  readonly crashes: string[];
  now: number;
};

function stage(
  options: { secrets?: SecretStore; ping_ms?: number; start_ms?: number; close_ms?: number } = {},
): Stage {
  const play: Omit<Stage, 'backend'> = { threads: [], states: [], crashes: [], now: 0 };
  const backend = startBackendThread({
    spawn: () => {
      const thread = new FakeThread();
      play.threads.push(thread);
      return thread;
    },
    secrets: noSecrets,
    log: () => undefined,
    onEvent: () => undefined,
    onState: ({ kind }) => play.states.push(kind),
    onCrash: (report) => play.crashes.push(report),
    now: () => play.now,
    ...options,
  });
  return Object.assign(play, { backend });
}

describe('a crash', () => {
  test('fails what may have changed something, and asks again what only reads', async () => {
    const { backend, threads } = stage();
    threads[0]?.say({ kind: 'ready' });
    const write = backend.call('messages.send', {});
    const read = backend.call('agents.list', {});
    threads[0]?.emit('exit', 1);
    expect(await write).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(threads[1]?.calls()).toEqual(['agents.list']);
    const [again] = threads[1]?.heard ?? [];
    threads[1]?.say({
      kind: 'answer',
      id: again?.kind === 'call' ? again.id : 0,
      outcome: { ok: true, output: 5 },
    });
    expect(await read).toEqual({ ok: true, output: 5 });
  });

  test('is forgiven after ten minutes, and not before', () => {
    const play = stage();
    const crash = (): void => void play.threads.at(-1)?.emit('exit', 1);
    crash();
    play.now += 600_001;
    crash();
    expect(play.backend.state().kind).toBe('starting');
    play.now += 599_000;
    crash();
    expect(play.backend.state().kind).toBe('stopped');
    expect([play.threads.length, play.crashes.length]).toEqual([3, 3]);
  });

  test('tells the stack of what was thrown to the crash file only', async () => {
    const { backend, threads, crashes } = stage();
    const write = backend.call('messages.send', {});
    threads[0]?.emit('error', new Error('out of memory'));
    threads[0]?.emit('exit', 1);
    expect(crashes[0]).toMatch(/out of memory\n\s+at /);
    expect(JSON.stringify(await write)).not.toContain('out of memory');
  });
});

describe('a thread that does not come to rest', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
  });

  test('is given up when it never gets ready, even if it can not be ended', async () => {
    const { backend, threads, crashes } = stage({ start_ms: 20 });
    const [first] = threads;
    if (first !== undefined) first.obeys = false;
    await vi.advanceTimersByTimeAsync(20);
    expect(threads.length).toBe(1);
    await vi.advanceTimersByTimeAsync(3000);
    expect(threads.length).toBe(2);
    expect(crashes[0]).toContain('not ready after 20 ms');
    threads[1]?.say({ kind: 'ready' });
    expect(backend.state().kind).toBe('running');
  });

  test('does not keep Memoir from closing', async () => {
    const { backend, threads } = stage({ close_ms: 20 });
    const [first] = threads;
    if (first !== undefined) first.obeys = false;
    const waiting = backend.call('agents.list', {});
    const closed = backend.close();
    await vi.advanceTimersByTimeAsync(3020);
    await closed;
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(first?.heard.at(-1)).toEqual({ kind: 'close' });
  });

  test('answers to pings keep it alive', async () => {
    const { backend, threads } = stage({ ping_ms: 5 });
    const [thread] = threads;
    thread?.on('newListener', () => undefined);
    thread?.say({ kind: 'ready' });
    const pings = (): number => thread?.heard.filter(({ kind }) => kind === 'ping').length ?? 0;
    const answer = setInterval(() => thread?.say({ kind: 'pong' }), 1);
    await vi.advanceTimersByTimeAsync(70);
    clearInterval(answer);
    expect([pings(), threads.length, backend.state().kind]).toEqual([14, 1, 'running']);
    const closed = backend.close();
    await vi.advanceTimersByTimeAsync(8000);
    await closed;
  });
});

test('what the backend asks of the shell is answered, failures with their code', async () => {
  const secrets: SecretStore = {
    ...noSecrets,
    get: (name) =>
      name === 'A' ? Promise.resolve('key') : Promise.reject(new AppError('model_auth', 'Enter it again.')),
  };
  const { threads } = stage({ secrets });
  const [thread] = threads;
  thread?.say({ kind: 'ask', id: 1, method: 'get', args: ['A'] });
  thread?.say({ kind: 'ask', id: 2, method: 'get', args: ['B'] });
  await expect
    .poll(() => thread?.heard)
    .toEqual([
      { kind: 'answer', id: 1, outcome: { ok: true, output: 'key' } },
      {
        kind: 'answer',
        id: 2,
        outcome: { ok: false, error: { code: 'model_auth', message: 'Enter it again.' } },
      },
    ]);
});

test('nothing the thread is made of imports Electron, which is not there in a thread', () => {
  const files = new Map(
    [...readSources('electron'), ...readSources('shared')].map((file) => [file.path, file]),
  );
  const seen = new Set<string>();
  const open = ['electron/shell/backend-worker.ts'];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = files.get(path);
    if (seen.has(path)) continue;
    seen.add(path);
    if (file !== undefined) open.push(...importsOf(file));
  }
  expect(seen.has('electron/backend.ts')).toBe(true);
  expect(seen.has('electron')).toBe(false);
});
