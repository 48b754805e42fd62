import { type Selectable, sql } from 'kysely';
import type { Conversation } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import type { Schema } from './schema.ts';

/** What a new conversation is made of. */
export type NewConversation = {
  readonly id: string;
  readonly agent_id: string;
  /** Empty: the first words of a person become the title. */
  readonly title: string;
  readonly is_default: boolean;
  readonly now: string;
};

/** Opens a conversation: nothing said, nothing in the window, memory not yet looked at. */
export async function insertConversation(tx: Write, fresh: NewConversation): Promise<Conversation> {
  await tx
    .insertInto('conversation')
    .values({
      id: fresh.id,
      agent_id: fresh.agent_id,
      title: fresh.title,
      is_default: fresh.is_default ? 1 : 0,
      parent_id: null,
      fork_seq: null,
      next_seq: 1,
      digest: '',
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

/** Gives a conversation a title. Throws `not_found`. */
export async function renameConversation(
  tx: Write,
  rename: { readonly conversation_id: string; readonly title: string; readonly now: string },
): Promise<Conversation> {
  const current = await readConversation(tx, rename.conversation_id);
  await tx
    .updateTable('conversation')
    .set({ title: rename.title, version: current.version + 1, updated_at: rename.now })
    .where('id', '=', rename.conversation_id)
    .execute();
  return readConversation(tx, rename.conversation_id);
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
    // Messages are numbered from 1 and never deleted; counting rows would cost more with every one of them.
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
