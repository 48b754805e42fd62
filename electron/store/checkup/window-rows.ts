import type { Write } from '../database.ts';
import { readTalk, type Segment } from '../talk.ts';
import { writeWindow } from '../window.ts';
import { type Look, selectRows } from './look.ts';

/** An entry of a window as it is stored, with the message or summary it shows. */
export type StoredEntry = {
  readonly kind: 'message' | 'summary' | 'memory_delta' | 'note';
  readonly ref: string;
  readonly text: string | null;
  readonly message_id: string | null;
  readonly conversation_id: string | null;
  readonly seq: number | null;
  readonly role: string | null;
  readonly tool_calls: string | null;
  readonly tool_call_id: string | null;
  readonly token_count: number | null;
  /** Last message the summary stands for. */
  readonly covers_to_seq: number | null;
};

/** Reads the window of a conversation with what its entries lead to, and of which stretches its talk consists. */
export async function readWindowRows(
  look: Look,
  conversation_id: string,
): Promise<{ readonly entries: readonly StoredEntry[]; readonly talk: readonly Segment[] }> {
  const entries = selectRows(
    look,
    `select entry.kind, entry.ref, entry.text, message.id as message_id, message.conversation_id, message.seq,
        message.role, message.tool_calls, message.tool_call_id, message.token_count, summary.covers_to_seq
      from window_entry as entry
      left join message on entry.kind = 'message' and message.id = entry.ref
      left join summary on entry.kind = 'summary' and summary.id = entry.ref
      where entry.conversation_id = ? order by entry.ord`,
    conversation_id,
  ) as unknown as StoredEntry[];
  const talk = await readTalk(look.read, conversation_id);
  return { entries, talk: [...lostParents(look, talk, entries), ...talk] };
}

/** What a branch shows of before it is still what was said there, when its parent is not there any more. */
function lostParents(look: Look, talk: readonly Segment[], entries: readonly StoredEntry[]): Segment[] {
  const [lost] = selectRows(
    look,
    `select fork_seq from conversation where id = ? and parent_id is not null
      and not exists (select 1 from conversation as parent where parent.id = conversation.parent_id)`,
    talk[0]?.conversation_id ?? '',
  );
  if (lost === undefined) return [];
  const known = new Set<string | null>(talk.map((segment) => segment.conversation_id));
  const others = new Set(entries.flatMap(({ conversation_id }) => conversation_id ?? []));
  const to_seq = Number(lost['fork_seq'] ?? 0);
  return [...others]
    .filter((conversation_id) => !known.has(conversation_id))
    .map((conversation_id) => ({ conversation_id, after_seq: 0, to_seq }));
}

/** The newest messages of a conversation after a number, oldest first, without those that came from a file. */
export function listNewestAfter(
  look: Look,
  { conversation_id, seq, limit }: { conversation_id: string; seq: number; limit: number },
): readonly { readonly id: string; readonly seq: number; readonly role: string }[] {
  return selectRows(
    look,
    `select id, seq, role from message where conversation_id = ? and seq > ? and foreign_fields = '{}'
      order by seq desc limit ?`,
    conversation_id,
    seq,
    limit,
  ).toReversed() as unknown as ReturnType<typeof listNewestAfter>;
}

/** Finds the messages of a talk that are the results of calls, by the ids of the calls. */
export function findResults(
  look: Look,
  talk: readonly Segment[],
  tool_call_ids: readonly string[],
): ReadonlyMap<string, string> {
  const wanted = JSON.stringify(tool_call_ids);
  const found = new Map<string, string>();
  for (const { conversation_id, after_seq, to_seq } of talk) {
    const rows = selectRows(
      look,
      `select id, tool_call_id from message where conversation_id = ? and seq > ? and seq <= ? and role = 'tool'
        and tool_call_id in (select value from json_each(?)) order by seq desc`,
      conversation_id,
      after_seq,
      to_seq ?? Number.MAX_SAFE_INTEGER,
      wanted,
    );
    for (const { id, tool_call_id } of rows) found.set(String(tool_call_id), String(id));
  }
  return found;
}

/** Writes a window anew, numbered from 1. */
export async function keepWindowRows(
  tx: Write,
  conversation_id: string,
  rows: readonly Pick<StoredEntry, 'kind' | 'ref' | 'text'>[],
): Promise<void> {
  await writeWindow(
    tx,
    conversation_id,
    rows.map(({ kind, ref, text }, index) => ({ ord: index + 1, kind, ref, text })),
  );
}
