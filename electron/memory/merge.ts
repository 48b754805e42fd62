import { splitLines } from './text.ts';

/** Lines `[start, end)` of the base that a side replaced by its own. */
type Hunk = { readonly start: number; readonly end: number; readonly lines: readonly string[] };

/** Cells of the comparison table above which a changed stretch is taken as one piece. */
const MAX_CELLS = 4_000_000;

/**
 * Merges two edits of one text line by line. Edits that touch different lines are both kept; lines that both sides
 * inserted at one place are kept one after the other, `ours` first, once when they are the same. `null` when both
 * changed the same lines in different ways.
 */
export function mergeText(base: string, ours: string, theirs: string): string | null {
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  const lines = splitLines(base);
  const merged = combine(findHunks(lines, splitLines(ours)), findHunks(lines, splitLines(theirs)));
  return merged === null ? null : applyHunks(lines, merged).join('\n');
}

/** Orders the hunks of both sides; `null` when two of them overlap and differ. */
function combine(ours: readonly Hunk[], theirs: readonly Hunk[]): Hunk[] | null {
  const rest = theirs.filter((hunk) => !ours.some((other) => isSame(hunk, other)));
  if (rest.some((hunk) => ours.some((other) => doOverlap(hunk, other)))) return null;
  return [...ours, ...rest].toSorted((a, b) => a.start - b.start || a.end - b.end);
}

function isSame(a: Hunk, b: Hunk): boolean {
  return a.start === b.start && a.end === b.end && a.lines.join('\n') === b.lines.join('\n');
}

// Touching is not overlapping: taking back line 2 while somebody added line 3 is the common case of an undo.
function doOverlap(a: Hunk, b: Hunk): boolean {
  return a.start < b.end && b.start < a.end;
}

function applyHunks(lines: readonly string[], hunks: readonly Hunk[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    result.push(...lines.slice(at, hunk.start), ...hunk.lines);
    at = hunk.end;
  }
  result.push(...lines.slice(at));
  return result;
}

function findHunks(base: readonly string[], changed: readonly string[]): Hunk[] {
  let start = 0;
  while (start < base.length && start < changed.length && base[start] === changed[start]) start += 1;
  let end = 0;
  const room = Math.min(base.length, changed.length) - start;
  while (end < room && base[base.length - 1 - end] === changed[changed.length - 1 - end]) end += 1;
  const before = base.slice(start, base.length - end);
  const after = changed.slice(start, changed.length - end);
  if (before.length === 0 && after.length === 0) return [];
  if (before.length * after.length > MAX_CELLS) {
    return [{ start, end: start + before.length, lines: after }];
  }
  return compare(before, after, start);
}

/** The differences of two stretches by their longest common subsequence of lines. */
function compare(before: readonly string[], after: readonly string[], offset: number): Hunk[] {
  const lengths = commonLengths(before, after);
  const width = after.length + 1;
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  const hunks: Hunk[] = [];
  let [i, j, from_i, from_j] = [0, 0, 0, 0];
  const close = (): void => {
    if (i === from_i && j === from_j) return;
    hunks.push({ start: offset + from_i, end: offset + i, lines: after.slice(from_j, j) });
  };
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      close();
      i += 1;
      j += 1;
      [from_i, from_j] = [i, j];
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  [i, j] = [before.length, after.length];
  close();
  return hunks;
}

/** Cell `i, j`: length of the longest common subsequence of `before` from i and `after` from j. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  return lengths;
}
