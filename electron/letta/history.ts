import type { Message } from '../../shared/contract/conversations.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { told, type ToldMessage } from './approval-wire.ts';
import { API, type LettaBackend } from './backend.ts';
import { detail } from './errors.ts';
import type { Page } from './pagination.ts';

const CHUNK = 200;
const MOST_PLACES = 10_000;

/** Reads pages of agents' own threads. */
export type History = {
  /**
   * Reads a page in V1's way: `order` says which end the limit bites, `before` and `after` are always earlier and later
   * in time, and the answer is always chronological. A limit of 0 gives nothing; a cursor that is no message of the
   * thread is 404.
   */
  readonly read: (conversation_id: string, page: Page) => Promise<readonly ToldMessage[]>;
};

/**
 * Makes the reader. It keeps the places of messages it gave, since those come back as cursors: a place never changes, and
 * finding it anew means going through the talk.
 */
export function createHistory(backend: LettaBackend): History {
  const places = new Map<string, number>();
  const keep = (message: Message | undefined): void => {
    if (message === undefined) return;
    const [oldest] = places.keys();
    if (places.size >= MOST_PLACES && oldest !== undefined) places.delete(oldest);
    places.set(message.id, message.seq);
  };
  const seqOf = async (conversation_id: string, id: string | undefined): Promise<number | null> =>
    id === undefined ? null : (places.get(id) ?? findSeq(backend, conversation_id, id));
  return {
    read: async (conversation_id, page) => {
      const limit = page.limit ?? 100;
      if (limit === 0) return [];
      const before = await seqOf(conversation_id, page.before);
      const after = (await seqOf(conversation_id, page.after)) ?? 0;
      const range: Range = { backend, conversation_id, after, before, limit };
      const messages = await (page.order === 'asc' ? oldest(range) : newest(range));
      keep(messages[0]);
      keep(messages.at(-1));
      return messages;
    },
  };
}

type Range = {
  readonly backend: LettaBackend;
  readonly conversation_id: string;
  /** Only messages with a greater `seq`. */
  readonly after: number;
  /** Only messages with a smaller `seq`; `null` for no bound. */
  readonly before: number | null;
  readonly limit: number;
};

async function newest({ backend, conversation_id, after, before, limit }: Range): Promise<ToldMessage[]> {
  const found: ToldMessage[] = [];
  for await (const chunk of backwards(backend, conversation_id, before)) {
    found.unshift(...chunk.filter(({ seq }) => seq > after));
    if (found.length >= limit || (chunk[0]?.seq ?? 0) <= after) break;
  }
  return found.slice(-limit);
}

/** Walks forward in windows of `seq`: a window of 200 numbers holds at most 200 messages, whatever gaps there are. */
async function oldest({ backend, conversation_id, after, before, limit }: Range): Promise<ToldMessage[]> {
  const { messages } = await backend.call('messages.list', { conversation_id, limit: 1 }, API);
  const end = Math.min(before ?? Infinity, (messages[0]?.seq ?? 0) + 1);
  const found: ToldMessage[] = [];
  for (let start = after; start + 1 < end && found.length < limit; start += CHUNK) {
    const before_seq = Math.min(start + CHUNK + 1, end);
    const chunk = await backend.call('messages.list', { conversation_id, before_seq, limit: CHUNK }, API);
    found.push(...told(chunk).filter(({ seq }) => seq > start));
  }
  return found.slice(0, limit);
}

async function* backwards(
  { call }: LettaBackend,
  conversation_id: string,
  before: number | null,
): AsyncGenerator<readonly ToldMessage[]> {
  let before_seq = before;
  for (;;) {
    const bound = before_seq === null ? {} : { before_seq };
    const chunk: OutputOf<'messages.list'> = await call(
      'messages.list',
      { conversation_id, limit: CHUNK, ...bound },
      API,
    );
    const { messages, has_more } = chunk;
    if (messages.length > 0) yield told(chunk);
    before_seq = messages[0]?.seq ?? null;
    if (!has_more || before_seq === null) return;
  }
}

async function findSeq(backend: LettaBackend, conversation_id: string, id: string): Promise<number> {
  for await (const chunk of backwards(backend, conversation_id, null)) {
    const found = chunk.find((message) => message.id === id);
    if (found !== undefined) return found.seq;
  }
  throw detail(404, `Message with id ${id} not found`);
}
