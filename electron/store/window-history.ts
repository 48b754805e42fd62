import type { Message } from '../../shared/contract/conversations.ts';
import type { Read } from './database.ts';
import { toMessage } from './messages.ts';
import { readTalk } from './talk.ts';
import { toWindowMessage, type WindowMessage } from './window-messages.ts';

/** A stretch of a talk, both ends included. */
export type SeqRange = {
  readonly conversation_id: string;
  readonly from_seq: number;
  readonly to_seq: number;
};

/** Cuts a stretch of a talk into the conversations its messages are kept in, the newest first. */
async function homesOf(db: Read, range: SeqRange): Promise<SeqRange[]> {
  const talk = await readTalk(db, range.conversation_id);
  return talk
    .toReversed()
    .map(({ conversation_id, after_seq, to_seq }) => ({
      conversation_id,
      from_seq: Math.max(range.from_seq, after_seq + 1),
      to_seq: Math.min(range.to_seq, to_seq ?? range.to_seq),
    }))
    .filter(({ from_seq, to_seq }) => from_seq <= to_seq);
}

/** Reads a stretch of a talk as a window shows it, oldest first: its newest `limit` messages. */
export async function listWindowMessages(db: Read, range: SeqRange, limit: number): Promise<WindowMessage[]> {
  return (await newestOf(db, range, limit)).map(toWindowMessage).toReversed();
}

/** Reads a stretch of a talk, oldest first: its newest `limit` messages, and whether there are more before them. */
export async function listMessagesIn(
  db: Read,
  range: SeqRange,
  limit: number,
): Promise<{ messages: Message[]; has_more: boolean }> {
  const rows = await newestOf(db, range, limit + 1);
  return {
    messages: rows.slice(0, limit).map(toMessage).toReversed(),
    has_more: rows.length > limit,
  };
}

/** Counts a stretch of a talk: its messages, and the tokens of their words. */
export async function measureMessages(
  db: Read,
  range: SeqRange,
): Promise<{ messages: number; tokens: number }> {
  const sum = { messages: 0, tokens: 0 };
  for (const home of await homesOf(db, range)) {
    const row = await db
      .selectFrom('message')
      .select(({ fn }) => [
        fn.countAll<number>().as('messages'),
        fn.sum<number | null>('token_count').as('tokens'),
      ])
      .where('conversation_id', '=', home.conversation_id)
      .where('seq', '>=', home.from_seq)
      .where('seq', '<=', home.to_seq)
      .executeTakeFirstOrThrow();
    sum.messages += row.messages;
    sum.tokens += row.tokens ?? 0;
  }
  return sum;
}

async function newestOf(db: Read, range: SeqRange, limit: number) {
  const rows: Awaited<ReturnType<typeof page>> = [];
  for (const home of await homesOf(db, range)) {
    if (rows.length >= limit) break;
    rows.push(...(await page(db, home, limit - rows.length)));
  }
  return rows;
}

function page(db: Read, { conversation_id, from_seq, to_seq }: SeqRange, limit: number) {
  return db
    .selectFrom('message')
    .selectAll()
    .where('conversation_id', '=', conversation_id)
    .where('seq', '>=', from_seq)
    .where('seq', '<=', to_seq)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
}
