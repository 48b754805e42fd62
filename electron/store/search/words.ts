import { STOP_WORDS } from './stop-words.ts';

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu;

/** A word of a text and where it stands, in characters. */
export type Word = { readonly text: string; readonly start: number; readonly end: number };

/** The words of a text with their places. */
export function findWords(text: string): Word[] {
  return [...text.matchAll(WORD)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** The distinct words a query searches by: without stop words, unless nothing else is left. Lower case, in order. */
export function searchWords(query: string): string[] {
  const words = [
    ...new Set(findWords(normalize(query.toWellFormed())).map((word) => word.text.toLowerCase())),
  ];
  const telling = words.filter((word) => !STOP_WORDS.has(word));
  return telling.length > 0 ? telling : words;
}

/**
 * Puts spaces around the characters of scripts that write without them (and of Korean, whose endings hang on the word),
 * so that the index can find a word inside of a run. Ligatures, full-width letters and the like become plain ones.
 * Index and query go through this alike.
 */
export function spaceUnspaced(text: string): string {
  return normalize(text).replaceAll(UNSPACED, (character) => ` ${character} `);
}

function normalize(text: string): string {
  return text.normalize('NFKC');
}
