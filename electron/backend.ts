import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import type { OutputOf } from '../shared/contract/index.ts';
import type { StoreState } from '../shared/contract/system.ts';
import { AppError, type ErrorCode, toWire } from '../shared/errors.ts';
import type { EventEnvelope } from '../shared/events.ts';
import { createRuntime } from './agent/runtime.ts';
import { createHandlers } from './api/handlers.ts';
import { providerMemory } from './api/provider-memory.ts';
import { tellModelsChanged } from './api/providers.ts';
import { createEventHub, type EventHub } from './api/event-hub.ts';
import type { ApiDeps, SystemFacts } from './api/deps.ts';
import { createDispatch, type Dispatch } from './api/dispatch.ts';
import { readNewerStore } from './api/newer-store.ts';
import { forgetOldTraces } from './api/settings.ts';
import { makeStarterAgent } from './api/starter.ts';
import { systemInfo } from './api/system.ts';
import { diagnoseClosed } from './diagnosis/diagnose.ts';
import type { OwnPort } from './diagnosis/look.ts';
import { createRedactor, type Redactor, secretsOf } from './log/redact.ts';
import { createProviderDesk } from './models/provider-desk.ts';
import { createModelRegistry, type RegistryOptions } from './models/registry.ts';
import { environmentSecrets, overheardSecrets, type SecretStore } from './secret-store.ts';
import { type Clock, systemClock } from './store/clock.ts';
import type { Database } from './store/database.ts';
import { type FolderLock, lockFolder } from './store/lock.ts';
import { blameStore, openStore, type OpenStore } from './store/open.ts';
import { createToolRegistry } from './tools/registry.ts';
import { VERSION } from './version.ts';

/** Milliseconds between the words of the offline model where people watch it. */
export const OFFLINE_DELAY_MS = 12;

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
  /** Keys of model providers; by default those of `env` alone. */
  readonly secrets?: SecretStore;
  /** Milliseconds between the words of the offline model, so that people see it speak. Default 0. */
  readonly offline_delay_ms?: number;
  /** Where programs reach the host, once it listens. Default: it listens nowhere. */
  readonly address?: () => OwnPort | null;
  /** Hears every secret that comes to be known, so that the host's log does not repeat it. */
  readonly learn?: ((secret: string) => void) | undefined;
  /** The log file the host keeps. Default: none. */
  readonly log_path?: string | null;
  /** How patient models are with their servers, and the clock of that. Default: as in real life. */
  readonly patience?: Pick<RegistryOptions, 'limits' | 'timers'>;
};

/** The running backend: one door in, one stream out. */
export type Backend = {
  readonly call: Dispatch;
  readonly subscribe: (listener: (envelope: EventEnvelope) => void) => () => void;
  readonly boot_id: string;
  readonly data_dir: string;
  /** Why the store did not open; `null` when it did. */
  readonly problem: AppError | null;
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
 * state and its cure, trying to open it again each time; every other call fails with that reason; nothing in the folder
 * is changed. A store of a newer Memoir also lists and exports its agents, as far as it can be read. Throws
 * `store_read_only` when the folder can not be used at all.
 */
export async function openBackend(given: HostServices): Promise<Backend> {
  const { redact, learn } = redactorOf(given.env);
  const secrets = overheardSecrets(given.secrets ?? environmentSecrets(given.env), (secret) => {
    learn(secret);
    given.learn?.(secret);
  });
  const host: Host = { ...given, secrets, redact };
  const hub = createEventHub(randomUUID(), host.log);
  let opened = await openOnce(host, hub);
  let opening: Promise<void> | null = null;
  const openAgain = async (): Promise<void> => {
    await opened.close();
    opened = await openOnce(host, hub);
  };
  const call: Dispatch = async (name, input, context) => {
    if (name === 'system.info' && opened.problem !== null) {
      opening ??= openAgain().finally(() => (opening = null));
      await opening;
    }
    return opened.call(name, input, context);
  };
  return {
    call,
    subscribe: hub.subscribe,
    boot_id: hub.boot_id,
    data_dir: host.dataDir,
    get problem() {
      return opened.problem;
    },
    close: () => opened.close(),
  };
}

/** A host of which every secret is known to `redact`. */
type Host = HostServices & { readonly secrets: SecretStore; readonly redact: Redactor['redact'] };

type Opened = Pick<Backend, 'call' | 'problem' | 'close'>;

async function openOnce(host: Host, hub: EventHub): Promise<Opened> {
  const facts = (state: StoreState, message: string | null): SystemFacts => ({
    version: VERSION,
    boot_id: hub.boot_id,
    data_dir: host.dataDir,
    store: () => ({ state, message }),
    address: host.address ?? (() => null),
    log_path: host.log_path ?? null,
    redact: host.redact,
  });
  let lock: FolderLock | null = null;
  let store: OpenStore | null = null;
  try {
    lock = lockFolder(host.dataDir);
    store = await openStore(host.dataDir);
    return await assemble({ host, hub, lock, store, facts: facts('ready', null) });
  } catch (error) {
    const reason = blameStore(error, store);
    await store?.database.close();
    lock?.release();
    const state = reason instanceof AppError ? STATE_OF[reason.code] : undefined;
    if (state === undefined) throw reason;
    return degraded(host, facts(state, toWire(reason).message), reason as AppError);
  }
}

function redactorOf(env: HostServices['env']): Redactor {
  const redactor = createRedactor(homedir());
  for (const secret of secretsOf(env)) redactor.learn(secret);
  return redactor;
}

type Parts = {
  readonly host: Host;
  readonly hub: EventHub;
  readonly lock: FolderLock;
  readonly store: OpenStore;
  readonly facts: SystemFacts;
};

async function assemble({ host, hub, lock, store, facts }: Parts): Promise<Opened> {
  const { database } = store;
  const deps = makeDeps(host, { database, boot_id: hub.boot_id, emit: hub.emit });
  const { runtime } = deps;
  try {
    await deps.models.desk.load();
    await makeStarterAgent(deps);
    await runtime.recover();
  } catch (error) {
    await runtime.close();
    throw error;
  }
  const health = watchHealth(store, facts, host.log);
  const house = keepHouse(deps, host.log);
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    health.stop();
    house.stop();
    await runtime.close();
    await database.close();
    lock.release();
  };
  return {
    call: createDispatch(createHandlers(deps, health.facts)),
    problem: null,
    close: () => (closing ??= close()),
  };
}

function makeDeps(
  host: Host,
  over: { readonly database: Database; readonly boot_id: string; readonly emit: ApiDeps['emit'] },
): ApiDeps {
  const { database, boot_id, emit } = over;
  const clock = host.clock ?? systemClock;
  const desk = createProviderDesk({
    env: host.env,
    secrets: host.secrets,
    memory: providerMemory(database),
    onChange: (provider) => tellModelsChanged({ database, models, emit }, provider),
  });
  const models = createModelRegistry({
    env: host.env,
    desk,
    fetch: host.fetch ?? fetch,
    offline_delay_ms: host.offline_delay_ms ?? 0,
    ...host.patience,
  });
  const tools = createToolRegistry();
  const journal = { log: host.log, instance_id: boot_id };
  const runtime = createRuntime({ database, models, tools, clock, emit, ...journal });
  return { database, clock, models, tools, runtime, emit };
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

const DAY_MS = 86_400_000;

/** What is due once a day, and a while after the start. */
function keepHouse(deps: ApiDeps, log: (line: string) => void): { readonly stop: () => void } {
  const work = (): void => {
    forgetOldTraces(deps).catch((error: unknown) => {
      log(`Old requests were not deleted: ${toWire(error).code}. It is tried again tomorrow.`);
    });
  };
  const first = setTimeout(work, 60_000).unref();
  const daily = setInterval(work, DAY_MS).unref();
  return {
    stop: () => {
      clearTimeout(first);
      clearInterval(daily);
    },
  };
}

function degraded(host: Host, facts: SystemFacts, reason: AppError): Opened {
  host.log(reason.message);
  const serve = (database: Database): Dispatch =>
    createDispatch(
      createHandlers(makeDeps(host, { database, boot_id: facts.boot_id, emit: () => undefined }), facts),
    );
  const newer = reason.code === 'store_newer' ? readNewerStore(facts.data_dir, serve) : null;
  const call: Dispatch = async (name, input, context) => {
    if (name === 'system.info') return systemInfo(facts) as OutputOf<typeof name>;
    if (name === 'system.diagnose') {
      return diagnoseClosed(facts, (host.clock ?? systemClock).now()) as OutputOf<typeof name>;
    }
    if (newer?.answers(name) === true) return newer.call(name, input, context);
    throw reason;
  };
  return {
    call,
    problem: reason,
    close: () => newer?.close() ?? Promise.resolve(),
  };
}
