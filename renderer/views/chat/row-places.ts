/** A row of a long list of which only a part is in the page. */
export type Row = {
  /** Names it for as long as it is there. */
  readonly key: string;
  /** Its height in pixels, guessed until it is measured. */
  readonly guess: number;
};

/** Where each row starts below the first, in pixels; one more says where the last one ends. */
export function topsOf(rows: readonly Row[], heights: ReadonlyMap<string, number>): readonly number[] {
  const tops = [0];
  let top = 0;
  for (const { key, guess } of rows) {
    top += heights.get(key) ?? guess;
    tops.push(top);
  }
  return tops;
}

/** The row that covers a place; the first or the last one when the place is outside. -1 without rows. */
export function rowAt(tops: readonly number[], place: number): number {
  let low = 0;
  let high = tops.length - 2;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, tops.length - 2);
}

/** Rows from one to another, both with it. */
export type Span = { readonly first: number; readonly last: number };

/** The rows that cover a stretch of the list. */
export function spanOf(tops: readonly number[], from: number, to: number): Span {
  return { first: rowAt(tops, from), last: rowAt(tops, to) };
}

/** Whether one span lies within another. */
export function isWithin(inner: Span, outer: Span): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** What stands in the page, from the start to the end of the list. */
export type Piece =
  | { readonly kind: 'row'; readonly index: number }
  /** The room of the rows that are left out here. */
  | { readonly kind: 'gap'; readonly before: number; readonly height: number };

/** The rows of a span and those that must stay, with the room of all others between them. */
export function piecesOf(tops: readonly number[], span: Span, kept: readonly number[]): readonly Piece[] {
  const count = tops.length - 1;
  const shown = new Set(kept.filter((index) => index >= 0 && index < count));
  for (let index = Math.max(0, span.first); index <= span.last; index += 1) shown.add(index);
  const pieces: Piece[] = [];
  let next = 0;
  const leaveRoom = (before: number): void => {
    const height = (tops[before] ?? 0) - (tops[next] ?? 0);
    if (before > next) pieces.push({ kind: 'gap', before, height });
  };
  for (const index of [...shown].toSorted((left, right) => left - right)) {
    leaveRoom(index);
    pieces.push({ kind: 'row', index });
    next = index + 1;
  }
  leaveRoom(count);
  return pieces;
}
