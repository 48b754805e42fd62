import { onTestFinished } from 'vitest';
import type { MemoirEvent } from '../../shared/events.ts';
import { createRuntime, type Runtime } from '../../electron/agent/runtime.ts';
import type { ModelRegistry } from '../../electron/models/model.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { system_timers } from '../../electron/models/timers.ts';
import type { AgentRecord } from '../../electron/store/agents.ts';
import { type Clock, systemClock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { createToolRegistry, type ToolRegistry } from '../../electron/tools/registry.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { tempStore } from '../helpers/temp-store.ts';
import { makeAgent } from './make-agent.ts';

/** A runtime on a real store, with one agent that a scripted server answers for. */
export type Stage = {
  readonly database: Database;
  readonly runtime: Runtime;
  readonly model: ScriptedModel;
  readonly events: MemoirEvent[];
  readonly agent: AgentRecord;
  readonly conversation_id: string;
  readonly block_id: string;
  /** Resolves with the first event, past or to come, that fits. */
  readonly seen: (fits: (event: MemoirEvent) => boolean) => Promise<MemoirEvent>;
  /** Does what the runtime put off until later. */
  readonly later: () => void;
};

const PATIENCE_MS = 30_000;

/** Registry whose only model is the scripted server's, with short timeouts. */
export function scriptedRegistry(base_url: string): ModelRegistry {
  return createModelRegistry({
    env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: base_url },
    timers: {
      now: () => Date.now(),
      after: (wait_ms, run) => {
        // Patience with a silent server is long, so that a slow machine is not taken for one.
        const timer = setTimeout(run, Math.min(wait_ms, wait_ms >= PATIENCE_MS ? 1500 : 300));
        return () => clearTimeout(timer);
      },
      random: () => 0.5,
    },
  });
}

/** The same with the timeouts of real life, for answers that are held back. */
export function patientRegistry(base_url: string): ModelRegistry {
  return createModelRegistry({ env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: base_url } });
}

/** Sets the stage; all of it is gone when the test ends. */
export async function setStage(
  script: Script,
  options: Partial<AgentRecord> = {},
  tools: ToolRegistry = createToolRegistry(),
  clock: Clock = systemClock,
): Promise<Stage> {
  return makeStage(script, options, { tools, clock, modelsAt: scriptedRegistry });
}

/** A stage whose models wait as long as in real life, for answers that are held back. */
export async function setPatientStage(script: Script): Promise<Stage> {
  const tools = createToolRegistry();
  return makeStage(script, {}, { tools, clock: systemClock, modelsAt: patientRegistry });
}

type Parts = {
  readonly tools: ToolRegistry;
  readonly clock: Clock;
  readonly modelsAt: (base_url: string) => ModelRegistry;
};

async function makeStage(
  script: Script,
  options: Partial<AgentRecord>,
  { tools, clock, modelsAt }: Parts,
): Promise<Stage> {
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());
  const database = await tempStore();
  const made = await makeAgent(database, options);
  const events: MemoirEvent[] = [];
  const listeners = new Set<() => void>();
  const put_off: (() => void)[] = [];
  const runtime = createRuntime({
    database,
    models: modelsAt(model.base_url),
    tools,
    clock,
    emit: (event) => {
      events.push(event);
      for (const listener of listeners) listener();
    },
    log: () => undefined,
    instance_id: 'test',
    timers: {
      ...system_timers,
      after: (_wait_ms, run) => {
        put_off.push(run);
        return () => undefined;
      },
    },
  });
  onTestFinished(() => runtime.close());
  return {
    database,
    runtime,
    model,
    events,
    ...made,
    later: () => {
      for (const run of put_off.splice(0)) run();
    },
    seen: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = events.find(fits);
          if (found === undefined) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
  };
}
