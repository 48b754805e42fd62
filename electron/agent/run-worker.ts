import { AppError } from '../../shared/errors.ts';
import type { Model } from '../models/model.ts';
import type { AgentRecord } from '../store/agents.ts';
import { readMaxSteps, type RunEnd } from '../store/runs.ts';
import type { Tool } from '../tools/tool.ts';
import { createDraft } from './draft.ts';
import { createJournal } from './journal.ts';
import { failure, runTurn, stopped } from './loop.ts';
import { speaksByTool } from './prompts/system.ts';
import type { ActiveRun, RuntimeDeps } from './runtime-deps.ts';

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
