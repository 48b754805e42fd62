import type { Compaction } from '../../shared/contract/agents.ts';
import type { CompactionEffect, ContextOverview, RequestComparison } from '../../shared/contract/context.ts';
import type { OutputOf, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { readConversation } from '../store/conversations.ts';
import { readLastRun } from '../store/runs.ts';
import { readSummary } from '../store/summaries.ts';
import { type Compacted, compactWindow } from './compaction/compact.ts';
import { changesWindow, effectOf, type PreparedCompaction, prepareCompaction } from './compaction/fit.ts';
import { expandSummary } from './compaction/put-back.ts';
import { nextRequestOf, simulate } from './forecast.ts';
import { compareRequest } from './compare-request.ts';
import { createCompactions } from './compactions.ts';
import { overviewOf } from './overview.ts';
import { type PlanInput, planRequest } from './plan.ts';
import type { RuntimeDeps } from './runtime-deps.ts';
import { mergeCompaction, type Place, planInputOf } from './window-place.ts';

/** Looks at the windows of conversations and changes them on demand, beside the runs. */
export type WindowDesk = {
  /** Says what fills a window before its next request. Throws `not_found`, `model_missing`. */
  readonly overview: (place: Place) => Promise<ContextOverview>;
  /** Gives the exact body of the next request. Throws `not_found`, `model_missing`. */
  readonly nextRequest: (
    place: Place & { text?: string | undefined },
  ) => Promise<OutputOf<'agents.next_request'>>;
  /** Says what the next request shares with the last one. Throws `not_found`, `model_missing`. */
  readonly compare: (asked: ParsedInputOf<'agents.compare_request'>) => Promise<RequestComparison>;
  /** Says how a talk would fare otherwise. Throws `not_found`, `model_missing`. */
  readonly simulate: (asked: ParsedInputOf<'agents.simulate'>) => Promise<OutputOf<'agents.simulate'>>;
  /**
   * Compacts now. Throws `conflict` when nothing would get smaller or it is under way already, `cancelled` when it is
   * stopped or Memoir closes meanwhile.
   */
  readonly compact: (asked: CompactRequest) => Promise<Compacted>;
  /** Whether a compaction of a conversation that was asked for is under way. */
  readonly isCompacting: (conversation_id: string) => boolean;
  /** Stops the compaction of a conversation that was asked for; `false` when there is none. */
  readonly cancel: (conversation_id: string) => boolean;
  /** What `compact` would do; `null` when nothing would get smaller. */
  readonly preview: (asked: CompactRequest) => Promise<CompactionEffect | null>;
  /** Puts the messages of a summary back. Throws `not_found`, `conflict`, `limit_exceeded`. */
  readonly expand: (asked: ExpandRequest) => Promise<OutputOf<'summaries.expand'>>;
  /** Stops compactions that are under way, nothing of which is kept, and waits for them. */
  readonly close: () => Promise<void>;
};

type CompactRequest = ParsedInputOf<'conversations.compact'>;
type ExpandRequest = ParsedInputOf<'summaries.expand'>;

/** Makes the desk. */
export function createWindowDesk(deps: RuntimeDeps): WindowDesk {
  const compactions = createCompactions();
  return {
    overview: (place) => overviewOf(deps, place, compactions.has),
    compare: (asked) => compareRequest(deps, asked),
    nextRequest: (place) => nextRequestOf(deps, place),
    simulate: (asked) => simulate(deps, asked),
    compact: (asked) => {
      let tellEnd = (): void => undefined;
      const onBegin = (tell: () => void): void => {
        tellEnd = tell;
      };
      const work = (signal: AbortSignal): Promise<Compacted> => compactNow(deps, asked, { signal, onBegin });
      return compactions.start(asked.conversation_id, work, () => tellEnd());
    },
    isCompacting: compactions.has,
    cancel: (conversation_id) => compactions.cancel(conversation_id),
    preview: async (asked) => {
      const { prepared } = await prepare(deps, asked);
      return shrinks(prepared) ? effectOf(prepared) : null;
    },
    expand: (asked) => expand(deps, asked),
    close: () => compactions.close(),
  };
}

type Watch = {
  readonly signal: AbortSignal;
  /** Hears that it begins, and gets what tells that it is over. */
  readonly onBegin: (tellEnd: () => void) => void;
};

async function compactNow(
  deps: RuntimeDeps,
  asked: CompactRequest,
  { signal, onBegin }: Watch,
): Promise<Compacted> {
  const { input, prepared, settings } = await prepare(deps, asked);
  if (!shrinks(prepared)) throw nothingToDo(prepared.tokens_before);
  const { id: agent_id } = input.agent;
  const { conversation_id } = input;
  const tell = (effect: CompactionEffect | null): void =>
    deps.emit({ type: 'conversation.compacting', agent_id, conversation_id, effect });
  tell(effectOf(prepared));
  onBegin(() => tell(null));
  return carryOut(deps, { input, prepared, settings }, signal);
}

async function carryOut(
  deps: RuntimeDeps,
  { input, prepared, settings }: Prepared,
  signal: AbortSignal,
): Promise<Compacted> {
  const run = await readLastRun(deps.database.read, input.conversation_id);
  const done = await compactWindow(deps, {
    input,
    prepared,
    settings,
    trigger: 'manual',
    may_ask: true,
    run_id: run?.id ?? null,
    step_ord: run?.step_count ?? 0,
    signal,
    onWaiting: () => undefined,
  });
  if (done === null) throw nothingToDo(prepared.tokens_before);
  return done;
}

function nothingToDo(tokens: number): AppError {
  return new AppError(
    'conflict',
    'There is nothing here that a summary could make smaller. Nothing was changed.',
    {
      details: { tokens },
    },
  );
}

function shrinks(prepared: PreparedCompaction): boolean {
  return changesWindow(prepared.plan) && prepared.plan.tokens_after < prepared.tokens_before;
}

type Prepared = {
  readonly input: PlanInput;
  readonly prepared: PreparedCompaction;
  readonly settings: Compaction;
};

async function prepare(
  deps: RuntimeDeps,
  { conversation_id, mode, settings: given }: CompactRequest,
): Promise<Prepared> {
  const db = deps.database.read;
  const { agent_id } = await readConversation(db, conversation_id);
  const input = await planInputOf(deps, { agent_id, conversation_id });
  const settings = mergeCompaction(input.agent.compaction, {
    ...given,
    ...(mode === undefined ? {} : { mode }),
  });
  const planned = await planRequest(db, input);
  return { input, settings, prepared: prepareCompaction(input, planned, settings) };
}

async function expand(deps: RuntimeDeps, asked: ExpandRequest): Promise<OutputOf<'summaries.expand'>> {
  const summary = await readSummary(deps.database.read, asked.summary_id);
  const { conversation_id = summary.conversation_id } = asked;
  const { agent_id } = await readConversation(deps.database.read, conversation_id);
  const input = await planInputOf(deps, { agent_id, conversation_id });
  const done = await deps.database.transaction((tx) => expandSummary(tx, input, summary));
  deps.emit({ type: 'window.changed', agent_id, conversation_id, summary: null });
  return done;
}
