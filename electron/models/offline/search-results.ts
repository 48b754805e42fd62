import { parseObject } from './situation.ts';

/** One thing a memory search found. */
export type Found = { readonly text: string; readonly role: string | null };

/** Reads the answer of `archival_memory_search` or `conversation_search`: an object with `results`, or a bare list. */
export function readFound(message: string): Found[] {
  const list = resultList(message);
  return list.map(readOne).filter((found) => found.text !== '');
}

function resultList(message: string): readonly unknown[] {
  const parsed = parseObject(message);
  const results = parsed?.['results'] ?? parsed?.['messages'];
  if (Array.isArray(results)) return results as unknown[];
  const start = message.indexOf('[');
  const end = message.lastIndexOf(']');
  if (start === -1 || end < start) return [];
  return listIn(message.slice(start, end + 1));
}

function listIn(text: string): readonly unknown[] {
  const wrapped = parseObject(`{"results":${text}}`);
  const results = wrapped?.['results'];
  return Array.isArray(results) ? (results as unknown[]) : [];
}

function readOne(result: unknown): Found {
  if (typeof result === 'string') return { text: result, role: null };
  if (typeof result !== 'object' || result === null) return { text: '', role: null };
  const { content, text, message, role } = result as Record<string, unknown>;
  const said = [content, text, message].find((value) => typeof value === 'string');
  return { text: typeof said === 'string' ? said.trim() : '', role: typeof role === 'string' ? role : null };
}
