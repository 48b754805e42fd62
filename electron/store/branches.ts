import type { Selectable } from 'kysely';
import type { Conversation } from '../../shared/contract/conversations.ts';
import { windowAt, type WindowHome } from './branch-window.ts';
import { insertConversation } from './conversations.ts';
import type { Write } from './database.ts';
import type { Schema } from './schema.ts';
import { readTalk } from './talk.ts';

/** What a branch is made of. */
export type NewBranch = Pick<WindowHome, 'summaryText'> & {
  readonly id: string;
  readonly agent_id: string;
  /** The talk it leaves, and the number of the last message it shares; 0 for none. */
  readonly conversation_id: string;
  readonly fork_seq: number;
  readonly title: string;
  readonly now: string;
};

/**
 * Opens a branch of a talk: it has the talk up to a message, and in its window what the model saw of that. Memory is
 * looked at afresh, since what the model was told of it later is not in the branch.
 */
export async function insertBranch(tx: Write, fresh: NewBranch): Promise<Conversation> {
  const { id, agent_id, title, now, fork_seq } = fresh;
  const talk = await readTalk(tx, fresh.conversation_id);
  // Of whoever holds the message it follows: no walk through a conversation that adds nothing.
  const holder = talk.findLast(({ after_seq }) => fork_seq > after_seq) ?? talk[0];
  const branch_of = { conversation_id: holder?.conversation_id ?? fresh.conversation_id, fork_seq };
  const home = { conversation_id: fresh.conversation_id, seq: fork_seq, summaryText: fresh.summaryText };
  const entries = await windowAt(tx, talk, home);
  const branch = await insertConversation(tx, { id, agent_id, title, is_default: false, branch_of, now });
  const rows = entries.map((entry, index): Selectable<Schema['window_entry']> => {
    return { conversation_id: id, ord: index + 1, ...entry };
  });
  for (const row of rows) await tx.insertInto('window_entry').values(row).execute();
  return branch;
}

/** Finds the branch that a person's repeated request made already, and the message it brought; or `null`. */
export async function findBranchOf(
  tx: Write,
  sent: { readonly parent_ids: readonly string[]; readonly fork_seq: number; readonly otid: string },
): Promise<{ readonly conversation_id: string; readonly inbox_id: string } | null> {
  const row = await tx
    .selectFrom('conversation')
    .innerJoin('inbox', 'inbox.conversation_id', 'conversation.id')
    .select(['conversation.id as conversation_id', 'inbox.id as inbox_id'])
    .where('conversation.parent_id', 'in', sent.parent_ids)
    .where('conversation.fork_seq', '=', sent.fork_seq)
    .where('conversation.deleted_at', 'is', null)
    .where('inbox.otid', '=', sent.otid)
    .executeTakeFirst();
  return row ?? null;
}
