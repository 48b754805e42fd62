import type { ContextPart, RequestComparison } from '../../shared/contract/context.ts';
import type { ChatMessage, ModelRequest } from '../models/model.ts';
import { findMemory } from './prompts/memory.ts';
import { isSummary, wordsOfSummaries, wordsOfTalk } from './talk-words.ts';

type Kind = ContextPart['kind'];
type Piece = { readonly kind: Kind; readonly text: string };
type Asked = Pick<ModelRequest, 'messages' | 'tools'>;

/** What of a request is the same as in the one before, and how its parts read there. */
export type KeptPrefix = Pick<RequestComparison, 'kept_bytes' | 'bytes' | 'parts'>;

/**
 * Compares a request with the one before it as the caches of providers do: tools, then the prompt, then the talk, up to
 * the first difference. `parts` are those of the new one. Pure.
 */
export function keptPrefix(
  next: Asked,
  last: Asked | null,
  parts: readonly Pick<ContextPart, 'kind' | 'tokens'>[],
): KeptPrefix {
  const fresh = piecesOf(next);
  const known = last === null ? [] : piecesOf(last);
  const kept = new Map<Kind, number>();
  const whole = new Map<Kind, number>();
  let differs: Kind | null = null;
  for (const [at, piece] of fresh.entries()) {
    const size = Buffer.byteLength(piece.text);
    whole.set(piece.kind, (whole.get(piece.kind) ?? 0) + size);
    if (differs !== null) continue;
    const same = sameBytes(piece.text, known[at]?.text ?? '');
    kept.set(piece.kind, (kept.get(piece.kind) ?? 0) + same);
    if (known[at]?.text !== piece.text) differs = piece.kind;
  }
  const has_grown = differs === 'messages' && known.every((piece, at) => piece.text === fresh[at]?.text);
  return {
    kept_bytes: sum(kept),
    bytes: sum(whole),
    parts: parts.map(({ kind, tokens }) => {
      const [same, all] = [kept.get(kind) ?? 0, whole.get(kind) ?? 0];
      const kept_tokens = all === 0 ? 0 : Math.round((tokens * same) / all);
      if (kind === differs) return { kind, kept_tokens, state: has_grown ? 'grown' : 'changed' };
      return { kind, kept_tokens, state: same === all ? 'kept' : 'after_change' };
    }),
  };
}

/** How a part reads in a request. */
export function partOf({ messages, tools }: Asked, kind: Kind): string {
  if (kind === 'tools') return tools.length === 0 ? '' : JSON.stringify(tools, null, 1);
  if (kind === 'summary') return wordsOfSummaries(messages);
  if (kind === 'messages') return wordsOfTalk(messages);
  const prompt = promptOf(messages);
  const { memory, metadata } = findMemory(prompt);
  if (kind === 'memory') return prompt.slice(memory.from, memory.to);
  if (kind === 'index') return prompt.slice(metadata.from, metadata.to);
  return `${prompt.slice(0, memory.from)}${prompt.slice(memory.to, metadata.from)}`.trimEnd();
}

function promptOf(messages: readonly ChatMessage[]): string {
  const first = messages[0];
  return first?.role === 'system' ? first.content : '';
}

function piecesOf({ messages, tools }: Asked): Piece[] {
  const prompt = promptOf(messages);
  const { memory, metadata } = findMemory(prompt);
  // Blank lines after the memory are nothing that anybody wrote: they do not make the instructions other ones.
  const between = prompt.slice(memory.to, metadata.from);
  const isBlank = between.trim() === '';
  return [
    { kind: 'tools', text: JSON.stringify(tools) },
    { kind: 'system', text: prompt.slice(0, memory.from) },
    { kind: 'memory', text: prompt.slice(memory.from, isBlank ? metadata.from : memory.to) },
    { kind: 'system', text: isBlank ? '' : between },
    { kind: 'index', text: prompt.slice(metadata.from) },
    ...messages
      .filter(({ role }) => role !== 'system')
      .map((message): Piece => ({
        kind: isSummary(message) ? 'summary' : 'messages',
        text: JSON.stringify(message),
      })),
  ];
}

/** Bytes from the beginning that two texts share. */
function sameBytes(one: string, other: string): number {
  if (one === other) return Buffer.byteLength(one);
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  const most = Math.min(left.length, right.length);
  let at = 0;
  while (at < most && left[at] === right[at]) at += 1;
  return at;
}

function sum(sizes: ReadonlyMap<Kind, number>): number {
  return [...sizes.values()].reduce((total, size) => total + size, 0);
}
