import { diffWords, type DiffRow } from '../../ui/word-diff.ts';

/** Longer texts are shown without marks: comparing them word by word would hold the window up. */
const COMPARED_CHARS = 60_000;

/** The lines of a text, those marked that the text of the last request did not have. */
export function markLines(text: string, before: string | null): readonly DiffRow[] {
  const known = hasNewWords(text, before) ? (before ?? text) : text;
  return diffWords(known, text).rows.filter(({ kind }) => kind !== 'del');
}

/** Whether words of a text can be marked as new: it reads otherwise than before, and is not too long to compare. */
export function hasNewWords(text: string, before: string | null): boolean {
  if (before === null || before === text) return false;
  return text.length <= COMPARED_CHARS && before.length <= COMPARED_CHARS;
}

/** Whether a line is only the tag that opens or closes something. */
export function isTag(line: string): boolean {
  return /^<\/?[\p{L}_][^<>]*>$/u.test(line.trim()) || /^\[[a-z]+\]$/u.test(line);
}
