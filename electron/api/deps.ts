import type { Agent, ModelStatus } from '../../shared/contract/agents.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type { Runtime } from '../agent/runtime.ts';
import type { HostFacts } from '../diagnosis/look.ts';
import type { EditContext } from '../memory/block-versions.ts';
import { directCause } from '../memory/cause.ts';
import type { ConfiguredModelRegistry } from '../models/registry.ts';
import type { AgentRecord } from '../store/agents.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import type { CallContext } from './dispatch.ts';

/** What the methods work with. */
export type ApiDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly models: ConfiguredModelRegistry;
  readonly tools: ToolRegistry;
  readonly runtime: Runtime;
  /** Tells every subscriber; call it after the commit. */
  readonly emit: (event: MemoirEvent) => void;
};

/** Facts about the process, for `system.info` and a diagnosis. */
export type SystemFacts = HostFacts & { readonly boot_id: string };

/** Why a call changes memory: a person or a program asked, directly. */
export function editContext(
  deps: ApiDeps,
  context: CallContext,
  agent_id: string | null = null,
): EditContext {
  return { clock: deps.clock, cause: directCause(context.actor, agent_id) };
}

/** Says which model answers for a handle. */
export function modelStatus(models: ConfiguredModelRegistry, handle: string): ModelStatus {
  const { model, badge, message } = models.resolve(handle);
  return {
    answering_with: model?.handle ?? handle,
    badge,
    message,
    context_window: model?.context_window ?? 0,
  };
}

/** An agent as callers see it. */
export function toAgent(models: ConfiguredModelRegistry, record: AgentRecord): Agent {
  return { ...record, model_status: modelStatus(models, record.model) };
}
