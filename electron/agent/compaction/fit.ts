import type { Compaction } from '../../../shared/contract/agents.ts';
import type { CompactionEffect } from '../../../shared/contract/context.ts';
import { AppError } from '../../../shared/errors.ts';
import { formatCount } from '../../memory/text.ts';
import { compileContext, type Context } from '../context.ts';
import { takeSnapshot } from '../memory-view.ts';
import { contextInput, type Plan, type PlanInput } from '../plan.ts';
import { isOpen, speaks } from './cuts.ts';
import { tokensOfItems } from '../window-size.ts';
import type { Budget } from './budget.ts';
import { type CompactionPlan, planCompaction } from './plan.ts';

/** A compaction that can be carried out. */
export type PreparedCompaction = {
  readonly plan: CompactionPlan;
  /** The request it makes room for. */
  readonly planned: Plan;
  /** A request without any talk, with memory as it is now: a compaction shows it anew. */
  readonly bare: Pick<Context, 'floor' | 'parts'>;
  readonly tokens_before: number;
};

/** Plans the compaction of a window as its request would show it. */
export function prepareCompaction(
  input: PlanInput,
  planned: Plan,
  settings: Pick<Compaction, 'mode' | 'sliding_window_percentage'>,
): PreparedCompaction {
  const snapshot = takeSnapshot(planned.blocks, input.now);
  // News that the window does not hold yet comes with the request whatever goes.
  const news = new Set(planned.notes.map(({ ref }) => ref));
  const items = planned.entries.filter(
    (item) => item.kind !== 'memory_delta' && !(item.kind === 'note' && news.has(item.ref)),
  );
  const bare = compileContext(contextInput(input, snapshot, []));
  const plan = planCompaction({
    items,
    floor: bare.floor + OLDER_LINE + tokensOfItems(planned.notes),
    budget: planned.budget,
    all: settings.mode.endsWith('all'),
    share: settings.sliding_window_percentage,
    is_open: isOpen(items),
    can_search: input.tools.some(({ name }) => name === 'conversation_search'),
  });
  return { plan, planned, bare, tokens_before: planned.context.used };
}

// The line that says that older messages are not shown.
const OLDER_LINE = 20;

/** Whether a plan changes anything. */
export function changesWindow({ evicted, inner, shortened }: CompactionPlan): boolean {
  return evicted.length + inner.length + shortened.length > 0;
}

/** What becomes of a request that is about to be sent. */
export type Fit =
  | { readonly kind: 'send' }
  | { readonly kind: 'compact'; readonly prepared: PreparedCompaction }
  | { readonly kind: 'refuse'; readonly error: AppError };

// Less than this share of the window is not worth a summary: the next turn would ask for one again.
const WORTH_SHARE = 0.1;

/**
 * Decides whether a request goes out as it is, after a compaction, or not at all. A window is compacted when it is above
 * its trigger and enough can go; above what can be sent, whenever anything can.
 */
export function judgeFit(input: PlanInput, planned: Plan, has_compacted: boolean): Fit {
  const { context, budget } = planned;
  const floor = floorProblem(planned);
  // Of a limit that a server only just named, the server itself has the last word.
  if (floor !== null && (input.held ?? null) === null) return { kind: 'refuse', error: floor };
  if (context.used <= budget.trigger) return { kind: 'send' };
  const is_needed = context.used > budget.most;
  if (!is_needed && has_compacted) return { kind: 'send' };
  const prepared = prepareCompaction(input, planned, input.agent.compaction);
  const { plan } = prepared;
  if (is_needed) {
    if (plan.tokens_after > budget.most) return { kind: 'refuse', error: floor ?? roomProblem(prepared) };
    return { kind: 'compact', prepared };
  }
  const is_worth = context.used - plan.tokens_after >= budget.window * WORTH_SHARE;
  return is_worth ? { kind: 'compact', prepared } : { kind: 'send' };
}

const PARTS = { system: 'system prompt', tools: 'tools', memory: 'core memory' } as const;

/** Why the fixed part of a prompt leaves too little room, with the numbers and the cures; `null` when it does not. */
export function floorProblem({
  context,
  budget,
}: {
  readonly context: PreparedCompaction['bare'];
  readonly budget: Budget;
}): AppError | null {
  if (context.floor <= budget.floor_limit) return null;
  const parts = Object.fromEntries(context.parts.map(({ kind, tokens }) => [kind, tokens]));
  const told = Object.entries(PARTS)
    .map(([kind, name]) => `${name} ${formatCount(parts[kind] ?? 0)}`)
    .join(', ');
  return new AppError(
    'model_overflow',
    `The fixed part of the prompt takes about ${formatCount(context.floor)} tokens (${told}) and leaves too little ` +
      `room in the window of ${formatCount(budget.window)}: it may take ${formatCount(budget.floor_limit)}. Shorten ` +
      'the system prompt or the memory blocks, detach tools, or choose a model with a larger window. Nothing was lost.',
    {
      details: {
        reason: 'floor',
        window: budget.window,
        floor: context.floor,
        floor_limit: budget.floor_limit,
        parts,
        fixes: ['shorten_system', 'shorten_memory', 'detach_tools', 'larger_window'],
      },
    },
  );
}

/**
 * Why a request does not fit whatever goes, with the numbers and the cures: memory that has grown since the talk was
 * shown it, the message itself, or what the tools of its turn were asked and answered.
 */
export function roomProblem({ plan, planned, bare }: PreparedCompaction): AppError {
  const { budget } = planned;
  const floor = floorProblem({ context: bare, budget });
  if (floor !== null) return floor;
  const open = tokensOfItems(plan.kept);
  const said = tokensOfItems(plan.kept.filter(speaks));
  const room = Math.max(0, budget.most - (plan.tokens_after - open));
  const space =
    `beside the rest of the prompt there is room for ${formatCount(room)} in the window of ` +
    `${formatCount(budget.window)}. `;
  const message =
    said > room
      ? `This message takes about ${formatCount(said)} tokens; ${space}Send it in parts, or choose a model with a ` +
        'larger window. Nothing was lost.'
      : `This turn takes about ${formatCount(open)} tokens, of which ${formatCount(open - said)} are calls of tools and ` +
        `their results; ${space}Ask for less at once in a new message, or choose a model with a larger window and ` +
        'resume. What the tools did is kept.';
  const details = { reason: said > room ? 'message' : 'turn', window: budget.window, floor: bare.floor };
  return new AppError('model_overflow', message, { details: { ...details, turn: open, said, room } });
}

/** What a compaction does, for a person. */
export function effectOf(
  { plan, tokens_before }: Pick<PreparedCompaction, 'plan' | 'tokens_before'>,
  tokens_after?: number,
): CompactionEffect {
  const gone = [...plan.evicted, ...plan.inner];
  const seqs = gone.flatMap((item) => (item.kind === 'message' ? [item.message.seq] : []));
  return {
    messages: seqs.length,
    from_seq: seqs.length === 0 ? null : Math.min(...seqs),
    to_seq: seqs.length === 0 ? null : Math.max(...seqs),
    message_tokens: tokensOfItems(gone.filter((item) => item.kind === 'message')),
    summary_tokens: gone.length === 0 ? 0 : plan.summary_tokens,
    shortened_results: plan.shortened.length,
    tokens_before,
    tokens_after: tokens_after ?? plan.tokens_after,
  };
}
