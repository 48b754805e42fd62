/** The backend in a real worker thread over a real store: it answers, crashes, hangs, comes back and closes. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import {
  type BackendState,
  type BackendThread,
  startBackendThread,
} from '../../electron/shell/backend-thread.ts';
import type { EventEnvelope } from '../../shared/events.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { noSecrets } from './no-secrets.ts';

const ENTRY = new URL('../../electron/shell/backend-worker.ts', import.meta.url);

type Stage = {
  readonly backend: BackendThread;
  readonly data_dir: string;
  readonly workers: Worker[];
  readonly states: BackendState['kind'][];
  readonly events: EventEnvelope[];
  readonly crashes: string[];
};

const PATIENCE = { timeout: 10_000 };

function stage(data_dir = tempDir(), { ping_ms = 5000, first = ENTRY } = {}): Stage {
  const workers: Worker[] = [];
  const states: BackendState['kind'][] = [];
  const events: EventEnvelope[] = [];
  const crashes: string[] = [];
  const backend = startBackendThread({
    spawn: () => {
      const worker = new Worker(workers.length === 0 ? first : ENTRY, { workerData: { data_dir } });
      workers.push(worker);
      return worker;
    },
    secrets: noSecrets,
    log: () => undefined,
    onEvent: (envelope) => events.push(envelope),
    onState: ({ kind }) => states.push(kind),
    onCrash: (report) => crashes.push(report),
    now: () => performance.now(),
    ping_ms,
    missed_pings: 3,
  });
  onTestFinished(() => backend.close());
  return { backend, data_dir, workers, states, events, crashes };
}

async function agents({ backend }: Stage): Promise<string[]> {
  const outcome = await backend.call('agents.list', {});
  if (!outcome.ok) throw new Error(outcome.error.message);
  return (outcome.output as { agents: { name: string }[] }).agents.map(({ name }) => name);
}

test('calls wait for the start, events cross, and a failure keeps its code and words', async () => {
  const play = stage();
  expect(await agents(play)).toEqual(['Ada']);
  const made = await play.backend.call('agents.create', { name: 'Bo' });
  expect(made.ok).toBe(true);
  await expect.poll(() => play.events.map(({ event }) => event.type), PATIENCE).toContain('agent.changed');
  const missing = await play.backend.call('agents.get', { agent_id: `agent-${crypto.randomUUID()}` });
  expect(missing).toMatchObject({ ok: false, error: { code: 'not_found' } });
});

test('a crash frees the folder: the backend is back over the same store, once by itself and then by hand', async () => {
  const play = stage();
  await play.backend.call('agents.create', { name: 'Bo' });

  await play.workers[0]?.terminate();
  expect(await agents(play)).toEqual(expect.arrayContaining(['Ada', 'Bo']));
  expect(play.crashes).toHaveLength(1);

  await play.workers[1]?.terminate();
  await expect.poll(() => play.backend.state().kind, PATIENCE).toBe('stopped');
  expect(await play.backend.call('system.info', {})).toMatchObject({
    ok: false,
    error: { code: 'internal', message: expect.stringContaining('What was saved is kept') as unknown },
  });
  expect(play.workers).toHaveLength(2);

  play.backend.restart();
  expect(await agents(play)).toEqual(expect.arrayContaining(['Ada', 'Bo']));
  expect(play.states).toEqual([
    'starting',
    'running',
    'starting',
    'running',
    'stopped',
    'starting',
    'running',
  ]);
});

test('closing ends the thread in order and frees the folder for the next', async () => {
  const first = stage();
  await agents(first);
  await first.backend.close();
  expect(existsSync(join(first.data_dir, 'memoir.db-wal'))).toBe(false);
  expect(first.crashes).toEqual([]);
  expect(await first.backend.call('agents.list', {})).toMatchObject({
    ok: false,
    error: { code: 'cancelled' },
  });
  expect(await agents(stage(first.data_dir))).toEqual(['Ada']);
});

test('a folder that can not be used stops the backend with the reason, and nothing is tried again', async () => {
  const file = join(tempDir(), 'a-file');
  writeFileSync(file, '');
  const play = stage(join(file, 'data'));
  await expect.poll(() => play.backend.state(), PATIENCE).toMatchObject({ kind: 'stopped' });
  expect(play.backend.state()).toMatchObject({ error: { code: 'store_read_only' } });
  expect(play.workers).toHaveLength(1);
});

test('a backend that hangs is ended and comes back', async () => {
  const hanging = new URL('./hanging-worker.ts', import.meta.url);
  const play = stage(tempDir(), { ping_ms: 50, first: hanging });
  await expect.poll(() => play.crashes, PATIENCE).toHaveLength(1);
  expect(play.crashes[0]).toContain('answered none of 3 pings');
  expect(await agents(play)).toEqual(['Ada']);
});
