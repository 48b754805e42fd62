import { type Selectable, sql } from 'kysely';
import type { ClientTool } from '../../shared/contract/approvals.ts';
import type { ContentPart, QueuedMessage } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import { leaseFrom } from './leases.ts';
import type { Schema } from './schema.ts';

/** Something said. */
export type InboxWords = {
  readonly content: readonly ContentPart[];
  readonly text: string;
  readonly name: string | null;
};

/** What a sender gave. */
export type InboxPayload = InboxWords & {
  readonly max_steps: number;
  /** Tools the sender runs itself. */
  readonly client_tools?: readonly ClientTool[];
  /** What was said before it and is answered with it, oldest first. */
  readonly before?: readonly (InboxWords & Pick<InboxRow, 'role'> & { readonly otid: string | null })[];
};

/** A message someone sent, before and after its run. */
export type InboxRow = Omit<Selectable<Schema['inbox']>, 'payload' | 'role'> & {
  readonly role: 'user' | 'system';
  readonly payload: InboxPayload;
};

/**
 * Saves a sent message. The same `otid` again changes nothing and gives the row that is there. Throws `conflict` when
 * that message was taken back, or said something else.
 */
export async function putInbox(
  tx: Write,
  fresh: Pick<InboxRow, 'id' | 'conversation_id' | 'otid' | 'role' | 'payload' | 'created_at'>,
): Promise<{ row: InboxRow; is_new: boolean }> {
  const known = await tx
    .selectFrom('inbox')
    .selectAll()
    .where('conversation_id', '=', fresh.conversation_id)
    .where('otid', '=', fresh.otid)
    .executeTakeFirst();
  if (known?.state === 'withdrawn') {
    throw new AppError(
      'conflict',
      'This message was taken back. To send it after all, send it as a new one.',
      {
        details: { otid: fresh.otid },
      },
    );
  }
  if (known !== undefined) {
    const row = toInboxRow(known);
    // To answer that it was sent would lose what is said now.
    if (row.role !== fresh.role || row.payload.text !== fresh.payload.text) {
      throw new AppError(
        'conflict',
        'Something else was sent under this otid before; this was not sent. Give it an otid of its own.',
        { details: { otid: fresh.otid, inbox_id: row.id } },
      );
    }
    return { row, is_new: false };
  }
  const row = {
    ...fresh,
    payload: toJson(fresh.payload),
    state: 'queued' as const,
    run_id: null,
    message_id: null,
    instance_id: null,
    lease_until: null,
  };
  await tx.insertInto('inbox').values(row).execute();
  return { row: toInboxRow(row), is_new: true };
}

/** Reads a sent message. Throws `not_found`. */
export async function readInbox(db: Read, inbox_id: string): Promise<InboxRow> {
  const row = await db.selectFrom('inbox').selectAll().where('id', '=', inbox_id).executeTakeFirst();
  if (row === undefined) {
    throw new AppError('not_found', 'This message was never sent from here.', { details: { inbox_id } });
  }
  return toInboxRow(row);
}

/** Lists what waits in a conversation, in the order it came. */
export async function listQueue(db: Read, conversation_id: string): Promise<InboxRow[]> {
  const rows = await db
    .selectFrom('inbox')
    .selectAll()
    .where('conversation_id', '=', conversation_id)
    .where('state', '=', 'queued')
    // Order of arrival; times may tie or jump.
    .orderBy(sql`rowid`)
    .execute();
  return rows.map(toInboxRow);
}

/** Counts what waits in the conversations of an agent, those in the trash left out. */
export async function countQueued(db: Read, agent_id: string): Promise<number> {
  const row = await db
    .selectFrom('inbox')
    .innerJoin('conversation', 'conversation.id', 'inbox.conversation_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('conversation.agent_id', '=', agent_id)
    .where('conversation.deleted_at', 'is', null)
    .where('inbox.state', '=', 'queued')
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Lists the conversations in which something waits. */
export async function listWaitingConversations(db: Read): Promise<string[]> {
  const rows = await db
    .selectFrom('inbox')
    .innerJoin('conversation', 'conversation.id', 'inbox.conversation_id')
    .select('inbox.conversation_id')
    .distinct()
    .where('inbox.state', '=', 'queued')
    .where('conversation.deleted_at', 'is', null)
    .execute();
  return rows.map((row) => row.conversation_id);
}

/** Ties a sent message to the run that answers it. */
export async function claimInbox(
  tx: Write,
  claim: {
    readonly inbox_id: string;
    readonly run_id: string;
    readonly message_id: string;
    readonly instance_id: string;
    readonly now: string;
  },
): Promise<void> {
  const { inbox_id, now, ...rest } = claim;
  await tx
    .updateTable('inbox')
    .set({ ...rest, state: 'running', lease_until: leaseFrom(now) })
    .where('id', '=', inbox_id)
    .execute();
}

/** Marks the message of a run as answered, or at least tried. */
export async function closeInboxOfRun(tx: Write, run_id: string): Promise<void> {
  await tx
    .updateTable('inbox')
    .set({ state: 'done', lease_until: null })
    .where('run_id', '=', run_id)
    .execute();
}

/** Takes back a message that still waits. Throws `not_found`, `conflict` when its run has begun. */
export async function withdrawInbox(tx: Write, inbox_id: string): Promise<InboxRow> {
  const row = await readInbox(tx, inbox_id);
  if (row.state === 'withdrawn') return row;
  if (row.state !== 'queued') {
    throw new AppError('conflict', 'This message is no longer waiting; stop its run instead.', {
      details: { inbox_id, state: row.state },
    });
  }
  await tx.updateTable('inbox').set({ state: 'withdrawn' }).where('id', '=', inbox_id).execute();
  return { ...row, state: 'withdrawn' };
}

/** Turns a row into the queued message of the contract. */
export function toQueuedMessage(row: InboxRow): QueuedMessage {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    otid: row.otid,
    role: row.role,
    text: row.payload.text,
    created_at: row.created_at,
  };
}

function toInboxRow(row: Selectable<Schema['inbox']>): InboxRow {
  return { ...row, role: row.role as InboxRow['role'], payload: fromJson(row.payload) };
}
