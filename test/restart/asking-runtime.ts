import { appendFileSync } from 'node:fs';
import { createRuntime, type Runtime } from '../../electron/agent/runtime.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { systemClock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { createToolRegistry, type ToolRegistry } from '../../electron/tools/registry.ts';
import type { Tool } from '../../electron/tools/tool.ts';
import type { MemoirEvent } from '../../shared/events.ts';

/** A runtime whose agents can ring a bell: an effect beyond the store, a line in a file each time. */
export type AskingRuntime = {
  readonly runtime: Runtime;
  /** Resolves when the run of a conversation next ends or waits; call it before what leads there. */
  readonly settled: () => Promise<void>;
};

/** Makes it on an open store. */
export function createAskingRuntime(
  database: Database,
  {
    base_url,
    bell,
    onRung = () => undefined,
  }: {
    readonly base_url: string;
    readonly bell: string;
    /** Called when it has rung, before that is known. */
    readonly onRung?: () => void;
  },
): AskingRuntime {
  const listeners = new Set<() => void>();
  const emit = (event: MemoirEvent): void => {
    if (event.type !== 'run.finished' && event.type !== 'run.paused') return;
    for (const listener of listeners) listener();
    listeners.clear();
  };
  const runtime = createRuntime({
    database,
    models: createModelRegistry({ env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: base_url } }),
    tools: withBell(bell, onRung),
    clock: systemClock,
    emit,
    log: () => undefined,
    instance_id: systemClock.newId('boot'),
  });
  return { runtime, settled: () => new Promise((resolve) => listeners.add(resolve)) };
}

function withBell(path: string, onRung: () => void): ToolRegistry {
  const ring: Tool = {
    name: 'ring',
    description: 'Rings.',
    parameters: { type: 'object', properties: { tone: { type: 'string' } }, required: ['tone'] },
    effect: 'external',
    terminal: false,
    run: (args) => {
      appendFileSync(path, `${String(args['tone'])}\n`);
      onRung();
      return Promise.resolve('Rung.');
    },
  };
  const registry = createToolRegistry();
  return {
    ...registry,
    get: (name) => (name === 'ring' ? ring : registry.get(name)),
    list: () => [...registry.list(), ring],
  };
}
