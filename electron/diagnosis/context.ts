import type { ContextOverview, ContextPart } from '../../shared/contract/context.ts';
import { AppError } from '../../shared/errors.ts';
import { countTokens } from '../models/tokens.ts';
import { listBlocksOfAgent } from '../store/blocks.ts';
import type { RecentRun } from '../store/recent-work.ts';
import { type AgentLook, counted, factsOf, fine, type Finding, percent } from './look.ts';

const NEARLY_FULL_PERCENT = 85;
/** Core memory is in every request: from this share of the window on it leaves little for the talk. */
const LARGE_MEMORY_PERCENT = 30;

const PART_WORDS: Readonly<Record<ContextPart['kind'], string>> = {
  system: 'the system prompt',
  tools: 'the descriptions of the tools',
  memory: 'core memory',
  index: 'the notes about memory',
  summary: 'the summary of earlier talk',
  messages: 'the talk itself',
};

/** Row "Context window exceeded": what fills the window, whether the model said it is too much, and what to cut. */
export async function checkContext(look: AgentLook): Promise<Finding> {
  const overview = await overviewOf(look);
  const largest = await largestBlock(look);
  const failed = look.work.runs.find(({ error }) => error?.code === 'model_overflow');
  const seen = { ...measure(overview), largest, failed };
  return {
    ...judge(look, seen),
    facts: factsOfWindow(seen),
  };
}

type Tokens = Readonly<Record<ContextPart['kind'], number>>;

type Seen = {
  readonly window: number;
  readonly used: number;
  readonly tokens: Tokens;
  readonly part: ContextPart['kind'] | undefined;
  readonly largest: LargestBlock | null;
  /** The newest run that did not fit. */
  readonly failed: RecentRun | undefined;
};

function measure(overview: ContextOverview | null): Pick<Seen, 'window' | 'used' | 'tokens' | 'part'> {
  const parts = overview?.parts ?? [];
  const tokens: Record<ContextPart['kind'], number> = {
    system: 0,
    tools: 0,
    memory: 0,
    index: 0,
    summary: 0,
    messages: 0,
  };
  for (const part of parts) tokens[part.kind] += part.tokens;
  const [part] = parts.toSorted((one, other) => other.tokens - one.tokens);
  return { window: overview?.window ?? 0, used: overview?.used ?? 0, tokens, part: part?.kind };
}

function judge(look: AgentLook, seen: Seen): Omit<Finding, 'facts'> {
  const { window, used, tokens, failed } = seen;
  const remedy = remedyOf(seen);
  const [last] = look.work.runs.filter(({ state }) => state !== 'running');
  if (failed !== undefined && failed === last) {
    const cause = `The last answer failed. ${failed.error?.message ?? ''}`;
    return { ...remedy, state: 'trouble', reason: 'model_overflow', cause };
  }
  const { badge, message } = look.deps.models.resolve(look.agent.model);
  if (badge === 'prompt_cut') {
    const cause = message ?? 'The server cut the last prompt.';
    return { ...remedy, state: 'trouble', reason: 'prompt_cut', cause };
  }
  const told = `${used.toLocaleString('en-US')} of ${counted(window, 'token')} are in use (${percent(used, window)} %)`;
  if (percent(used, window) > NEARLY_FULL_PERCENT) {
    const cause = `${told}. The oldest turns leave the window by themselves; the history keeps them.`;
    return { ...remedy, state: 'attention', reason: 'nearly_full', cause };
  }
  if (percent(tokens.memory, window) >= LARGE_MEMORY_PERCENT) {
    const cause = `Core memory alone fills ${percent(tokens.memory, window)} % of the window, in every request.`;
    return { ...remedy, state: 'attention', reason: 'large_memory', cause };
  }
  if (failed !== undefined) {
    const cause = `${told}. An earlier answer did not fit; the newest one did.`;
    return { ...remedy, state: 'attention', reason: 'overflow_before', cause };
  }
  return fine(`${told}; core memory takes ${percent(tokens.memory, window)} %.`, []);
}

function factsOfWindow({ window, used, tokens, part, largest, failed }: Seen): Finding['facts'] {
  return factsOf({
    window_tokens: window,
    used_tokens: used,
    used_percent: percent(used, window),
    system_tokens: tokens.system,
    tools_tokens: tokens.tools,
    memory_tokens: tokens.memory,
    memory_percent: percent(tokens.memory, window),
    index_tokens: tokens.index,
    summary_tokens: tokens.summary,
    messages_tokens: tokens.messages,
    largest_part: part,
    largest_block: largest?.label,
    largest_block_tokens: largest?.tokens,
    last_error_at: failed?.finished_at ?? undefined,
  });
}

// An agent without a conversation has no window yet.
async function overviewOf({ deps, agent, work }: AgentLook): Promise<ContextOverview | null> {
  try {
    return await deps.runtime.windows.overview({
      agent_id: agent.id,
      conversation_id: work.runs[0]?.conversation_id,
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  }
}

type LargestBlock = { readonly id: string; readonly label: string; readonly tokens: number };

async function largestBlock({ deps, agent }: AgentLook): Promise<LargestBlock | null> {
  const blocks = await listBlocksOfAgent(deps.database.read, agent.id);
  const sized = blocks.map(({ id, label, value }) => ({ id, label, tokens: countTokens(value) }));
  return sized.toSorted((one, other) => other.tokens - one.tokens)[0] ?? null;
}

function remedyOf(seen: Seen): Pick<Finding, 'cure' | 'place' | 'item_id'> {
  const { window, tokens, part, largest } = seen;
  const is_memory = part === 'memory' || percent(tokens.memory, window) >= LARGE_MEMORY_PERCENT;
  if (is_memory && largest !== null) {
    const cure = `Shorten core memory, first the block ${largest.label} (${counted(largest.tokens, 'token')}), or choose a model with a larger window.`;
    return { cure, place: 'memory', item_id: largest.id };
  }
  const words = part === undefined ? 'the talk' : PART_WORDS[part];
  const cure = `The largest part is ${words}. Choose a model with a larger window, raise the limit of the agent if it has one, or begin a new conversation.`;
  return { cure, place: 'model_settings' };
}
