import type { Read } from './database.ts';

/** A conversation as far as it says where its talk begins. */
export type TalkHome = {
  readonly id: string;
  /** The conversation it branched off; `null` for one that holds its whole talk. */
  readonly parent_id: string | null;
  /** Number of the last message it has of its parent. */
  readonly fork_seq: number | null;
};

/** A stretch of a talk that one conversation holds: its messages after `after_seq`, up to `to_seq` if there is one. */
export type Segment = {
  readonly conversation_id: string;
  readonly after_seq: number;
  readonly to_seq: number | null;
};

/**
 * The stretches of which a talk consists, oldest first: a branch begins with what its parents said up to where it left
 * them. A parent that `find` does not know, or one met before, ends the walk.
 */
export function segmentsOf(
  conversation_id: string,
  find: (id: string) => TalkHome | undefined,
): readonly Segment[] {
  const segments: Segment[] = [];
  const met = new Set<string>();
  let home = find(conversation_id);
  let to_seq: number | null = null;
  while (home !== undefined && !met.has(home.id)) {
    met.add(home.id);
    const after_seq: number = home.parent_id === null ? 0 : (home.fork_seq ?? 0);
    // A parent may itself have left its own parent later than here.
    if (to_seq === null || to_seq > after_seq) segments.push({ conversation_id: home.id, after_seq, to_seq });
    to_seq = to_seq === null ? after_seq : Math.min(to_seq, after_seq);
    home = home.parent_id === null ? undefined : find(home.parent_id);
  }
  return segments.toReversed();
}

/** Whether a message of a conversation belongs to a talk. */
export function holdsMessage(
  segments: readonly Segment[],
  message: { readonly conversation_id: string; readonly seq: number },
): boolean {
  return segments.some(
    ({ conversation_id, after_seq, to_seq }) =>
      conversation_id === message.conversation_id &&
      message.seq > after_seq &&
      (to_seq === null || message.seq <= to_seq),
  );
}

/** Reads of which stretches a talk consists, oldest first; none for an unknown conversation. */
export async function readTalk(db: Read, conversation_id: string): Promise<readonly Segment[]> {
  const homes = new Map<string, TalkHome>();
  let next: string | null = conversation_id;
  while (next !== null && !homes.has(next)) {
    const home: TalkHome | undefined = await db
      .selectFrom('conversation')
      .select(['id', 'parent_id', 'fork_seq'])
      .where('id', '=', next)
      .executeTakeFirst();
    if (home === undefined) break;
    homes.set(home.id, home);
    next = home.parent_id;
  }
  return segmentsOf(conversation_id, (id) => homes.get(id));
}

/** The digest a talk had reached with a message; empty before the first. */
export async function readDigestAt(db: Read, talk: readonly Segment[], seq: number): Promise<string> {
  const holder = talk.find(({ after_seq, to_seq }) => seq > after_seq && (to_seq === null || seq <= to_seq));
  if (holder === undefined) return '';
  const row = await db
    .selectFrom('message')
    .select('digest')
    .where('conversation_id', '=', holder.conversation_id)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row?.digest ?? '';
}
