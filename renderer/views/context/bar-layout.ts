import type { ContextOverview, ContextPart, RequestComparison } from '../../../shared/contract/context.ts';

/** A stretch of the bar, as shares of its whole length from its beginning. */
export type Stretch = { readonly from: number; readonly to: number };

/** A part of the window in the bar; `leaves` is what the next compaction would take of it. */
export type BarPiece = Stretch & {
  readonly kind: ContextPart['kind'];
  readonly tokens: number;
  readonly leaves: boolean;
};

/** Where everything in the big bar lies. */
export type BarLayout = {
  readonly pieces: readonly BarPiece[];
  readonly free: Stretch & { readonly tokens: number };
  /** What a cache keeps of the last request, with its share of the bytes in percent; `null` when it keeps nothing. */
  readonly kept: (Stretch & { readonly percent: number }) | null;
  readonly leaving: (Stretch & { readonly messages: number }) | null;
  /** Both brackets, with their words, lie above the same stretch, so that one has to stand higher. */
  readonly stacked: boolean;
  /** Where a request is compacted before it is sent. */
  readonly trigger: number;
  /** Where the window ends when more is in it than it holds. */
  readonly window_end: number | null;
  readonly ticks: readonly { readonly at: number; readonly tokens: number }[];
};

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Lays out the bar in prompt order. A window with too much in it makes the bar longer than the window. */
export function layoutBar(overview: ContextOverview, comparison: RequestComparison | null): BarLayout {
  const { window, used, parts, trigger, next_compaction: next } = overview;
  const scale = Math.max(1, window, used);
  const pieces: BarPiece[] = [];
  let at = 0;
  const put = (kind: ContextPart['kind'], tokens: number, leaves: boolean): void => {
    if (tokens <= 0) return;
    pieces.push({ kind, tokens, leaves, from: at / scale, to: (at + tokens) / scale });
    at += tokens;
  };
  for (const { kind, tokens } of parts) {
    const leaves = kind === 'messages' ? Math.min(tokens, next?.message_tokens ?? 0) : 0;
    put(kind, leaves, true);
    put(kind, tokens - leaves, false);
  }
  const ghost = pieces.find((piece) => piece.leaves);
  const leaving =
    ghost === undefined ? null : { from: ghost.from, to: ghost.to, messages: next?.messages ?? 0 };
  const kept = keptStretch(parts, comparison, scale);
  return {
    pieces,
    free: { from: at / scale, to: 1, tokens: Math.max(0, window - used) },
    kept,
    leaving,
    stacked: kept !== null && leaving !== null && kept.to > leaving.from - overhang(leaving),
    trigger: trigger / scale,
    window_end: used > window ? window / scale : null,
    ticks: ticksOf(used > window ? window / scale : null, scale),
  };
}

/** Where numbers stand below the bar; the end of the window takes the room of those between. */
function ticksOf(window_end: number | null, scale: number): BarLayout['ticks'] {
  const shares =
    window_end === null ? TICKS : TICKS.filter((share) => share === 0 || (share === 1 && window_end < 0.7));
  return shares.map((share) => ({ at: share, tokens: Math.round(scale * share) }));
}

// Share of the bar that the words of a bracket take in a small window.
const WORDS_SHARE = 0.2;

/** How far the words of a bracket reach over its ends. */
function overhang({ from, to }: Stretch): number {
  return Math.max(0, (WORDS_SHARE - (to - from)) / 2);
}

/** The first run of parts that a cache keeps, up to the first that is not kept whole. */
function keptStretch(
  parts: ContextOverview['parts'],
  comparison: RequestComparison | null,
  scale: number,
): BarLayout['kept'] {
  if (comparison === null || comparison.kept_bytes === 0) return null;
  let at = 0;
  let from: number | null = null;
  let to = 0;
  for (const { kind, tokens } of parts) {
    const part = comparison.parts.find((each) => each.kind === kind);
    const kept = Math.min(tokens, part?.kept_tokens ?? 0);
    if (kept > 0) {
      from ??= at;
      to = at + kept;
    }
    if (from !== null && part?.state !== 'kept') break;
    at += tokens;
  }
  if (from === null) return null;
  const percent = Math.floor((comparison.kept_bytes / Math.max(1, comparison.bytes)) * 100);
  return { from: from / scale, to: to / scale, percent };
}
