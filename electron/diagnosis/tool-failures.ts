import type { RecentCall } from '../store/recent-work.ts';
import { type AgentLook, counted, factsOf, fine, type Finding, privateFact } from './look.ts';

/** Row "Tool execution fails": what failed lately, whether its arguments were to blame, and whether it worked since. */
export function checkTools({ deps, agent, work }: AgentLook): Finding {
  const ended = work.calls.filter(({ state }) => state !== 'pending' && state !== 'running');
  const failed = ended.filter(({ state }) => state !== 'done');
  // The newest call of each tool tells how it is now.
  const newest = new Map(ended.toReversed().map((call) => [call.name, call]));
  const broken = failed.find((call) => newest.get(call.name) === call);
  const shown = broken ?? failed[0];
  const missing = agent.tools.filter((name) => deps.tools.get(name) === null);
  const facts = [
    ...factsOf({
      calls: ended.length,
      failed_calls: failed.length,
      failed_tool: shown?.name,
      failed_at: shown?.finished_at ?? undefined,
      failure_kind: shown === undefined ? undefined : kindOf(shown),
      missing_tools: missing.length === 0 ? undefined : missing.join(', '),
    }),
    ...(shown === undefined ? [] : [privateFact('failure', shown.result)]),
  ];
  if (broken !== undefined)
    return { ...describe(broken), state: 'trouble', facts, item_id: broken.conversation_id };
  if (missing.length > 0) {
    return {
      state: 'attention',
      reason: 'tool_not_here',
      cause: `${agent.name} names ${counted(missing.length, 'tool')} that Memoir does not have: ${missing.join(', ')}. The model is not told of them.`,
      cure: 'Detach them in the settings of the agent, or leave them for a later export.',
      facts,
      place: 'tool_settings',
    };
  }
  if (shown !== undefined) {
    const cause = `${counted(failed.length, 'call')} of the last ${ended.length} failed; each tool worked again since.`;
    return { state: 'attention', reason: 'failed_before', cause, cure: null, facts };
  }
  const told =
    ended.length === 0
      ? 'No tool was called yet.'
      : `All of the last ${counted(ended.length, 'tool call')} worked.`;
  return fine(told, facts);
}

type Kind = 'wrong_arguments' | 'unknown_tool' | 'outcome_unknown' | 'fault' | 'not_run' | 'refused';

// The beginnings of what `agent/tool-step.ts` and the tools answer.
function kindOf({ name, state, result, was_parsed }: RecentCall): Kind {
  if (state === 'unknown') return 'outcome_unknown';
  if (result.startsWith(`${name} was not run: `)) return 'wrong_arguments';
  if (result.startsWith(`There is no tool ${name}`)) return 'unknown_tool';
  if (result.startsWith(`${name} failed inside Memoir`)) return 'fault';
  return was_parsed ? 'refused' : 'not_run';
}

function describe(call: RecentCall): Pick<Finding, 'reason' | 'cause' | 'cure' | 'place'> {
  const { name } = call;
  const first = call.result.split('\n', 1)[0] ?? '';
  const kind = kindOf(call);
  const model_settings = { reason: kind, place: 'model_settings' as const };
  switch (kind) {
    case 'wrong_arguments':
      return {
        ...model_settings,
        cause: `The last call of ${name} did not fit what the tool takes. ${first}`,
        cure: 'The model was told what the tool takes and may try again. If it keeps failing, choose a model that is better at calling tools.',
      };
    case 'unknown_tool':
      return {
        ...model_settings,
        place: 'tool_settings',
        cause: `The model called ${name}, which this agent does not have. ${first}`,
        cure: 'Attach the tool in the settings of the agent if it exists, or choose another model.',
      };
    case 'outcome_unknown':
      return {
        ...model_settings,
        place: 'conversation',
        cause: `Memoir stopped while ${name} ran; whether it finished is not known.`,
        cure: 'Look whether it took effect, then ask the agent to go on.',
      };
    case 'fault':
      return {
        ...model_settings,
        place: 'log',
        cause: `${name} failed inside Memoir; that is no fault of the call. Nothing was changed.`,
        cure: 'Try again; the log names the fault.',
      };
    case 'not_run':
      return {
        ...model_settings,
        place: 'conversation',
        cause: `${name} was not run. ${first}`,
        cure: 'Ask the agent to go on.',
      };
    case 'refused':
      return {
        ...model_settings,
        place: 'conversation',
        cause: `${name} could not do what was asked. ${first}`,
        cure: 'The model was told why and may try again; look at the call in the talk.',
      };
  }
}
