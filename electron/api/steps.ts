import type { MethodName, OutputOf, ParsedInputOf } from '../../shared/contract/index.ts';
import type { Activity } from '../../shared/contract/steps.ts';
import { AppError } from '../../shared/errors.ts';
import { replayStep } from '../agent/replay.ts';
import { readAgent } from '../store/agents.ts';
import { readConversation } from '../store/conversations.ts';
import { listChanges } from '../store/memory-changes.ts';
import { insertReplay, listReplays } from '../store/replays.ts';
import { readRun } from '../store/runs.ts';
import { listSteps, readStep } from '../store/step-list.ts';
import { readTrace } from '../store/steps.ts';
import { listToolCallsOfStep } from '../store/tool-calls.ts';
import type { ApiDeps } from './deps.ts';
import type { Handlers } from './dispatch.ts';

type StepMethod = Extract<MethodName, `steps.${string}` | `activity.${string}`>;

/** What was asked of models, asking it again, and what happened. */
export function stepHandlers(deps: ApiDeps): Pick<Handlers, StepMethod> {
  const { database } = deps;
  return {
    'steps.list': async (filter) => {
      const { agent_id, conversation_id, run_id } = filter;
      if (agent_id !== undefined) await readAgent(database.read, agent_id);
      if (conversation_id !== undefined) await readConversation(database.read, conversation_id);
      if (run_id !== undefined) await readRun(database.read, run_id);
      return listSteps(database.read, filter);
    },
    'steps.get': async ({ step_id }) => {
      const step = await readStep(database.read, step_id);
      const trace = step.has_trace ? await readTrace(database.read, step_id) : null;
      return {
        step,
        request: trace?.request ?? null,
        response: trace?.response ?? null,
        tool_calls: await listToolCallsOfStep(database.read, step_id),
        replays: await listReplays(database.read, step_id, trace?.request ?? null),
      };
    },
    'steps.replay': (input) => replay(deps, input),
    'activity.list': (filter) => listActivity(deps, filter),
  };
}

async function replay(
  { database, models, clock }: ApiDeps,
  { step_id, model, edits }: ParsedInputOf<'steps.replay'>,
): Promise<OutputOf<'steps.replay'>> {
  const step = await readStep(database.read, step_id);
  if (!step.has_trace) {
    throw new AppError(
      'conflict',
      'The request of this step is no longer kept, so it can not be asked again. How long requests are kept is a setting.',
    );
  }
  const { request: recorded } = await readTrace(database.read, step_id);
  const { signal } = new AbortController();
  const made = await replayStep({ models, clock }, { step, recorded, model, edits, signal });
  const { is_exact: _, ...kept } = made;
  await database.transaction((tx) => insertReplay(tx, kept));
  return made;
}

async function listActivity(
  { database }: ApiDeps,
  { agent_id, kinds = ['change', 'step'], before, limit }: ParsedInputOf<'activity.list'>,
): Promise<OutputOf<'activity.list'>> {
  if (agent_id !== undefined) await readAgent(database.read, agent_id);
  const page = { agent_id, limit: limit + 1 };
  const changes = kinds.includes('change') ? await listChanges(database.read, { ...page, before }) : [];
  const { steps } = kinds.includes('step')
    ? await listSteps(database.read, { ...page, began_before: before })
    : { steps: [] };
  const activities: Activity[] = [
    ...changes.map((change): Activity => ({ kind: 'change', at: change.created_at, change })),
    ...steps.map((step): Activity => ({ kind: 'step', at: step.created_at, step })),
  ].toSorted((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
  return { activities: activities.slice(0, limit), has_more: activities.length > limit };
}
