import { findWords, searchWords } from './words.ts';

const SCAN_CHARS = 200_000;
const MAX_RANGES = 500;

/**
 * Where a found text matched its query: half-open ranges in characters, in order. A word counts when both share their
 * stem, roughly: endings are cut as the index's stemmer would for most words. Looks at the first 200,000 characters.
 */
export function findMatches(text: string, query: string): [number, number][] {
  const wanted = searchWords(query).map(fold);
  if (wanted.length === 0) return [];
  const stems = new Set(wanted.map(stem));
  const runs = wanted.filter(isUnspaced);
  const ranges: [number, number][] = [];
  for (const word of findWords(text.slice(0, SCAN_CHARS))) {
    if (ranges.length >= MAX_RANGES) break;
    const folded = fold(word.text);
    if (stems.has(stem(folded))) ranges.push([word.start, word.end]);
    else ranges.push(...rangesInside(word.text, word.start, runs));
  }
  return ranges;
}

function rangesInside(text: string, offset: number, runs: readonly string[]): [number, number][] {
  return runs.flatMap((run) => {
    const at = text.indexOf(run);
    return at === -1 ? [] : [[offset + at, offset + at + run.length] as [number, number]];
  });
}

function isUnspaced(word: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u.test(word);
}

// As the index folds: no case, no accents, no ligatures.
function fold(word: string): string {
  return word.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '').normalize('NFC');
}

const ENDINGS = ['ations', 'ation', 'ings', 'ness', 'ing', 'ies', 'ied', 'ed', 'es', 'ly', 's', 'e', 'y'];

function stem(word: string): string {
  if (word.length <= 3 || !/^[a-z]+$/u.test(word)) return word;
  const ending = ENDINGS.find((candidate) => word.endsWith(candidate) && word.length - candidate.length >= 3);
  const short = ending === undefined ? word : word.slice(0, -ending.length);
  return short.replace(/([^aeiouls])\1$/u, '$1');
}
