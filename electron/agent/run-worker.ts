import type { ClientTool } from '../../shared/contract/approvals.ts';
import { AppError } from '../../shared/errors.ts';
import type { Model } from '../models/model.ts';
import { system_timers } from '../models/timers.ts';
import type { AgentRecord } from '../store/agents.ts';
import { readRunTerms } from '../store/runs.ts';
import { listCallsMade } from '../store/tool-calls.ts';
import type { Tool } from '../tools/tool.ts';
import { createDraft } from './draft.ts';
import { createDraftKeeper, type DraftKeeper } from './draft-keeper.ts';
import { createJournal } from './journal.ts';
import type { Journal } from './journal-record.ts';
import { failure, runTurn, stopped, type TurnEnd } from './loop.ts';
import { speaksByTool } from './prompts/system.ts';
import { hearTextCalls } from './text-calls.ts';
import type { ActiveRun, RuntimeDeps } from './runtime-deps.ts';

/** The tools of an agent that exist here, in its order. */
export function toolsOf(deps: Pick<RuntimeDeps, 'tools'>, agent: AgentRecord): Tool[] {
  return agent.tools.flatMap((name) => deps.tools.get(name) ?? []);
}

/** The tools of an agent beside those a client brings; of two by the same name the client's stands, as in Letta. */
export function withClientTools(own: readonly Tool[], brought: readonly ClientTool[]): Tool[] {
  const names = new Set(brought.map(({ name }) => name));
  return [...own.filter(({ name }) => !names.has(name)), ...brought.map(clientTool)];
}

/** A tool of a client as the model sees it; it never runs here. */
function clientTool({ name, description, parameters }: ClientTool): Tool {
  const run = (): Promise<string> =>
    Promise.reject(new AppError('tool_failed', `${name} is run by the client. Nothing was changed.`));
  // Providers refuse a schema without its type and properties.
  const schema = { ...parameters, type: 'object', properties: parameters['properties'] ?? {} };
  return { name, description, parameters: schema, effect: 'external', terminal: false, run };
}

/** The model that answers for an agent. Throws `model_missing`. */
export function modelOf(deps: Pick<RuntimeDeps, 'models'>, agent: AgentRecord): Model {
  const { model, message } = deps.models.resolve(agent.model);
  if (model !== null) return model;
  throw new AppError('model_missing', message ?? `There is no model ${agent.model}. Choose another one.`, {
    details: { model: agent.model },
  });
}

/** Works on an open run until it ends or has to wait, for whatever reason. Nothing of an end is kept yet. */
export async function takeTurn(
  deps: RuntimeDeps,
  active: ActiveRun,
  { agent, goes_on }: { readonly agent: AgentRecord; readonly goes_on: boolean },
): Promise<TurnEnd> {
  const { run, controller } = active;
  try {
    const { max_steps, options } = await readRunTerms(deps.database.read, run.id);
    const brought = options.client_tools ?? [];
    const client_names = new Set(brought.map(({ name }) => name));
    const tools = withClientTools(toolsOf(deps, agent), brought);
    const model = hearTextCalls(modelOf(deps, agent), agent, tools);
    const { signal } = controller;
    const { onAsked } = active;
    const onRoom = (is_made: boolean): void => void (active.compacts = is_made);
    const work = { run, agent, model, tools, client_tools: client_names, onAsked, onRoom, signal };
    const journal = createJournal({ ...deps, ...work });
    const keeper = createDraftKeeper({ ...deps, timers: deps.timers ?? system_timers }, run.id);
    return await runTurn({
      model,
      journal: afterDraft(journal, keeper, active),
      signal: controller.signal,
      steps_taken: run.step_count,
      calls_made: run.step_count === 0 ? [] : await listCallsMade(deps.database.read, run.id),
      max_steps,
      goes_on,
      onDraft: createDraft(deps, active, { speaks_by_tool: speaksByTool(agent.agent_type), keeper }),
    });
  } catch (error) {
    // Everything up to the last commit is kept; the run ends with the reason instead of hanging.
    if (controller.signal.aborted) return stopped(controller.signal);
    if (!(error instanceof AppError))
      deps.log(`A run failed: ${error instanceof Error ? error.name : 'unknown'}`);
    return failure(error);
  }
}

/** The same journal, in which an answer is kept only after its draft has come to rest. */
function afterDraft(journal: Journal, keeper: DraftKeeper, active: ActiveRun): Journal {
  return {
    ...journal,
    received: async (...got) => {
      await keeper.settle();
      return journal.received(...got);
    },
    cut: async (step, cut) => {
      await keeper.settle();
      const { draft } = active;
      // What streamed into `send_message` was said, too.
      const said = draft?.message_id === step.message_id && draft.text !== '' ? draft : cut.answer;
      const { text, reasoning } = said;
      return journal.cut(step, { ...cut, answer: { ...cut.answer, text, reasoning } });
    },
  };
}
