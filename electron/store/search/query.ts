import { searchWords, spaceUnspaced } from './words.ts';

/** The word that stands for an id inside the index. */
export function scopeToken(id: string): string {
  return id.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

/**
 * The MATCH expression for a question: any of its words, inside one agent or archive. `null` when the text holds no
 * word at all. Every word is quoted, so nothing in the text acts as syntax.
 */
export function toMatch(query: string, scope: string): string | null {
  const words = searchWords(query);
  if (words.length === 0) return null;
  const terms = words.map((word) => quote(spaceUnspaced(word).trim()));
  return `scope : ${quote(scopeToken(scope))} AND text : (${terms.join(' OR ')})`;
}

function quote(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
