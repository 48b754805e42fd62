import type { Selectable } from 'kysely';
import type { Message } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import { ONE, type Read, type Write } from './database.ts';
import { chainDigest, clipText, fromJson, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';
import { indexMessage } from './search/full-text.ts';
import { holdsMessage, readTalk } from './talk.ts';
import { appendWindowEntry } from './window.ts';

/** A message to append. `seq` comes from its conversation. */
export type NewMessage = Omit<Message, 'seq'> & {
  /** Handle of the model that wrote it; `null` for people and tools. */
  readonly model: string | null;
  /** IANA name of the agent's time zone when it was written. */
  readonly timezone: string;
  /** Fields of other formats, kept as they came. */
  readonly foreign?: Readonly<Record<string, unknown>>;
  /** Whether the model sees it from now on; `false` leaves it to recall only. Default `true`. */
  readonly in_window?: boolean;
};

const TITLE_CHARS = 60;

/**
 * Appends a message to the history: numbered, chained to the one before, indexed for search and put at the end of the
 * window. The first words of a person title an untitled conversation. Throws `not_found` for an unknown conversation.
 */
export async function appendMessage(tx: Write, fresh: NewMessage): Promise<Message> {
  const conversation = await tx
    .selectFrom('conversation')
    .select(['next_seq', 'digest', 'title', 'last_message_at'])
    .where('id', '=', fresh.conversation_id)
    .executeTakeFirst();
  if (conversation === undefined) throw messageHomeMissing(fresh.conversation_id);
  const row = toRow(fresh, conversation);
  const { insertId } = await tx.insertInto('message').values(row).executeTakeFirstOrThrow();
  await indexMessage(tx, { ord: Number(insertId), scope: fresh.agent_id, text: fresh.text });
  await tx
    .updateTable('conversation')
    .set({
      next_seq: conversation.next_seq + 1,
      digest: row.digest,
      last_message_at: fresh.created_at,
      updated_at: fresh.created_at,
      title: conversation.title === '' && fresh.role === 'user' ? titleOf(fresh.text) : conversation.title,
    })
    .where('id', '=', fresh.conversation_id)
    .execute();
  if (fresh.in_window !== false) {
    await appendWindowEntry(tx, fresh.conversation_id, { kind: 'message', ref: fresh.id, text: null });
  }
  return toMessage({ ...row, ord: Number(insertId) });
}

/** Reads what the model said or called in a step, `null` when it did neither. */
export async function findMessageOfStep(
  db: Read,
  { id, run_id }: { readonly id: string; readonly run_id: string },
): Promise<Message | null> {
  const row = await db
    .selectFrom('message')
    .selectAll()
    .where('run_id', '=', run_id)
    .where('step_id', '=', id)
    .where('role', '=', 'assistant')
    .limit(ONE)
    .executeTakeFirst();
  return row === undefined ? null : toMessage(row);
}

/** Reads messages by their ids, in no order; unknown ids are left out. */
export async function listMessagesByIds(db: Read, ids: readonly string[]): Promise<Message[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('message').selectAll().where('id', 'in', ids).execute();
  return rows.map(toMessage);
}

/** Reads a message that a talk holds, its own or one of before it branched off. Throws `not_found`. */
export async function readMessageOfTalk(
  db: Read,
  { conversation_id, message_id }: { readonly conversation_id: string; readonly message_id: string },
): Promise<Message> {
  const talk = await readTalk(db, conversation_id);
  const [message] = await listMessagesByIds(db, [message_id]);
  if (message !== undefined && holdsMessage(talk, message)) return message;
  throw new AppError('not_found', 'This talk has no such message.', { details: { message_id } });
}

/**
 * Reads a page of a talk, oldest first: the newest `limit` messages, or those before `before_seq`. A branch goes on into
 * what its parents said.
 */
export async function listMessages(
  db: Read,
  page: {
    readonly conversation_id: string;
    readonly before_seq?: number | undefined;
    readonly limit: number;
  },
): Promise<{ messages: Message[]; has_more: boolean }> {
  const rows: Selectable<Schema['message']>[] = [];
  for (const segment of (await readTalk(db, page.conversation_id)).toReversed()) {
    const missing = page.limit + 1 - rows.length;
    if (missing === 0) break;
    let query = db
      .selectFrom('message')
      .selectAll()
      .where('conversation_id', '=', segment.conversation_id)
      .where('seq', '>', segment.after_seq)
      .orderBy('seq', 'desc')
      .limit(missing);
    if (segment.to_seq !== null) query = query.where('seq', '<=', segment.to_seq);
    if (page.before_seq !== undefined) query = query.where('seq', '<', page.before_seq);
    rows.push(...(await query.execute()));
  }
  return {
    messages: rows.slice(0, page.limit).map(toMessage).toReversed(),
    has_more: rows.length > page.limit,
  };
}

/** Counts the messages of an agent over all its conversations. */
export async function countMessagesOfAgent(db: Read, agent_id: string): Promise<number> {
  const row = await db
    .selectFrom('message')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('agent_id', '=', agent_id)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Turns a row into the message of the contract. */
export function toMessage(row: Selectable<Schema['message']>): Message {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    agent_id: row.agent_id,
    seq: row.seq,
    role: row.role as Message['role'],
    name: row.name,
    content: fromJson(row.content),
    text: row.text,
    tool_calls: fromJson(row.tool_calls),
    tool_call_id: row.tool_call_id,
    tool_status: row.tool_status as Message['tool_status'],
    otid: row.otid,
    run_id: row.run_id,
    step_id: row.step_id,
    status: row.status as Message['status'],
    token_count: row.token_count,
    created_at: row.created_at,
  };
}

type Home = { next_seq: number; digest: string; last_message_at: string | null };

function toRow(fresh: NewMessage, home: Home): Omit<Selectable<Schema['message']>, 'ord'> {
  const content = toJson(fresh.content);
  const tool_calls = toJson(fresh.tool_calls);
  const facts = [fresh.id, String(home.next_seq), fresh.role, fresh.created_at, content, tool_calls];
  return {
    id: fresh.id,
    conversation_id: fresh.conversation_id,
    agent_id: fresh.agent_id,
    seq: home.next_seq,
    role: fresh.role,
    name: fresh.name,
    content,
    text: fresh.text,
    tool_calls,
    tool_call_id: fresh.tool_call_id,
    tool_status: fresh.tool_status,
    otid: fresh.otid,
    run_id: fresh.run_id,
    step_id: fresh.step_id,
    status: fresh.status,
    model: fresh.model,
    session_gap_seconds: gapSeconds(home.last_message_at, fresh.created_at),
    timezone: fresh.timezone,
    token_count: fresh.token_count,
    foreign_fields: toJson(fresh.foreign ?? {}),
    digest: chainDigest(home.digest, [...facts, fresh.tool_call_id ?? '', fresh.status]),
    created_at: fresh.created_at,
  };
}

function gapSeconds(before: string | null, now: string): number | null {
  if (before === null) return null;
  return Math.max(0, Math.round((Date.parse(now) - Date.parse(before)) / 1000));
}

/** The title that words give to a conversation: their beginning. */
export function titleOf(text: string): string {
  const line = text.trim().split(/\s+/u).join(' ');
  if (line.length <= TITLE_CHARS) return line;
  const cut = clipText(line, TITLE_CHARS);
  const space = cut.lastIndexOf(' ');
  return `${space > TITLE_CHARS / 2 ? cut.slice(0, space) : cut}…`;
}

function messageHomeMissing(conversation_id: string): AppError {
  return new AppError('not_found', 'The conversation of this message is not here.', {
    details: { conversation_id },
  });
}
