import type { ContextPart } from '../../shared/contract/context.ts';
import type { ChatMessage, ModelRequest, ToolSchema } from '../models/model.ts';
import { countTokens } from '../models/tokens.ts';
import type { AgentRecord } from '../store/agents.ts';
import type { WindowItem } from '../store/window.ts';
import type { MemorySnapshot } from './memory-view.ts';
import { CONTINUE, pairMessages, type Repair, type Shown, type Wording } from './pairing.ts';
import { renderMetadata } from './prompts/memory.ts';
import { tagSummary, wordsOfSummaries, wordsOfTalk } from './talk-words.ts';
import { shownMessage, tokensOfItems } from './window-size.ts';

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
};

/** A request and what it is made of. */
export type Context = {
  readonly request: ModelRequest;
  readonly parts: readonly ContextPart[];
  /** Estimated tokens of system prompt, tools and memory, which no compaction takes away. */
  readonly floor: number;
  /** Estimated tokens of the whole request. */
  readonly used: number;
  readonly repairs: readonly Repair[];
};

const CORE_MEMORY = '{CORE_MEMORY}';

/**
 * Compiles a request. Pure: no clock, no store. Mends what a provider would refuse and says so in `repairs`. Whether it
 * fits is not its business: a window that fills is compacted before.
 */
export function compileContext(input: ContextInput): Context {
  const { entries } = input;
  const has_older = startsLate(entries);
  const fixed = fixedParts(input, has_older);
  const { messages, repairs } = pairMessages(shownOf(entries), input.wording);
  const missing = entries.flatMap((item): Repair[] =>
    item.kind === 'missing' ? [{ kind: 'missing_message', ref: item.ref }] : [],
  );
  // A provider refuses, or takes as a prefill, a request that ends with the assistant: a resumed run would.
  const tail = messages.at(-1)?.role === 'assistant' ? [CONTINUE] : [];
  const talk = [...messages, ...tail];
  const parts = [...fixed, ...talkParts(entries, talk)];
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
    parts,
    floor: sumTokens(fixed),
    used: sumTokens(parts),
    repairs: [...missing, ...repairs],
  };
}

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

function talkParts(entries: readonly WindowItem[], talk: readonly ChatMessage[]): ContextPart[] {
  const summaries = entries.filter((item) => item.kind === 'summary');
  const others = entries.filter((item) => item.kind !== 'summary');
  return [
    lazyPart('summary', tokensOfItems(summaries), () => wordsOfSummaries(talk)),
    lazyPart('messages', tokensOfItems(others), () => wordsOfTalk(talk)),
  ];
}

// Each step plans a request; only who looks at one needs these words, which are nearly all of it.
function lazyPart(kind: ContextPart['kind'], tokens: number, words: () => string): ContextPart {
  return {
    kind,
    tokens,
    get text() {
      return words();
    },
  };
}

function sumTokens(parts: readonly ContextPart[]): number {
  return parts.reduce((sum, { tokens }) => sum + tokens, 0);
}

function startsLate(entries: readonly WindowItem[]): boolean {
  const first = entries.find((item) => item.kind === 'message');
  return entries.some((item) => item.kind === 'summary') || (first !== undefined && first.message.seq > 1);
}

function shownOf(entries: readonly WindowItem[]): Shown[] {
  return entries.flatMap((item): Shown[] => {
    if (item.kind === 'missing') return [];
    if (item.kind === 'message') return [{ kind: 'message', message: shownMessage(item) }];
    const text = item.kind === 'summary' ? tagSummary(item.text) : item.text;
    return [{ kind: 'note', text }];
  });
}
