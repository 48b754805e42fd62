import { parseObject } from './situation.ts';

/** One thing a memory search found. */
export type Found = {
  readonly text: string;
  readonly role: string | null;
  /** When it was filed or said, in milliseconds; 0 when the search does not say. */
  readonly time: number;
};

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
  if (typeof result === 'string') return { text: result, role: null, time: 0 };
  if (typeof result !== 'object' || result === null) return { text: '', role: null, time: 0 };
  const { content, text, message, role, timestamp } = result as Record<string, unknown>;
  const said = [content, text, message].find((value) => typeof value === 'string');
  const time = typeof timestamp === 'string' ? Date.parse(timestamp) : 0;
  return {
    text: typeof said === 'string' ? said.trim() : '',
    role: typeof role === 'string' ? role : null,
    time: Number.isNaN(time) ? 0 : time,
  };
}
