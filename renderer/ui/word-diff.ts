import { diffArrays } from 'diff';

/** A run of text within a line, changed or not. */
export type Segment = { readonly text: string; readonly changed: boolean };

/** A line of a diff. `number` counts from 1: in the old text for `del`, in the new one otherwise. */
export type DiffRow = {
  readonly kind: 'same' | 'add' | 'del';
  readonly number: number;
  readonly segments: readonly Segment[];
};

/** What changed between two texts, by whole words. */
export type WordDiff = {
  /** All lines: each block of removed lines before the lines that replace it. */
  readonly rows: readonly DiffRow[];
  /** Words added and removed. */
  readonly plus: number;
  readonly minus: number;
  /** First changed line of the new text, else of the old one; 1 when nothing changed. */
  readonly line: number;
};

type WordPart = { readonly kind: 'same' | 'add' | 'del'; readonly text: string };

/** Runs of space, words with their inner apostrophes and hyphens, and single signs. */
const TOKENS = /\s+|[\p{L}\p{N}_]+(?:['’\-.,:@/][\p{L}\p{N}_]+)*|[^\s]/gu;
const WORD = /[\p{L}\p{N}]/u;

/** Compares two texts line by line and, within changed lines, word by word. */
export function diffWords(before: string, after: string): WordDiff {
  const rows: DiffRow[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (const block of changedBlocks(linesOf(before), linesOf(after))) {
    if (block.same) {
      for (const line of block.added) rows.push({ kind: 'same', number: newLine++, segments: plain(line) });
      oldLine += block.added.length;
      continue;
    }
    const parts = wordParts(block.removed.join('\n'), block.added.join('\n'));
    if (block.removed.length > 0) {
      for (const segments of sideLines(parts, 'del')) rows.push({ kind: 'del', number: oldLine++, segments });
    }
    if (block.added.length > 0) {
      for (const segments of sideLines(parts, 'add')) rows.push({ kind: 'add', number: newLine++, segments });
    }
  }
  const first = rows.find((row) => row.kind === 'add') ?? rows.find((row) => row.kind === 'del');
  return { rows, plus: countWords(rows, 'add'), minus: countWords(rows, 'del'), line: first?.number ?? 1 };
}

/** A run of words in one text made of two: what both have, what only the old or only the new one has. */
export type InlinePart = { readonly kind: 'same' | 'add' | 'del'; readonly text: string };

/**
 * Compares the lines that changed, word by word, in one line: what was removed stands before what came in its place. An
 * ellipsis stands for the lines between them. Empty when nothing changed.
 */
export function diffInline(before: string, after: string): readonly InlinePart[] {
  const blocks = changedBlocks(linesOf(before), linesOf(after));
  const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/gu, ' ');
  return blocks.flatMap((block, at): InlinePart[] => {
    if (block.same) return at > 0 && at < blocks.length - 1 ? [{ kind: 'same', text: ' … ' }] : [];
    const parts = joined(wordParts(block.removed.join('\n'), block.added.join('\n')));
    return parts.map((part) => ({ ...part, text: oneLine(part.text) }));
  });
}

/** Changes that touch become one: all that was removed, then all that was added. */
function joined(parts: readonly WordPart[]): readonly WordPart[] {
  const result: WordPart[] = [];
  let [removed, added] = ['', ''];
  const flush = (): void => {
    if (removed !== '') result.push({ kind: 'del', text: removed });
    if (added !== '') result.push({ kind: 'add', text: added });
    [removed, added] = ['', ''];
  };
  for (const part of parts) {
    if (part.kind === 'del') removed += part.text;
    else if (part.kind === 'add') added += part.text;
    else {
      flush();
      result.push(part);
    }
  }
  flush();
  return result;
}

/** The changed lines with at most `around` unchanged lines beside each. */
export function nearChanges(rows: readonly DiffRow[], around: number): readonly DiffRow[] {
  return rows.filter(
    (row, at) =>
      row.kind !== 'same' ||
      rows.slice(Math.max(0, at - around), at + around + 1).some((each) => each.kind !== 'same'),
  );
}

type Block = { readonly same: boolean; readonly removed: string[]; readonly added: string[] };

function changedBlocks(before: string[], after: string[]): readonly Block[] {
  const blocks: Block[] = [];
  for (const part of diffArrays(before, after)) {
    const last = blocks.at(-1);
    if (!part.added && !part.removed) blocks.push({ same: true, removed: [], added: part.value });
    else {
      const open = last === undefined || last.same ? { same: false, removed: [], added: [] } : last;
      if (open !== last) blocks.push(open);
      (part.added ? open.added : open.removed).push(...part.value);
    }
  }
  return blocks;
}

/** Changes with only space between them become one, so that a highlight does not break inside a phrase. */
function wordParts(before: string, after: string): readonly WordPart[] {
  const parts: WordPart[] = diffArrays(before.match(TOKENS) ?? [], after.match(TOKENS) ?? []).map((part) => ({
    kind: part.added ? 'add' : part.removed ? 'del' : 'same',
    text: part.value.join(''),
  }));
  return parts.flatMap((part, at): WordPart[] => {
    const between = at > 0 && at < parts.length - 1 && part.kind === 'same' && /^[^\S\n]+$/.test(part.text);
    return between
      ? [
          { kind: 'del', text: part.text },
          { kind: 'add', text: part.text },
        ]
      : [part];
  });
}

function sideLines(parts: readonly WordPart[], side: 'add' | 'del'): readonly (readonly Segment[])[] {
  const lines: Segment[][] = [[]];
  for (const part of parts) {
    if (part.kind !== 'same' && part.kind !== side) continue;
    for (const [at, text] of part.text.split('\n').entries()) {
      if (at > 0) lines.push([]);
      if (text !== '') append(lines.at(-1) ?? [], { text, changed: part.kind === side });
    }
  }
  return lines;
}

function append(line: Segment[], segment: Segment): void {
  const last = line.at(-1);
  if (last?.changed === segment.changed) line[line.length - 1] = { ...last, text: last.text + segment.text };
  else line.push(segment);
}

function countWords(rows: readonly DiffRow[], kind: 'add' | 'del'): number {
  const changed = rows.filter((row) => row.kind === kind).flatMap((row) => row.segments);
  return changed
    .filter((segment) => segment.changed)
    .flatMap((segment) => segment.text.match(TOKENS) ?? [])
    .filter((token) => WORD.test(token)).length;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

function plain(text: string): readonly Segment[] {
  return [{ text, changed: false }];
}
