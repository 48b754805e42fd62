import type { ContextOverview, ContextPart } from '../../shared/contract/context.ts';
import { countTokens } from '../models/tokens.ts';
import { clipText } from '../store/encoding.ts';
import { countMessagesOfAgent } from '../store/messages.ts';
import { readLastParts } from '../store/steps.ts';
import { countArchivalMemory } from '../store/window.ts';
import { changesWindow, effectOf, floorProblem, judgeFit, prepareCompaction } from './compaction/fit.ts';
import { type Plan, type PlanInput, planRequest } from './plan.ts';
import type { RuntimeDeps } from './runtime-deps.ts';
import { type Place, planInputOf } from './window-place.ts';
import { CHARS_PER_TOKEN, resultLimit, tokensOfItem } from './window-size.ts';

/** Says what the next request of a conversation holds, without changing anything. Throws `not_found`. */
export async function overviewOf(
  deps: RuntimeDeps,
  place: Place,
  isCompacting: (conversation_id: string) => boolean,
): Promise<ContextOverview> {
  const db = deps.database.read;
  const input = await planInputOf(deps, place);
  const planned = await planRequest(db, input);
  const { context, budget } = planned;
  const prepared = prepareCompaction(input, planned, input.agent.compaction);
  const is_smaller = changesWindow(prepared.plan) && prepared.plan.tokens_after < context.used;
  return {
    window: budget.window,
    used: context.used,
    parts: [...context.parts],
    floor: context.floor,
    floor_limit: budget.floor_limit,
    trigger: budget.trigger,
    target: budget.target,
    budget: {
      fixed: budget.floor_limit,
      summary: budget.summary,
      result: Math.floor(resultLimit(budget.window) / CHARS_PER_TOKEN),
      answer: budget.window - budget.most,
    },
    next_compaction: is_smaller ? effectOf(prepared) : null,
    problem: problemOf(input, planned),
    change: changeOf(context.parts, await readLastParts(db, input.conversation_id)),
    largest: largestOf(input, planned),
    is_compacting: isCompacting(input.conversation_id),
    num_messages: planned.entries.filter((item) => item.kind !== 'missing').length,
    num_recall_memory: await countMessagesOfAgent(db, input.agent.id),
    num_archival_memory: await countArchivalMemory(db, input.agent.id),
  };
}

/** Why the next request would not be sent, in words for a person; `null` when it would. */
export function problemOf(input: PlanInput, planned: Plan): string | null {
  const floor = floorProblem(planned);
  if (floor !== null) return floor.message;
  const fit = judgeFit(input, planned, false);
  return fit.kind === 'refuse' ? fit.error.message : null;
}

type Size = Pick<ContextPart, 'kind' | 'tokens'>;

function changeOf(now: readonly Size[], before: readonly Size[] | null): Size[] {
  if (before === null) return [];
  return now.map(({ kind, tokens }) => ({
    kind,
    tokens: tokens - (before.find((part) => part.kind === kind)?.tokens ?? 0),
  }));
}

const LARGEST = 12;
const WORDS_CHARS = 80;

function largestOf({ tools }: PlanInput, { entries }: Plan): ContextOverview['largest'] {
  const schemas = tools.map((tool) => ({
    kind: 'tool' as const,
    name: tool.name,
    tokens: countTokens(JSON.stringify(tool)),
    message: null,
  }));
  const talk = entries.flatMap((item): ContextOverview['largest'] => {
    if (item.kind === 'missing') return [];
    const tokens = tokensOfItem(item);
    if (item.kind === 'message') {
      const { id: name, role, name: tool, text, created_at: at } = item.message;
      const words = clipText(text.trim(), WORDS_CHARS);
      const message = { role, tool: role === 'tool' ? tool : null, words, at };
      return [{ kind: 'message', name, tokens, message }];
    }
    const kind = item.kind === 'summary' ? 'summary' : 'note';
    return [{ kind, name: item.ref, tokens, message: null }];
  });
  return [...schemas, ...talk].toSorted((a, b) => b.tokens - a.tokens).slice(0, LARGEST);
}
