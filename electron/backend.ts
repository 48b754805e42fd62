import { randomUUID } from 'node:crypto';
import type { StoreState } from '../shared/contract/system.ts';
import { AppError, type ErrorCode, toWire } from '../shared/errors.ts';
import type { EventEnvelope } from '../shared/events.ts';
import { createRuntime } from './agent/runtime.ts';
import { createHandlers } from './api/handlers.ts';
import { createEventHub } from './api/event-hub.ts';
import type { ApiDeps, SystemFacts } from './api/deps.ts';
import { createDispatch, type Dispatch } from './api/dispatch.ts';
import { makeStarterAgent } from './api/starter.ts';
import { systemInfo } from './api/system.ts';
import { createModelRegistry } from './models/registry.ts';
import { type Clock, systemClock } from './store/clock.ts';
import { type FolderLock, lockFolder } from './store/lock.ts';
import { openStore, type OpenStore } from './store/open.ts';
import { createToolRegistry } from './tools/registry.ts';
import { VERSION } from './version.ts';

/** What the backend needs from whoever hosts it. */
export type HostServices = {
  /** The one data folder; it is made if missing. */
  readonly dataDir: string;
  /** Keys and addresses of model providers. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes one line without personal content. */
  readonly log: (line: string) => void;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
};

/** The running backend: one door in, one stream out. */
export type Backend = {
  readonly call: Dispatch;
  readonly subscribe: (listener: (envelope: EventEnvelope) => void) => () => void;
  readonly boot_id: string;
  readonly data_dir: string;
  /** Stops runs as interrupted, checkpoints and frees the folder. May be called twice. */
  readonly close: () => Promise<void>;
};

const STATE_OF: Partial<Record<ErrorCode, StoreState>> = {
  store_corrupt: 'corrupt',
  store_newer: 'newer',
  store_locked: 'locked',
  store_full: 'full',
};

/**
 * Opens the store and makes everything. When the store does not open, the backend still answers `system.info` with the
 * state and its cure, and every other call fails with that reason; nothing in the folder is changed.
 */
export async function openBackend(host: HostServices): Promise<Backend> {
  const boot_id = randomUUID();
  const facts = (state: StoreState, message: string | null): SystemFacts => ({
    version: VERSION,
    boot_id,
    data_dir: host.dataDir,
    store: () => ({ state, message }),
  });
  let lock: FolderLock | null = null;
  let store: OpenStore | null = null;
  try {
    lock = lockFolder(host.dataDir);
    store = await openStore(host.dataDir);
    return await assemble(host, lock, store, facts('ready', null));
  } catch (error) {
    await store?.database.close();
    lock?.release();
    const state = error instanceof AppError ? STATE_OF[error.code] : undefined;
    if (state === undefined) throw error;
    return degraded(host, facts(state, toWire(error).message), error as AppError);
  }
}

async function assemble(
  host: HostServices,
  lock: FolderLock,
  store: OpenStore,
  facts: SystemFacts,
): Promise<Backend> {
  const { database } = store;
  const clock = host.clock ?? systemClock;
  const hub = createEventHub(facts.boot_id, host.log);
  const models = createModelRegistry({ env: host.env, fetch: host.fetch ?? fetch });
  const tools = createToolRegistry();
  const runtime = createRuntime({
    database,
    models,
    tools,
    clock,
    emit: hub.emit,
    log: host.log,
    instance_id: facts.boot_id,
  });
  const deps: ApiDeps = { database, clock, models, tools, runtime, emit: hub.emit };
  await makeStarterAgent(deps);
  await runtime.recover();
  const health = watchHealth(store, facts, host.log);
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    health.stop();
    await runtime.close();
    await database.close();
    lock.release();
  };
  return {
    call: createDispatch(createHandlers(deps, health.facts)),
    subscribe: hub.subscribe,
    boot_id: facts.boot_id,
    data_dir: facts.data_dir,
    close: () => (closing ??= close()),
  };
}

// Checking a large file takes seconds, so it waits until the start is over.
function watchHealth(
  store: OpenStore,
  facts: SystemFacts,
  log: (line: string) => void,
): { readonly facts: SystemFacts; readonly stop: () => void } {
  let finding: string | null = null;
  const timer = setTimeout(() => {
    finding = store.quickCheck();
    if (finding !== null) log(`The store is damaged: ${finding}`);
  }, 5000);
  timer.unref();
  const message = (): string =>
    `The store is damaged: ${String(finding)}. Nothing was deleted. Export your agents now, then restore a backup.`;
  return {
    facts: {
      ...facts,
      store: () => (finding === null ? facts.store() : { state: 'corrupt', message: message() }),
    },
    stop: () => clearTimeout(timer),
  };
}

function degraded(host: HostServices, facts: SystemFacts, reason: AppError): Backend {
  host.log(reason.message);
  const call = async (name: string): Promise<unknown> => {
    if (name === 'system.info') return systemInfo(facts);
    throw reason;
  };
  return {
    call: call as Dispatch,
    subscribe: () => () => undefined,
    boot_id: facts.boot_id,
    data_dir: facts.data_dir,
    close: () => Promise.resolve(),
  };
}
