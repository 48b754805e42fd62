import type { Draft, Run } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type { Model, ModelRegistry } from '../models/model.ts';
import type { Timers } from '../models/timers.ts';
import type { AgentRecord } from '../store/agents.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { readMaxSteps, type RunEnd } from '../store/runs.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { createDraft } from './draft.ts';
import { createJournal } from './journal.ts';
import { failure, runTurn, stopped } from './loop.ts';
import type { Wording } from './pairing.ts';
import { speaksByTool } from './prompts/system.ts';

/** What a runtime is made with. */
export type RuntimeOptions = {
  readonly database: Database;
  readonly models: ModelRegistry;
  readonly tools: ToolRegistry;
  readonly clock: Clock;
  /** Tells every subscriber; called only after a commit. */
  readonly emit: (event: MemoirEvent) => void;
  /** Takes one line without personal content. */
  readonly log: (line: string) => void;
  /** This process among those that use or used the data folder. */
  readonly instance_id: string;
  /** For trying again what the store refused. Default: real time. */
  readonly timers?: Timers;
};

/** What the parts of a runtime work with. */
export type RuntimeDeps = RuntimeOptions & {
  /** One for all requests: it keeps the formats of the time zones it met. */
  readonly wording: Wording;
};

/** A run at work. */
export type ActiveRun = {
  readonly run: Run;
  readonly controller: AbortController;
  draft: Draft | null;
};

/** The tools of an agent that exist here, in its order. */
export function toolsOf(deps: Pick<RuntimeDeps, 'tools'>, agent: AgentRecord): Tool[] {
  return agent.tools.flatMap((name) => deps.tools.get(name) ?? []);
}

/** The model that answers for an agent. Throws `model_missing`. */
export function modelOf(deps: Pick<RuntimeDeps, 'models'>, agent: AgentRecord): Model {
  const { model, message } = deps.models.resolve(agent.model);
  if (model !== null) return model;
  throw new AppError('model_missing', message ?? `There is no model ${agent.model}. Choose another one.`, {
    details: { model: agent.model },
  });
}

/** Works on an open run until it ends, for whatever reason. Nothing of the end is kept yet. */
export async function takeTurn(deps: RuntimeDeps, active: ActiveRun, agent: AgentRecord): Promise<RunEnd> {
  const { run, controller } = active;
  try {
    const model = modelOf(deps, agent);
    const journal = createJournal({ ...deps, run, agent, model, tools: toolsOf(deps, agent) });
    return await runTurn({
      model,
      journal,
      signal: controller.signal,
      steps_taken: run.step_count,
      max_steps: await readMaxSteps(deps.database.read, run.id),
      onDraft: createDraft(deps, active, speaksByTool(agent.agent_type)),
    });
  } catch (error) {
    // Everything up to the last commit is kept; the run ends with the reason instead of hanging.
    if (controller.signal.aborted) return stopped(controller.signal);
    if (!(error instanceof AppError))
      deps.log(`A run failed: ${error instanceof Error ? error.name : 'unknown'}`);
    return failure(error);
  }
}
