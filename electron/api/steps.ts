import type { Message } from '../../shared/contract/conversations.ts';
import type { MethodName, OutputOf, ParsedInputOf } from '../../shared/contract/index.ts';
import type { Step } from '../../shared/contract/steps.ts';
import { AppError } from '../../shared/errors.ts';
import { readPrompt, replayStep } from '../agent/replay.ts';
import { readAgent } from '../store/agents.ts';
import { readConversation } from '../store/conversations.ts';
import { findMessageOfStep } from '../store/messages.ts';
import { hasReplay, insertReplay, listReplays } from '../store/replays.ts';
import { readRun } from '../store/runs.ts';
import { listSteps, readNeighbours, readStep } from '../store/step-list.ts';
import { readTrace } from '../store/steps.ts';
import { listToolCallsOfStep } from '../store/tool-calls.ts';
import type { ApiDeps } from './deps.ts';
import type { Handlers } from './dispatch.ts';

type StepMethod = Extract<MethodName, `steps.${string}`>;

/** What was asked of models, and asking it again. */
export function stepHandlers(deps: ApiDeps): Pick<Handlers, StepMethod> {
  const { database } = deps;
  const replaying: Replaying = new Map();
  return {
    'steps.list': async (filter) => {
      const { agent_id, conversation_id, run_id } = filter;
      if (agent_id !== undefined) await readAgent(database.read, agent_id);
      if (conversation_id !== undefined) await readConversation(database.read, conversation_id);
      if (run_id !== undefined) await readRun(database.read, run_id);
      return listSteps(database.read, filter);
    },
    'steps.get': async ({ step_id }) => readWhole(deps, await readStep(database.read, step_id)),
    'steps.replay': (input) => replay(deps, replaying, input),
    'steps.stop_replay': async ({ replay_id }) => {
      const under_way = replaying.get(replay_id);
      if (under_way === undefined) {
        throw new AppError('not_found', 'This is no longer running; there is nothing to stop.', {
          details: { replay_id },
        });
      }
      under_way.abort('cancelled');
      return {};
    },
  };
}

async function readWhole({ database }: ApiDeps, step: Step): Promise<OutputOf<'steps.get'>> {
  const { read } = database;
  const trace = step.has_trace ? await readTrace(read, step.id) : null;
  const run = await readRun(read, step.run_id);
  const said = await findMessageOfStep(read, step);
  return {
    step,
    request: trace?.request ?? null,
    response: trace?.response ?? null,
    prompt: trace === null ? null : readPrompt(trace.request),
    answer: said === null ? null : answerOf(said),
    tool_calls: await listToolCallsOfStep(read, step.id),
    replays: await listReplays(read, step.id, trace?.request ?? null),
    run,
    message_id: said?.id ?? run.message_id,
    ...(await readNeighbours(read, step)),
  };
}

function answerOf({ content, tool_calls }: Message): NonNullable<OutputOf<'steps.get'>['answer']> {
  const join = (type: 'text' | 'reasoning'): string =>
    content
      .map((part) => (part.type === type && type in part ? String(part[type as keyof typeof part]) : ''))
      .join('');
  return { text: join('text'), reasoning: join('reasoning'), tool_calls };
}

/** What stops the replays that are under way, by their ids. */
type Replaying = Map<string, AbortController>;

async function replay(
  { database, models, clock }: ApiDeps,
  replaying: Replaying,
  { step_id, model, edits, replay_id = clock.newId('replay') }: ParsedInputOf<'steps.replay'>,
): Promise<OutputOf<'steps.replay'>> {
  const step = await readStep(database.read, step_id);
  if (!step.has_trace) {
    throw new AppError(
      'conflict',
      'The request of this step is no longer kept, so it can not be asked again. How long requests are kept is a setting.',
    );
  }
  if (replaying.has(replay_id) || (await hasReplay(database.read, replay_id))) {
    throw new AppError('conflict', 'A run of this id was made already. Nothing was asked.', {
      details: { replay_id },
    });
  }
  const { request: recorded } = await readTrace(database.read, step_id);
  const stop = new AbortController();
  replaying.set(replay_id, stop);
  try {
    const asking = { step, recorded, model, edits, signal: stop.signal, replay_id };
    const made = await replayStep({ models, clock }, asking);
    const { is_exact: _, ...kept } = made;
    await database.transaction((tx) => insertReplay(tx, kept));
    return made;
  } finally {
    replaying.delete(replay_id);
  }
}
