import type { AppError } from '../../../shared/errors.ts';
import { planRequest, type Plan, type PlanInput, windowOf } from '../plan.ts';
import type { JournalDeps } from '../journal-record.ts';
import { compactWindow } from './compact.ts';
import {
  changesWindow,
  type Fit,
  judgeFit,
  type PreparedCompaction,
  prepareCompaction,
  effectOf,
} from './fit.ts';

/** Sees to it, over one run, that its requests fit. */
export type Room = {
  /** Tokens the server was found to hold in this run; `null` when it did not complain. */
  readonly held: () => number | null;
  readonly judge: (input: PlanInput, planned: Plan) => Fit;
  /** Compacts before the step of a number. A model is asked for a summary once in a run at most. */
  readonly make: (input: PlanInput, prepared: PreparedCompaction, step_ord: number) => Promise<void>;
  /**
   * Compacts to less, after the server refused a request for its length. Throws the refusal again when nothing can be
   * taken away.
   */
  readonly makeMore: (input: PlanInput, refusal: AppError, step_ord: number) => Promise<void>;
};

/** Makes the room keeper of a run. */
export function createRoom(deps: JournalDeps): Room {
  let has_compacted = false;
  let held: number | null = null;
  const make = async (
    input: PlanInput,
    prepared: PreparedCompaction,
    how: { readonly step_ord: number; readonly trigger: 'window_full' | 'provider_overflow' },
  ): Promise<void> => {
    const { id: run_id, conversation_id } = deps.run;
    const may_ask = !has_compacted;
    has_compacted = true;
    deps.onRoom(true);
    try {
      deps.emit({
        type: 'run.compacting',
        run_id,
        conversation_id,
        trigger: how.trigger,
        window: prepared.planned.budget.window,
        effect: effectOf(prepared),
      });
      await compactWindow(deps, {
        input,
        prepared,
        settings: input.agent.compaction,
        trigger: how.trigger,
        may_ask,
        run_id,
        step_ord: how.step_ord,
        signal: deps.signal,
        onWaiting: ({ wait_ms, reason }) =>
          deps.emit({ type: 'run.waiting', run_id, conversation_id, wait_ms, reason }),
      });
    } finally {
      deps.onRoom(false);
    }
  };
  return {
    held: () => held,
    judge: (input, planned) => judgeFit(input, planned, has_compacted),
    make: (input, prepared, step_ord) => make(input, prepared, { step_ord, trigger: 'window_full' }),
    makeMore: async (input, refusal, step_ord) => {
      const { context } = await planRequest(deps.database.read, input);
      held = heldBy(refusal, context.used, windowOf(input.agent, input.model));
      await rememberLimit(deps, refusal, { held, floor: context.floor });
      const tighter = { ...input, held };
      const planned = await planRequest(deps.database.read, tighter);
      const prepared = prepareCompaction(tighter, planned, input.agent.compaction);
      const fits = prepared.plan.tokens_after <= planned.budget.most;
      if (!fits || !changesWindow(prepared.plan)) throw refusal;
      await make(tighter, prepared, { step_ord, trigger: 'provider_overflow' });
    },
  };
}

// Below this a number in a refusal is not the size of a window.
const SMALLEST_WINDOW = 1024;

/** What a server holds, in tokens as we count them, by what it said and by the request it refused. */
function heldBy(refusal: AppError, sent: number, window: number): number {
  const limit = numberOf(refusal.details?.['limit_tokens']);
  const used = numberOf(refusal.details?.['used_tokens']);
  const known = Math.floor(sent * 0.9);
  if (limit === null || limit < SMALLEST_WINDOW) return Math.min(window, Math.floor(sent * 0.75));
  const ratio = used === null || used < limit ? 1 : Math.min(1, sent / used);
  return Math.min(window, known, Math.floor(limit * ratio));
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

async function rememberLimit(
  deps: JournalDeps,
  refusal: AppError,
  { held, floor }: { readonly held: number; readonly floor: number },
): Promise<void> {
  const limit = numberOf(refusal.details?.['limit_tokens']);
  // A limit that leaves no room for the agent at all would lock it out on one server's word.
  if (limit === null || limit >= deps.model.context_window || floor > held * 0.6) return;
  await deps.models.rememberLimit(deps.model.handle, limit);
}
