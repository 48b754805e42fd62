import { diffArrays } from 'diff';

/**
 * Brings two edits of one text together, line by line: lines only one side changed take that side's text; where both
 * changed the same lines, both texts stand one after the other, mine first, for the person to sort out.
 */
export function merge3(base: string, mine: string, theirs: string): string {
  const baseLines = linesOf(base);
  const left = editsOf(baseLines, linesOf(mine));
  const right = editsOf(baseLines, linesOf(theirs));
  const merged: string[] = [];
  for (let line = 0; line <= baseLines.length; line += 1) {
    const inserted = [...new Set([left.before[line], right.before[line]])].filter(
      (text) => text !== undefined,
    );
    merged.push(...inserted);
    const kept = baseLines[line];
    if (kept !== undefined && !left.removed.has(line) && !right.removed.has(line)) merged.push(kept);
  }
  return merged.join('\n');
}

/** An empty text has no lines, not an empty one. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

/** What an edit did to the lines of the base: which went, and what was put in before which line. */
type Edits = { readonly removed: ReadonlySet<number>; readonly before: Readonly<Record<number, string>> };

function editsOf(base: string[], edited: string[]): Edits {
  const removed = new Set<number>();
  const before: Record<number, string> = {};
  let line = 0;
  let start = 0;
  for (const part of diffArrays(base, edited)) {
    if (part.added) {
      before[start] = part.value.join('\n');
      continue;
    }
    // Lines put in the place of removed ones stand before the first of those.
    start = part.removed ? line : line + part.value.length;
    if (part.removed) part.value.forEach((_text, at) => removed.add(line + at));
    line += part.value.length;
  }
  return { removed, before };
}
