import { onTestFinished } from 'vitest';
import type { MemoirEvent } from '../../shared/events.ts';
import { defaultSystemPrompt } from '../../electron/agent/prompts/system.ts';
import { createRuntime, type Runtime } from '../../electron/agent/runtime.ts';
import type { ModelRegistry } from '../../electron/models/model.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { type AgentRecord, insertAgent } from '../../electron/store/agents.ts';
import { systemClock } from '../../electron/store/clock.ts';
import { insertConversation } from '../../electron/store/conversations.ts';
import type { Database } from '../../electron/store/database.ts';
import { createBlock } from '../../electron/memory/blocks.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { tempStore } from '../helpers/temp-store.ts';

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
};

/** Registry whose only model is the scripted server's, with short timeouts. */
export function scriptedRegistry(base_url: string): ModelRegistry {
  return createModelRegistry({
    env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: base_url },
    timers: {
      now: () => Date.now(),
      after: (wait_ms, run) => {
        const timer = setTimeout(run, Math.min(wait_ms, 300));
        return () => clearTimeout(timer);
      },
      random: () => 0.5,
    },
  });
}

/** Makes an agent with a `human` block and its conversation. */
export async function makeAgent(
  database: Database,
  options: Partial<AgentRecord> = {},
): Promise<{ agent: AgentRecord; conversation_id: string; block_id: string }> {
  const now = systemClock.now();
  const agent_type = options.agent_type ?? 'letta_v1_agent';
  const agent: AgentRecord = {
    id: systemClock.newId('agent'),
    name: 'Ada',
    agent_type,
    description: null,
    system: defaultSystemPrompt(agent_type),
    model: 'openai/gpt-4o-mini',
    model_settings: { temperature: null, max_output_tokens: null, parallel_tool_calls: true },
    context_window_limit: null,
    tools: [...createToolRegistry().defaultTools(agent_type)],
    tags: [],
    timezone: 'Europe/Berlin',
    metadata: {},
    foreign: {},
    version: 1,
    created_at: now,
    updated_at: now,
    last_run_at: null,
    ...options,
  };
  const conversation_id = systemClock.newId('conv');
  const block_id = await database.transaction(async (tx) => {
    await insertAgent(tx, agent, 'user');
    await insertConversation(tx, {
      id: conversation_id,
      agent_id: agent.id,
      title: '',
      is_default: true,
      now,
    });
    const archive_id = systemClock.newId('archive');
    await tx
      .insertInto('archive')
      .values({ id: archive_id, name: 'Ada', created_at: now, deleted_at: null })
      .execute();
    await tx.insertInto('agent_archive').values({ agent_id: agent.id, archive_id }).execute();
    const context = { clock: systemClock, cause: directCause('user', agent.id) };
    const made = await createBlock(tx, { label: 'human', value: 'Likes tea.', agent_id: agent.id }, context);
    return made.block.id;
  });
  return { agent, conversation_id, block_id };
}

/** Sets the stage; all of it is gone when the test ends. */
export async function setStage(script: Script, options: Partial<AgentRecord> = {}): Promise<Stage> {
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());
  const database = await tempStore();
  const made = await makeAgent(database, options);
  const events: MemoirEvent[] = [];
  const listeners = new Set<() => void>();
  const runtime = createRuntime({
    database,
    models: scriptedRegistry(model.base_url),
    tools: createToolRegistry(),
    clock: systemClock,
    emit: (event) => {
      events.push(event);
      for (const listener of listeners) listener();
    },
    log: () => undefined,
    instance_id: 'test',
  });
  onTestFinished(() => runtime.close());
  return {
    database,
    runtime,
    model,
    events,
    ...made,
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
