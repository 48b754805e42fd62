import type { Message, Run } from '../../shared/contract/conversations.ts';
import type { Read } from './database.ts';
import type { InboxRow } from './inbox.ts';
import { toMessage } from './messages.ts';
import { readRun } from './runs.ts';

/** What became of a sent message. */
export type SentMessage = {
  /** `unknown`: nothing was sent under this otid. */
  readonly state: InboxRow['state'] | 'unknown';
  readonly run: Run | null;
  /** What was said and done in the run so far, oldest first. */
  readonly messages: Message[];
};

/** Finds a sent message by the otid its sender gave it, however long ago that was. */
export async function readSentMessage(
  db: Read,
  sent: { readonly conversation_id: string; readonly otid: string },
): Promise<SentMessage> {
  const row = await db
    .selectFrom('inbox')
    .leftJoin('message', 'message.id', 'inbox.message_id')
    .select(['inbox.state', 'inbox.run_id', 'message.seq'])
    .where('inbox.conversation_id', '=', sent.conversation_id)
    .where('inbox.otid', '=', sent.otid)
    .executeTakeFirst();
  if (row === undefined) return { state: 'unknown', run: null, messages: [] };
  if (row.run_id === null || row.seq === null) return { state: row.state, run: null, messages: [] };
  // The run before its messages: one that had ended has said all of them.
  const run = await readRun(db, row.run_id);
  const answer = await db
    .selectFrom('message')
    .selectAll()
    .where('run_id', '=', row.run_id)
    .where('seq', '>', row.seq)
    .orderBy('seq')
    .execute();
  return { state: row.state, run, messages: answer.map(toMessage) };
}
