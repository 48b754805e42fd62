import { type Selectable, sql } from 'kysely';
import type { TrashedConversation } from '../../shared/contract/branches.ts';
import type { Conversation } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import type { Schema } from './schema.ts';
import { readDigestAt, readTalk } from './talk.ts';

/** What a new conversation is made of. */
export type NewConversation = {
  readonly id: string;
  readonly agent_id: string;
  /** Empty: the first words of a person become the title. */
  readonly title: string;
  readonly is_default: boolean;
  /** The talk it branches off, and the number of the last message it shares. */
  readonly branch_of?: { readonly conversation_id: string; readonly fork_seq: number };
  readonly now: string;
};

/** Opens a conversation: nothing of its own said, nothing in the window, memory not yet looked at. */
export async function insertConversation(tx: Write, fresh: NewConversation): Promise<Conversation> {
  const { branch_of } = fresh;
  const fork_seq = branch_of?.fork_seq ?? 0;
  const talk = branch_of === undefined ? [] : await readTalk(tx, branch_of.conversation_id);
  await tx
    .insertInto('conversation')
    .values({
      id: fresh.id,
      agent_id: fresh.agent_id,
      title: fresh.title,
      is_default: fresh.is_default ? 1 : 0,
      parent_id: branch_of?.conversation_id ?? null,
      fork_seq: branch_of?.fork_seq ?? null,
      // One numbering and one chain of digests over the whole talk.
      next_seq: fork_seq + 1,
      digest: await readDigestAt(tx, talk, fork_seq),
      memory_snapshot: null,
      version: 1,
      created_at: fresh.now,
      updated_at: fresh.now,
      last_message_at: null,
      archived_at: null,
      deleted_at: null,
    })
    .execute();
  return readConversation(tx, fresh.id);
}

/** Reads a conversation outside the trash. Throws `not_found`. */
export async function readConversation(db: Read, conversation_id: string): Promise<Conversation> {
  const row = await select(db).where('conversation.id', '=', conversation_id).executeTakeFirst();
  if (row === undefined) {
    throw new AppError('not_found', 'This conversation is not here; it may be in the trash.', {
      details: { conversation_id },
    });
  }
  return toConversation(row);
}

/** Lists an agent's conversations outside the trash, the newest talk first. */
export async function listConversations(db: Read, agent_id: string): Promise<Conversation[]> {
  const rows = await select(db)
    .where('conversation.agent_id', '=', agent_id)
    .orderBy(sql`coalesce(conversation.last_message_at, conversation.created_at)`, 'desc')
    .execute();
  return rows.map(toConversation);
}

/** Reads the conversation every agent has, Letta's own thread. Throws `not_found`. */
export async function readDefaultConversation(db: Read, agent_id: string): Promise<Conversation> {
  const row = await select(db)
    .where('conversation.agent_id', '=', agent_id)
    .where('conversation.is_default', '=', 1)
    .executeTakeFirst();
  if (row === undefined) {
    throw new AppError('not_found', 'This agent has no conversation of its own.', { details: { agent_id } });
  }
  return toConversation(row);
}

/** Gives a conversation a title, puts it aside or takes it back into the list. Throws `not_found`. */
export async function updateConversation(
  tx: Write,
  edit: {
    readonly conversation_id: string;
    readonly title?: string | undefined;
    readonly archived?: boolean | undefined;
    readonly now: string;
  },
): Promise<Conversation> {
  const { conversation_id, title, archived, now } = edit;
  const current = await readConversation(tx, conversation_id);
  const archived_at =
    archived === undefined ? current.archived_at : archived ? (current.archived_at ?? now) : null;
  await tx
    .updateTable('conversation')
    .set({ title: title ?? current.title, archived_at, version: current.version + 1, updated_at: now })
    .where('id', '=', conversation_id)
    .execute();
  return readConversation(tx, conversation_id);
}

/** Moves a conversation to the trash. Throws `not_found`, `conflict` for an agent's default one. */
export async function deleteConversation(tx: Write, conversation_id: string, now: string): Promise<void> {
  const current = await readConversation(tx, conversation_id);
  if (current.is_default) {
    throw new AppError('conflict', 'An agent keeps its first conversation. Nothing was deleted.', {
      details: { conversation_id },
    });
  }
  await tx.updateTable('conversation').set({ deleted_at: now }).where('id', '=', conversation_id).execute();
}

/** Lists an agent's conversations in the trash, the last deleted first. */
export async function listTrashedConversations(db: Read, agent_id: string): Promise<TrashedConversation[]> {
  const rows = await db
    .selectFrom('conversation')
    .selectAll()
    .where('agent_id', '=', agent_id)
    .where('deleted_at', 'is not', null)
    .orderBy('deleted_at', 'desc')
    .execute();
  return rows.map((row) => ({ ...toConversation(row), deleted_at: row.deleted_at ?? '' }));
}

/** Takes a conversation out of the trash; one that is not there stays as it is. Throws `not_found`. */
export async function restoreConversation(
  tx: Write,
  conversation_id: string,
  now: string,
): Promise<Conversation> {
  await tx
    .updateTable('conversation')
    .set({ deleted_at: null, updated_at: now })
    .where('id', '=', conversation_id)
    .where('deleted_at', 'is not', null)
    .execute();
  return readConversation(tx, conversation_id);
}

/** Reads the memory as this conversation's model last saw it: JSON text, `null` before the first request. */
export async function readMemorySnapshot(db: Read, conversation_id: string): Promise<string | null> {
  const row = await db
    .selectFrom('conversation')
    .select('memory_snapshot')
    .where('id', '=', conversation_id)
    .executeTakeFirst();
  return row?.memory_snapshot ?? null;
}

/** Keeps the memory as this conversation's model sees it from now on. */
export async function writeMemorySnapshot(
  tx: Write,
  conversation_id: string,
  snapshot: string,
): Promise<void> {
  await tx
    .updateTable('conversation')
    .set({ memory_snapshot: snapshot })
    .where('id', '=', conversation_id)
    .execute();
}

function select(db: Read) {
  return db.selectFrom('conversation').selectAll().where('conversation.deleted_at', 'is', null);
}

function toConversation(row: Selectable<Schema['conversation']>): Conversation {
  return {
    id: row.id,
    agent_id: row.agent_id,
    title: row.title,
    is_default: row.is_default === 1,
    // Messages are numbered from 1 and never deleted; counting rows would cost more with every one of them. A branch
    // counts on from its parent.
    message_count: row.next_seq - 1,
    last_message_at: row.last_message_at,
    archived_at: row.archived_at,
    parent_id: row.parent_id,
    fork_seq: row.fork_seq,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
