import type { Compaction } from '../../../shared/contract/agents.ts';
import type { CompactionEffect } from '../../../shared/contract/context.ts';
import type { Summary, SummaryStats } from '../../../shared/contract/summaries.ts';
import type { MemoirEvent } from '../../../shared/events.ts';
import type { ModelEvent, ModelRegistry } from '../../models/model.ts';
import { system_timers, type Timers } from '../../models/timers.ts';
import type { Clock } from '../../store/clock.ts';
import type { Database, Write } from '../../store/database.ts';
import { addUsageToRun } from '../../store/runs.ts';
import { insertClosedStep } from '../../store/steps.ts';
import { compileContext } from '../context.ts';
import { CONTINUE } from '../pairing.ts';
import { contextInput, planRequest, type PlanInput, windowOf } from '../plan.ts';
import { changesWindow, effectOf, type PreparedCompaction, prepareCompaction } from './fit.ts';
import { selfSummaryPrompt } from './prompt.ts';
import { type SummaryCall, writeSummary, type Writer, type WrittenSummary } from './summarise.ts';
import { shownSummary, swapWindow } from './swap.ts';

/** What compacting works with. */
export type CompactionDeps = {
  readonly database: Database;
  readonly models: ModelRegistry;
  readonly clock: Clock;
  /** Default: real time. */
  readonly timers?: Timers;
  readonly emit: (event: MemoirEvent) => void;
};

/** One compaction. */
export type CompactionWork = {
  readonly input: PlanInput;
  readonly prepared: PreparedCompaction;
  readonly settings: Compaction;
  readonly trigger: SummaryStats['trigger'];
  /** `false`: the summary is made from first and last words, at once. */
  readonly may_ask: boolean;
  /** The run it is part of, or the newest one of the talk; `null` when there was none. */
  readonly run_id: string | null;
  /** The number of the step it comes before. */
  readonly step_ord: number;
  readonly signal: AbortSignal;
  readonly onWaiting: (event: Extract<ModelEvent, { type: 'waiting' }>) => void;
};

/** What a compaction did. */
export type Compacted = { readonly summary: Summary | null; readonly effect: CompactionEffect };

/**
 * Makes a window smaller: has the summary written, then swaps it in with one transaction. When the window changed
 * meanwhile it is planned anew, without asking a model again; `null` when there is nothing left to do. Throws `cancelled`;
 * then nothing was changed.
 */
export async function compactWindow(deps: CompactionDeps, work: CompactionWork): Promise<Compacted | null> {
  let { prepared } = work;
  for (const may_ask of [work.may_ask, false, false]) {
    if (!changesWindow(prepared.plan) && prepared.plan.tokens_after >= prepared.tokens_before) return null;
    const written = await summaryOf(deps, { ...work, prepared, may_ask });
    const swapped = await deps.database.transaction(async (tx) => {
      const { input, settings, trigger, run_id } = work;
      const { mode } = settings;
      const done = await swapWindow(tx, {
        input,
        prepared,
        written,
        mode,
        trigger,
        run_id,
        clock: deps.clock,
      });
      if (done !== null) await keepCalls(tx, deps, work, written?.calls ?? []);
      return done;
    });
    if (swapped !== null) {
      const summary = swapped.summary === null ? null : shownSummary(swapped.summary);
      const { id: agent_id } = work.input.agent;
      const { conversation_id } = work.input;
      deps.emit({ type: 'window.changed', agent_id, conversation_id, summary });
      return { summary, effect: effectOf(prepared, swapped.tokens_after) };
    }
    const planned = await planRequest(deps.database.read, work.input);
    prepared = prepareCompaction(work.input, planned, work.settings);
  }
  return null;
}

async function summaryOf(deps: CompactionDeps, work: CompactionWork): Promise<WrittenSummary | null> {
  const { plan } = work.prepared;
  if (plan.evicted.length === 0) return null;
  const { writers, missing } = work.may_ask
    ? writersOf(deps, work)
    : { writers: [], missing: 'Made at once, without asking a model again in this turn.' };
  const { settings, signal, onWaiting } = work;
  const { evicted, summary_tokens: tokens } = plan;
  const timers = deps.timers ?? system_timers;
  return writeSummary({ evicted, tokens, settings, writers, missing, signal, timers, onWaiting });
}

/** Who writes: the agent's own model in its own context when so set, the one that is set, the agent's own. */
function writersOf(
  { models }: CompactionDeps,
  work: CompactionWork,
): { writers: Writer[]; missing: string | null } {
  const { input, settings } = work;
  const own: Writer = { model: input.model, window: work.prepared.planned.budget.window };
  if (settings.mode.startsWith('self_')) return { writers: [inOwnContext(work, own), own], missing: null };
  if (settings.model === null || settings.model === input.model.handle) {
    return { writers: [own], missing: null };
  }
  const { model, badge, message } = models.resolve(settings.model);
  if (model === null || badge === 'provider_missing') {
    return { writers: [own], missing: message ?? `${settings.model} is not available.` };
  }
  return {
    writers: [{ model, window: windowOf({ ...input.agent, context_window_limit: null }, model) }, own],
    missing: null,
  };
}

// The same first bytes as the requests before, so that the provider's cache of them is used.
function inOwnContext({ input, prepared, settings }: CompactionWork, own: Writer): Writer {
  const { plan, planned } = prepared;
  const { request } = compileContext(contextInput(input, planned.view.snapshot, plan.evicted));
  const prompt = selfSummaryPrompt(settings, plan.summary_tokens);
  const talk = request.messages.at(-1) === CONTINUE ? request.messages.slice(0, -1) : request.messages;
  const messages = [...talk, { role: 'user', content: prompt } as const];
  return { ...own, own_context: { prompt, request: { ...request, messages } } };
}

async function keepCalls(
  tx: Write,
  { clock }: CompactionDeps,
  { run_id, step_ord, input }: CompactionWork,
  calls: readonly SummaryCall[],
): Promise<void> {
  if (run_id === null) return;
  for (const call of calls) {
    await insertClosedStep(tx, {
      id: clock.newId('step'),
      run_id,
      agent_id: input.agent.id,
      ord: step_ord,
      kind: 'compaction',
      model: call.model,
      created_at: clock.now(),
      usage: call.usage,
      timings: { model_ms: call.took_ms },
      error: call.error === null ? null : { code: call.error.code, message: call.error.message },
      request: call.raw_request,
      response: call.raw_response,
    });
    await addUsageToRun(tx, run_id, call.usage);
  }
}
