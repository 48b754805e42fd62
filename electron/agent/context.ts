import type { ContextPart } from '../../shared/contract/agents.ts';
import { AppError } from '../../shared/errors.ts';
import type { ModelRequest, ToolSchema } from '../models/model.ts';
import { formatCount } from '../memory/text.ts';
import { countTokens } from '../models/tokens.ts';
import type { AgentRecord } from '../store/agents.ts';
import type { WindowItem } from '../store/window.ts';
import type { MemorySnapshot } from './memory-view.ts';
import { pairMessages, type Repair, type Shown, type Wording } from './pairing.ts';
import { renderMetadata } from './prompts/memory.ts';

/** All a request is made of. Equal inputs give equal bytes. */
export type ContextInput = {
  readonly agent: AgentRecord;
  readonly conversation_id: string;
  /** Name of the model at its provider. */
  readonly model: string;
  readonly snapshot: MemorySnapshot;
  readonly entries: readonly WindowItem[];
  readonly tools: readonly ToolSchema[];
  readonly wording: Wording;
  /** Tokens. */
  readonly window: number;
};

/** A request and what it is made of. */
export type Context = {
  readonly request: ModelRequest;
  readonly parts: readonly ContextPart[];
  /** Estimated tokens of the whole request. */
  readonly used: number;
  readonly repairs: readonly Repair[];
  /** Entries that no longer fit and leave the window; the history keeps their messages. */
  readonly evicted: readonly number[];
  /** `model_overflow` with the numbers when what can't be dropped does not fit: the request must not be sent. */
  readonly overflow: AppError | null;
};

// Leaving room for the answer; and when the window is full, so much goes that the prefix is stable for many turns.
const FULL_SHARE = 0.85;
const REFILL_SHARE = 0.55;
const TOKENS_PER_MESSAGE = 20;
const CORE_MEMORY = '{CORE_MEMORY}';

/**
 * Compiles a request. Pure: no clock, no store. Mends what a provider would refuse and says so in `repairs`; drops the
 * oldest whole turns when the window is full.
 */
export function compileContext(input: ContextInput): Context {
  const fixed = fixedParts(input, false);
  const fixed_tokens = sumTokens(fixed);
  const { kept, evicted, overflow } = fitWindow(input, fixed_tokens);
  const has_older = evicted.length > 0 || startsLate(kept);
  const parts = has_older ? fixedParts(input, true) : fixed;
  const { messages, repairs } = pairMessages(shownOf(kept), input.wording);
  const missing = kept.flatMap((item): Repair[] =>
    item.kind === 'missing' ? [{ kind: 'missing_message', ref: item.ref }] : [],
  );
  // A provider refuses, or takes as a prefill, a request that ends with the assistant: a resumed run would.
  const tail = messages.at(-1)?.role === 'assistant' ? [CONTINUE] : [];
  const talk = [...messages, ...tail];
  const all = [...parts, ...talkParts(kept, talk.map((message) => message.content ?? '').join('\n\n'))];
  return {
    request: {
      model: input.model,
      messages: [{ role: 'system', content: systemText(input, has_older) }, ...talk],
      tools: input.tools,
      tool_choice: 'auto',
      parallel_tool_calls: input.agent.model_settings.parallel_tool_calls,
      temperature: input.agent.model_settings.temperature,
      max_output_tokens: input.agent.model_settings.max_output_tokens,
      thinking_budget: input.agent.model_settings.thinking_budget ?? null,
    },
    parts: all,
    used: sumTokens(all),
    repairs: [...missing, ...repairs],
    evicted,
    overflow,
  };
}

const CONTINUE = {
  role: 'user',
  content: '<system_note>\nGo on from where you stopped.\n</system_note>',
} as const;

function systemText(input: ContextInput, has_older: boolean): string {
  const { before, memory, after } = systemPieces(input);
  return `${before}${memory}${after}\n\n${metadataOf(input, has_older)}`;
}

// Joined by position, never by String.replace: memory may hold `$&` and the like.
function systemPieces({ agent, snapshot }: ContextInput): { before: string; memory: string; after: string } {
  const at = agent.system.indexOf(CORE_MEMORY);
  const memory = snapshot.text;
  if (at !== -1) {
    return { before: agent.system.slice(0, at), memory, after: agent.system.slice(at + CORE_MEMORY.length) };
  }
  return { before: memory === '' ? agent.system : `${agent.system}\n\n`, memory, after: '' };
}

function metadataOf(input: ContextInput, has_older: boolean): string {
  return renderMetadata({
    agent_id: input.agent.id,
    conversation_id: input.conversation_id,
    timezone: input.agent.timezone,
    taken_at: input.snapshot.taken_at,
    has_older,
  });
}

function fixedParts(input: ContextInput, has_older: boolean): ContextPart[] {
  const { before, memory, after } = systemPieces(input);
  return [
    part('system', `${before}${after}`.trimEnd()),
    part('tools', input.tools.length === 0 ? '' : JSON.stringify(input.tools, null, 1)),
    part('memory', memory),
    part('index', metadataOf(input, has_older)),
  ];
}

function part(kind: ContextPart['kind'], text: string): ContextPart {
  return { kind, tokens: countTokens(text), text };
}

function talkParts(kept: readonly WindowItem[], text: string): ContextPart[] {
  const summaries = kept.filter((item) => item.kind === 'summary');
  const others = kept.filter((item) => item.kind !== 'summary');
  return [
    {
      kind: 'summary',
      tokens: sumOf(summaries),
      text: summaries.map((item) => (item.kind === 'summary' ? item.text : '')).join('\n\n'),
    },
    { kind: 'messages', tokens: sumOf(others), text },
  ];
}

function sumTokens(parts: readonly ContextPart[]): number {
  return parts.reduce((sum, { tokens }) => sum + tokens, 0);
}

function sumOf(items: readonly WindowItem[]): number {
  return items.reduce((sum, item) => sum + tokensOf(item), 0);
}

function tokensOf(item: WindowItem): number {
  if (item.kind === 'missing') return 0;
  return item.kind === 'message' ? item.message.token_count + TOKENS_PER_MESSAGE : countTokens(item.text);
}

type Fit = {
  readonly kept: readonly WindowItem[];
  readonly evicted: readonly number[];
  readonly overflow: AppError | null;
};

function fitWindow({ entries, window }: ContextInput, fixed: number): Fit {
  const turns = splitTurns(entries);
  const sizes = turns.map(sumOf);
  let total = sizes.reduce((sum, size) => sum + size, fixed);
  let first = 0;
  if (total > window * FULL_SHARE) {
    while (first < turns.length - 1 && total > window * REFILL_SHARE) {
      total -= sizes[first] ?? 0;
      first += 1;
    }
  }
  const kept = turns.slice(first).flat();
  const overflow = overflowOf({ window, fixed, newest_turn: total - fixed });
  // A request that is not sent takes nothing out of the window.
  const evicted =
    overflow === null ? turns.slice(0, first).flatMap((turn) => turn.map((item) => item.ord)) : [];
  return { kept, evicted, overflow };
}

/** A turn begins with what a person says; what comes before the first one is a turn of its own. */
function splitTurns(entries: readonly WindowItem[]): WindowItem[][] {
  const turns: WindowItem[][] = [];
  for (const item of entries) {
    const opens = item.kind === 'message' && (item.message.role === 'user' || item.message.role === 'system');
    const current = turns.at(-1);
    if (opens || current === undefined) turns.push([item]);
    else current.push(item);
  }
  return turns;
}

type Sizes = { readonly window: number; readonly fixed: number; readonly newest_turn: number };

function overflowOf(sizes: Sizes): AppError | null {
  const { window, fixed, newest_turn } = sizes;
  const is_fixed = fixed > window * FULL_SHARE;
  if (!is_fixed && fixed + newest_turn <= window) return null;
  const what = is_fixed
    ? `The fixed part of the prompt (system prompt, tools, memory) takes about ${formatCount(fixed)} tokens and ` +
      `leaves no room in the window of ${formatCount(window)}. Shorten the system prompt or the memory blocks, detach ` +
      'tools, or choose a model with a larger window.'
    : `This message takes about ${formatCount(newest_turn)} tokens; beside the fixed part of the prompt there is room ` +
      `for ${formatCount(window - fixed)} in the window of ${formatCount(window)}. Send it in parts, or choose a model ` +
      'with a larger window.';
  return new AppError('model_overflow', `${what} Nothing was lost.`, { details: sizes });
}

function startsLate(kept: readonly WindowItem[]): boolean {
  const first = kept.find((item) => item.kind === 'message');
  return first !== undefined && first.message.seq > 1;
}

function shownOf(kept: readonly WindowItem[]): Shown[] {
  return kept.flatMap((item): Shown[] => {
    if (item.kind === 'missing') return [];
    if (item.kind === 'message') return [{ kind: 'message', message: item.message }];
    const text =
      item.kind === 'summary' ? `<conversation_summary>\n${item.text}\n</conversation_summary>` : item.text;
    return [{ kind: 'note', text }];
  });
}
