import { sql } from 'kysely';
import type { MemoryChange } from '../../shared/contract/blocks.ts';
import type { Read } from './database.ts';
import { fromBlockRow, fromPassageRow } from './memory-changes.ts';
import { readTalk } from './talk.ts';

/**
 * Changes of memory that messages of a talk caused, from a number on, the newest first. What only took another change
 * back is left out: it says nothing of its own.
 */
export async function listChangesFrom(
  read: Read,
  { conversation_id, from_seq }: { readonly conversation_id: string; readonly from_seq: number },
): Promise<MemoryChange[]> {
  const found: MemoryChange[] = [];
  for (const segment of (await readTalk(read, conversation_id)).toReversed()) {
    const caused = read
      .selectFrom('message')
      .select('message.id')
      .where('message.conversation_id', '=', segment.conversation_id)
      .where('message.seq', '>', Math.max(segment.after_seq, from_seq - 1))
      .where('message.seq', '<=', segment.to_seq ?? Number.MAX_SAFE_INTEGER);
    const blocks = await read
      .selectFrom('block_version')
      .selectAll()
      .where('conversation_id', '=', segment.conversation_id)
      .where('message_id', 'in', caused)
      .where('undoes', 'is', null)
      .orderBy(sql`rowid`, 'desc')
      .execute();
    const passages = await read
      .selectFrom('passage_version')
      .selectAll()
      .where('conversation_id', '=', segment.conversation_id)
      .where('message_id', 'in', caused)
      .where('undoes', 'is', null)
      .orderBy(sql`rowid`, 'desc')
      .execute();
    found.push(...merge(blocks.map(fromBlockRow), passages.map(fromPassageRow)));
  }
  return found;
}

// Each list keeps its order, which a clock that jumps would spoil; times only place one beside the other.
function merge(left: readonly MemoryChange[], right: readonly MemoryChange[]): MemoryChange[] {
  const merged: MemoryChange[] = [];
  let next = 0;
  for (const change of left) {
    for (
      let other = right[next];
      other !== undefined && other.created_at > change.created_at;
      other = right[next]
    ) {
      merged.push(other);
      next += 1;
    }
    merged.push(change);
  }
  return [...merged, ...right.slice(next)];
}
