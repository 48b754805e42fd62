import { onTestFinished } from 'vitest';
import { type Backend, openBackend } from '../../electron/backend.ts';
import type { Clock } from '../../electron/store/clock.ts';
import type { Run } from '../../shared/contract/conversations.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A model that a scripted server answers for. */
export const SCRIPTED = 'openai/gpt-4o-mini';

/** A whole backend whose models are a scripted server's. */
export type ScriptedBackend = {
  readonly backend: Backend;
  readonly model: ScriptedModel;
  readonly events: readonly MemoirEvent[];
  /** Resolves with the first event, past or to come, that fits. */
  readonly seen: (fits: (event: MemoirEvent) => boolean) => Promise<MemoirEvent>;
  /** Sends a message and resolves with its run's end. */
  readonly ask: (conversation_id: string, text: string) => Promise<Run>;
};

/** Starts a scripted model that ends with the test. */
export async function startModel(script: Script): Promise<ScriptedModel> {
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());
  return model;
}

/** Opens a backend that closes with the test. */
export async function openScripted(
  model: ScriptedModel,
  dataDir = tempDir(),
  clock?: Clock,
): Promise<ScriptedBackend> {
  const backend = await openBackend({
    dataDir,
    env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url },
    log: () => undefined,
    ...(clock === undefined ? {} : { clock }),
  });
  onTestFinished(() => backend.close());
  const events: MemoirEvent[] = [];
  const listeners = new Set<() => void>();
  backend.subscribe(({ event }) => {
    events.push(event);
    for (const listener of listeners) listener();
  });
  const seen: ScriptedBackend['seen'] = (fits) =>
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
  const ask: ScriptedBackend['ask'] = async (conversation_id, text) => {
    const before = events.length;
    await backend.call('messages.send', { conversation_id, text, otid: crypto.randomUUID() });
    const ended = await seen(
      (event) =>
        event.type === 'run.finished' &&
        event.run.conversation_id === conversation_id &&
        events.indexOf(event) >= before,
    );
    if (ended.type !== 'run.finished') throw new Error('not the end of a run');
    return ended.run;
  };
  return { backend, model, events, seen, ask };
}

/** Makes an agent that the scripted server answers for; answers it and its own conversation. */
export async function makeScriptedAgent(
  { call }: Backend,
  fields: Partial<Parameters<typeof agentInput>[0]> = {},
): Promise<{ agent_id: string; conversation_id: string }> {
  const agent = await call('agents.create', agentInput(fields));
  const { conversations } = await call('conversations.list', { agent_id: agent.id });
  return { agent_id: agent.id, conversation_id: conversations[0]?.id ?? '' };
}

function agentInput(fields: {
  name?: string;
  block_ids?: string[];
  tools?: string[];
  context_window_limit?: number;
  blocks?: { label: string; value: string }[];
}) {
  return { name: 'Kit', model: SCRIPTED, ...fields };
}
