import type { RecentStep } from '../store/recent-work.ts';
import { type AgentLook, counted, factsOf, fine, type Finding, median, type RecentWork } from './look.ts';

/** From here on a step feels slow, and from there on broken. */
const SLOW_MS = 10_000;
const VERY_SLOW_MS = 30_000;
/** Words come slower than people read. */
const FEW_TOKENS_PER_SECOND = 10;
/** Searches in one turn beyond which they are worth saving. */
const MANY_SEARCHES = 3;
const LARGE_PROMPT_TOKENS = 16_000;
const SEARCHES: ReadonlySet<string> = new Set(['archival_memory_search', 'conversation_search']);

/** Row "Slow response times": where the time of the last steps went, with the numbers it is judged by. */
export function checkSpeed(look: AgentLook): Finding {
  const times = timesOf(look.work);
  const waiting_ms = waitingOf(look);
  const facts = factsOf({
    model: times.model,
    steps: times.steps,
    step_median_ms: times.step_ms,
    step_slowest_ms: times.slowest_ms,
    model_median_ms: times.model_ms,
    tools_median_ms: times.tools_ms,
    own_median_ms: times.own_ms,
    tokens_per_second: times.tokens_per_second ?? undefined,
    prompt_median_tokens: times.prompt_tokens,
    searches_per_turn: times.searches_per_turn,
    waiting_ms: waiting_ms ?? undefined,
  });
  if (waiting_ms !== null && waiting_ms >= SLOW_MS) {
    return {
      state: waiting_ms >= VERY_SLOW_MS ? 'trouble' : 'attention',
      reason: 'waiting',
      cause: `An answer is being waited for since ${seconds(waiting_ms)}.`,
      cure: 'Wait, or stop the answer and choose a faster model.',
      facts,
      place: 'model_settings',
    };
  }
  if (times.steps === 0) return fine('No step was taken yet, so nothing was measured.', facts);
  const told = toldOf(times);
  if (times.step_ms < SLOW_MS) return fine(told, facts);
  return {
    state: times.step_ms >= VERY_SLOW_MS ? 'trouble' : 'attention',
    ...blame(times),
    cause: told,
    facts,
  };
}

type Times = {
  readonly model: string | undefined;
  readonly steps: number;
  readonly step_ms: number;
  readonly slowest_ms: number;
  readonly model_ms: number;
  readonly tools_ms: number;
  readonly own_ms: number;
  /** `null` when no model said how much it wrote. */
  readonly tokens_per_second: number | null;
  readonly prompt_tokens: number;
  readonly searches_per_turn: number;
};

function timesOf({ steps, calls }: RecentWork): Times {
  const done = steps.filter((step) => step.model_ms !== null && step.closed_at !== null);
  const tools_ms = new Map<string, number>();
  for (const { step_id, started_at, finished_at } of calls) {
    tools_ms.set(step_id, (tools_ms.get(step_id) ?? 0) + between(started_at, finished_at));
  }
  const splits = done.map((step) => {
    const model = step.model_ms ?? 0;
    const tools = tools_ms.get(step.id) ?? 0;
    // Two clocks are in this: the journal's times are of the day, the model's were measured.
    const own = Math.max(0, between(step.created_at, step.closed_at) - model - tools);
    return { model, tools, own, whole: model + tools + own };
  });
  const turns = new Set(done.map(({ run_id }) => run_id));
  const searches = calls.filter(({ name, run_id }) => SEARCHES.has(name) && turns.has(run_id)).length;
  return {
    model: done[0]?.model,
    steps: done.length,
    step_ms: median(splits.map(({ whole }) => whole)),
    slowest_ms: Math.max(0, ...splits.map(({ whole }) => whole)),
    model_ms: median(splits.map(({ model }) => model)),
    tools_ms: median(splits.map(({ tools }) => tools)),
    own_ms: median(splits.map(({ own }) => own)),
    tokens_per_second: speedOf(done),
    prompt_tokens: median(done.map(({ usage }) => usage?.prompt_tokens ?? 0)),
    searches_per_turn: turns.size === 0 ? 0 : Math.round((searches / turns.size) * 10) / 10,
  };
}

function speedOf(steps: readonly RecentStep[]): number | null {
  const written = steps.filter(({ usage }) => (usage?.completion_tokens ?? 0) > 0);
  const tokens = written.reduce((sum, { usage }) => sum + (usage?.completion_tokens ?? 0), 0);
  const ms = written.reduce((sum, { model_ms }) => sum + (model_ms ?? 0), 0);
  return ms === 0 ? null : Math.round((tokens / ms) * 10_000) / 10;
}

function blame(times: Times): Pick<Finding, 'reason' | 'cure' | 'place'> {
  const { model_ms, tools_ms, own_ms, searches_per_turn, prompt_tokens, tokens_per_second } = times;
  if (searches_per_turn > MANY_SEARCHES) {
    const cure = `Each turn searches ${searches_per_turn} times, and each search is a step of its own: put what is needed often into core memory.`;
    return { reason: 'many_searches', cure, place: 'memory' };
  }
  if (own_ms > model_ms && own_ms > tools_ms) {
    const cure = 'The time goes into saving: check that the data folder is on a fast disk of this computer.';
    return { reason: 'slow_store', cure, place: 'log' };
  }
  if (tools_ms > model_ms) {
    return { reason: 'slow_tools', cure: 'Detach tools that are not needed.', place: 'tool_settings' };
  }
  const slow = tokens_per_second !== null && tokens_per_second < FEW_TOKENS_PER_SECOND;
  if (!slow && prompt_tokens > LARGE_PROMPT_TOKENS) {
    const cure = `Each request holds ${counted(prompt_tokens, 'token')}: shorten core memory, or set a lower limit for the window.`;
    return { reason: 'large_prompt', cure, place: 'model_settings' };
  }
  return { reason: 'slow_model', cure: 'Choose a faster model.', place: 'model_settings' };
}

function toldOf(times: Times): string {
  const speed =
    times.tokens_per_second === null ? '' : ` It writes ${times.tokens_per_second} tokens a second.`;
  const split = `${seconds(times.model_ms)} of it for the model, ${seconds(times.tools_ms)} for tools, ${seconds(times.own_ms)} for Memoir itself`;
  return `Half of the last ${counted(times.steps, 'step')} took ${seconds(times.step_ms)} or more: ${split}.${speed}`;
}

/** How long the newest run has been waiting for an answer; `null` when none is going on. */
function waitingOf({ work, now }: AgentLook): number | null {
  const [run] = work.runs;
  if (run?.state !== 'running') return null;
  const step = work.steps.find(({ run_id }) => run_id === run.id);
  return step === undefined || step.model_ms !== null ? null : between(step.created_at, now);
}

function between(from: string | null, to: string | null): number {
  return from === null || to === null ? 0 : Math.max(0, Date.parse(to) - Date.parse(from));
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
