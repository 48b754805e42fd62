import type { ContextOverview, ContextPart, RequestComparison } from '../../../shared/contract/context.ts';

/** A row of the table of parts. */
export type PartRow = {
  readonly kind: ContextPart['kind'];
  readonly tokens: number;
  /** Percent of all tokens that would be sent. */
  readonly share: number;
  /** Tokens more or less than in the last request; `null` before the first. */
  readonly change: number | null;
  /** What a cache makes of it; `null` before the first request. */
  readonly cache: RequestComparison['parts'][number]['state'] | null;
};

/** The parts in prompt order, without those that are empty and were so before. */
export function rowsOf(overview: ContextOverview, comparison: RequestComparison | null): readonly PartRow[] {
  const total = Math.max(1, overview.used);
  return overview.parts.flatMap(({ kind, tokens }): PartRow[] => {
    const change = overview.change.find((each) => each.kind === kind)?.tokens ?? null;
    if (tokens === 0 && (change ?? 0) === 0) return [];
    const compared = comparison?.last === null ? undefined : comparison?.parts;
    const cache = compared?.find((each) => each.kind === kind)?.state ?? null;
    return [{ kind, tokens, share: (tokens / total) * 100, change, cache }];
  });
}

/** Tokens more or less than in the last request, over all parts; `null` before the first. */
export function totalChange({ change }: ContextOverview): number | null {
  return change.length === 0 ? null : change.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** Tokens of the next request that a cache keeps. */
export function keptTokens(comparison: RequestComparison): number {
  return comparison.parts.reduce((sum, { kept_tokens }) => sum + kept_tokens, 0);
}

/** Below this share of our count a provider may have cut the prompt: our count is up to a third too high. */
const CUT_SHARE = 0.7;
const CUT_TOKENS = 500;

/** What the provider said of the last request, beside our own count of it. */
export type Report =
  | { readonly kind: 'none' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'close' | 'short'; readonly reported: number; readonly apart: number };

/** Compares what the provider counted with what we did. `short`: so much less that it may have cut the prompt. */
export function reportOf(comparison: RequestComparison): Report {
  const { last } = comparison;
  if (last === null) return { kind: 'none' };
  const { counted, reported } = last;
  if (reported === null) return { kind: 'silent' };
  const apart = Math.abs(counted - reported);
  const is_short = reported < counted * CUT_SHARE && counted - reported > CUT_TOKENS;
  return { kind: is_short ? 'short' : 'close', reported, apart };
}
