import type { Write } from '../database.ts';

/** Sets where the next message of a conversation goes on: its number, and the digest it is chained to. */
export async function setTalkEnd(
  tx: Write,
  conversation_id: string,
  end: { readonly next_seq: number; readonly digest: string },
): Promise<void> {
  await tx.updateTable('conversation').set(end).where('id', '=', conversation_id).execute();
}
