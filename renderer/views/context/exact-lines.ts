import { diffWords, type DiffRow } from '../../ui/word-diff.ts';

/** Longer texts are shown without marks: comparing them word by word would hold the window up. */
const COMPARED_CHARS = 60_000;

/** The lines of a text, those marked that the text of the last request did not have. */
export function markLines(text: string, before: string | null): readonly DiffRow[] {
  const known = before ?? text;
  const is_long = text.length > COMPARED_CHARS || known.length > COMPARED_CHARS;
  return diffWords(is_long ? text : known, text).rows.filter(({ kind }) => kind !== 'del');
}

/** Whether a line is only the tag that opens or closes something. */
export function isTag(line: string): boolean {
  return /^<\/?[\p{L}_][^<>]*>$/u.test(line.trim()) || /^\[[a-z]+\]$/u.test(line);
}
