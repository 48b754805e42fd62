import type { JSX } from 'react';

/** Half-open range `[start, end)` in characters. */
export type Range = readonly [number, number];

/** A stretch of text, marked when a search hit it. */
export type Piece = { readonly start: number; readonly text: string; readonly isHit: boolean };

/** Characters shown before the first hit of a snippet. */
const LEAD_CHARS = 60;

/** Props of {@link MarkedText}: `snippet` begins near the first hit instead of at the beginning. */
export type MarkedTextProps = {
  readonly text: string;
  readonly matches: readonly Range[];
  readonly snippet?: boolean;
};

/** A text with its search hits underlined. */
export function MarkedText({ text, matches, snippet = false }: MarkedTextProps): JSX.Element {
  const from = snippet ? snippetStart(text, matches) : 0;
  return (
    <>
      {from > 0 && '… '}
      {piecesOf(text, matches, from).map((piece) =>
        piece.isHit ? (
          <mark key={piece.start} className="hit">
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}

/** Cuts a text into marked and plain stretches, from `from` on. Ranges may overlap or lie outside the text. */
export function piecesOf(text: string, matches: readonly Range[], from = 0): readonly Piece[] {
  const pieces: Piece[] = [];
  let position = from;
  const push = (end: number, isHit: boolean): void => {
    if (end > position) pieces.push({ start: position, text: text.slice(position, end), isHit });
    position = Math.max(position, end);
  };
  for (const [start, end] of matches.toSorted((a, b) => a[0] - b[0])) {
    push(Math.min(start, text.length), false);
    push(Math.min(end, text.length), true);
  }
  push(text.length, false);
  return pieces;
}

/** Where a snippet begins: at a word shortly before the first hit, or at 0 when that is near anyway. */
function snippetStart(text: string, matches: readonly Range[]): number {
  const first = Math.min(...matches.map(([start]) => start), text.length);
  if (matches.length === 0 || first <= LEAD_CHARS * 2) return 0;
  const space = text.indexOf(' ', first - LEAD_CHARS);
  return space < 0 || space >= first ? first : space + 1;
}
