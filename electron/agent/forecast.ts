import type { OutputOf, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { countTokens } from '../models/tokens.ts';
import type { WindowItem } from '../store/window.ts';
import { effectOf, type Fit, judgeFit } from './compaction/fit.ts';
import { moreHistory } from './compaction/put-back.ts';
import { compileContext } from './context.ts';
import { problemOf } from './overview.ts';
import { contextInput, type Plan, type PlanInput, planRequest } from './plan.ts';
import type { RuntimeDeps } from './runtime-deps.ts';
import { mergeCompaction, type Place, planInputOf } from './window-place.ts';

/** Gives the exact body of the next request, as it would go out when a person says `text`. Changes nothing. */
export async function nextRequestOf(
  deps: RuntimeDeps,
  place: Place & { readonly text?: string | undefined },
): Promise<OutputOf<'agents.next_request'>> {
  const input = await planInputOf(deps, place);
  const planned = withWords(input, await planRequest(deps.database.read, input), place.text);
  const fit = judgeFit(input, planned, false);
  return {
    model: input.model.handle,
    body: input.model.bodyOf(planned.context.request),
    tokens: planned.context.used,
    window: planned.budget.window,
    compaction: fit.kind === 'compact' ? effectOf(fit.prepared) : null,
    problem: fit.kind === 'refuse' ? fit.error.message : null,
  };
}

function withWords(input: PlanInput, planned: Plan, text: string | undefined): Plan {
  if (text === undefined || text === '') return planned;
  const last = planned.entries.at(-1);
  const said: WindowItem = {
    ord: (last?.ord ?? 0) + 1,
    kind: 'message',
    short: null,
    message: {
      id: 'message-next',
      seq:
        1 + Math.max(0, ...planned.entries.map((item) => (item.kind === 'message' ? item.message.seq : 0))),
      role: 'user',
      name: null,
      content: [{ type: 'text', text }],
      text,
      tool_calls: [],
      tool_call_id: null,
      tool_status: null,
      status: 'complete',
      token_count: countTokens(text),
      created_at: input.now,
      timezone: input.agent.timezone,
    },
  };
  // News of memory is told behind the words that it comes with.
  const at = planned.entries.length - (planned.view.delta === null ? 0 : 1);
  const entries = planned.entries.toSpliced(at, 0, said);
  return {
    ...planned,
    entries,
    context: compileContext(contextInput(input, planned.view.snapshot, entries)),
  };
}

/** Says how a conversation would fare with another model, window or way of compacting. Changes nothing. */
export async function simulate(
  deps: RuntimeDeps,
  asked: ParsedInputOf<'agents.simulate'>,
): Promise<OutputOf<'agents.simulate'>> {
  const input = await planInputOf(deps, asked, (agent) => ({
    ...agent,
    model: asked.model ?? agent.model,
    context_window_limit:
      asked.context_window_limit === undefined ? agent.context_window_limit : asked.context_window_limit,
    compaction: mergeCompaction(agent.compaction, asked.compaction),
  }));
  const { badge, message } = deps.models.resolve(input.agent.model);
  if (asked.model !== undefined && badge === 'provider_missing') {
    throw new AppError('model_missing', message ?? `There is no model ${asked.model}.`, {
      details: { model: asked.model },
    });
  }
  const planned = await planRequest(deps.database.read, input);
  const fit = judgeFit(input, planned, false);
  const fuller = fit.kind === 'send' ? await moreHistory(deps.database.read, input) : null;
  return {
    model: input.model.handle,
    window: planned.budget.window,
    used: planned.context.used,
    parts: planned.context.parts.map(({ kind, tokens }) => ({ kind, tokens })),
    verdict: verdictOf(fit, fuller !== null),
    compaction: fit.kind === 'compact' ? effectOf(fit.prepared) : null,
    puts_back: fuller?.messages ?? 0,
    problem: problemOf(input, planned),
    warning: message,
  };
}

function verdictOf(fit: Fit, puts_back: boolean): OutputOf<'agents.simulate'>['verdict'] {
  if (fit.kind === 'refuse') return fit.error.details?.['reason'] === 'floor' ? 'floor' : 'too_large';
  if (fit.kind === 'compact') return 'compacts';
  return puts_back ? 'puts_back' : 'fits';
}
