import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { createRuntime } from '../../electron/agent/runtime.ts';
import { createDispatch, type Dispatch } from '../../electron/api/dispatch.ts';
import { createEventHub } from '../../electron/api/event-hub.ts';
import { createHandlers } from '../../electron/api/handlers.ts';
import { listen } from '../../electron/http/listen.ts';
import { createLettaRoutes } from '../../electron/letta/routes.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { systemClock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { tempStore } from '../helpers/temp-store.ts';
import { type Letta, letta, makeAgent } from './server.ts';

/** Milliseconds: patience with a silent model, which is a minute and more, and the pauses between requests. */
const PATIENCE = { real: 60_000, here: 500, pause: 10 };

/** The Letta routes on a port, with an agent that a scripted server answers for. */
export type ScriptedLetta = Letta & {
  readonly agent_id: string;
  readonly model: ScriptedModel;
  readonly call: Dispatch;
  readonly database: Database;
  /** Stops listening, as a server that ends. */
  readonly stop: () => Promise<void>;
  /** Resolves with the first event, past or to come, that fits. */
  readonly seen: (fits: (event: MemoirEvent) => boolean) => Promise<MemoirEvent>;
};

/** Starts both servers; they end with the test. Waiting for the model is cut short. */
export async function startScriptedLetta(script: Script): Promise<ScriptedLetta> {
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());
  const database = await tempStore();
  const hub = createEventHub('boot', () => undefined);
  const models = createModelRegistry({
    env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url },
    timers: {
      now: () => Date.now(),
      after: (wait_ms, run) => {
        const timer = setTimeout(run, wait_ms >= PATIENCE.real ? PATIENCE.here : PATIENCE.pause);
        return () => clearTimeout(timer);
      },
      random: () => 0.5,
    },
  });
  const shared = { database, models, tools: createToolRegistry(), clock: systemClock, emit: hub.emit };
  const runtime = createRuntime({ ...shared, log: () => undefined, instance_id: 'boot' });
  onTestFinished(() => runtime.close());
  const facts = {
    version: '0.0.0',
    boot_id: 'boot',
    data_dir: '',
    store: () => ({ state: 'ready' as const, message: null }),
    address: () => null,
    log_path: null,
    redact: (text: string) => text,
  };
  const call = createDispatch(createHandlers({ ...shared, runtime }, facts));
  const closing = new AbortController();
  const backend = { call, subscribe: hub.subscribe, closing: closing.signal, log: () => undefined };
  const app = new Hono({ strict: false }).route('/v1', createLettaRoutes(backend));
  const listening = await listen(app, { host: '127.0.0.1', port: 0 }, closing);
  onTestFinished(() => listening.close());
  const server = letta(listening.url);
  const agent_id = await makeAgent(server, { model: 'openai/gpt-4o-mini' });
  return { ...server, agent_id, model, call, database, stop: listening.close, seen: watch(hub.subscribe) };
}

function watch(subscribe: ReturnType<typeof createEventHub>['subscribe']): ScriptedLetta['seen'] {
  const events: MemoirEvent[] = [];
  const listeners = new Set<() => void>();
  subscribe(({ event }) => {
    events.push(event);
    for (const listener of listeners) listener();
  });
  return (fits) =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = events.find(fits);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
}
