import { chainDigest, toJson } from './encoding.ts';
import type { BackupRow, BackupRows } from './import.ts';
import type { Pause } from './pause.ts';
import { segmentsOf, type TalkHome } from './talk.ts';

/**
 * Messages of a backup with digests chained anew, per conversation, and the last digest of each: the same facts in the
 * same order as `appendMessage` chains them. A branch goes on from its parent's digest where it left it.
 */
export async function chainMessages(
  { message, conversation }: Pick<BackupRows, 'message' | 'conversation'>,
  pause: Pause,
): Promise<{ rows: BackupRow[]; heads: Map<string, string> }> {
  const homes = new Map(conversation.map((row) => [String(row['id']), toHome(row)]));
  const chain = new Map<string, string>();
  // By number over all conversations: what a branch goes on from comes before its own.
  const ordered = message.toSorted((a, b) => Number(a['seq']) - Number(b['seq']));
  const digests = new Map<BackupRow, string>();
  for (const row of ordered) {
    await pause();
    const home = String(row['conversation_id']);
    const before = digestAt(homes, chain, { id: home, seq: Number(row['seq']) - 1 });
    const facts = ['id', 'seq', 'role', 'created_at', 'content', 'tool_calls', 'tool_call_id', 'status'];
    const digest = chainDigest(
      before,
      facts.map((name) => String(row[name] ?? '')),
    );
    chain.set(`${home} ${String(row['seq'])}`, digest);
    digests.set(row, digest);
  }
  const rows: BackupRow[] = [];
  for (const row of message) {
    await pause();
    rows.push({ ...row, digest: digests.get(row) ?? '' });
  }
  const heads = conversation.map((row): [string, string] => {
    const id = String(row['id']);
    return [id, digestAt(homes, chain, { id, seq: Number(row['next_seq']) - 1 })];
  });
  return { rows, heads: new Map(heads) };
}

function digestAt(
  homes: ReadonlyMap<string, TalkHome>,
  chain: ReadonlyMap<string, string>,
  { id, seq }: { readonly id: string; readonly seq: number },
): string {
  const own = chain.get(`${id} ${seq}`);
  if (own !== undefined) return own;
  const segments = segmentsOf(id, (one) => homes.get(one));
  const holder = segments.find(
    ({ after_seq, to_seq }) => seq > after_seq && (to_seq === null || seq <= to_seq),
  );
  return holder === undefined ? '' : (chain.get(`${holder.conversation_id} ${seq}`) ?? '');
}

/** What a row of a backup says of where its talk begins. */
export function toHome(row: BackupRow): TalkHome {
  const { parent_id, fork_seq } = row;
  return {
    id: String(row['id']),
    parent_id: typeof parent_id === 'string' ? parent_id : null,
    fork_seq: typeof fork_seq === 'number' ? fork_seq : null,
  };
}

/**
 * Versions of a backup with digests chained anew, per block or entry: the same facts in the same order as
 * `insertBlockVersion` and `insertPassageVersion` chain them. `rest` is the column with what else a version holds.
 */
export function chainVersions(rows: readonly BackupRow[], owner: string, rest: string): BackupRow[] {
  const heads = new Map<string, string>();
  const ordered = rows.toSorted((a, b) => Number(a['version']) - Number(b['version']));
  return ordered.map((row) => {
    const id = String(row[owner]);
    const facts = ['id', 'version', 'operation', 'actor', 'created_at', rest].map((name) =>
      String(row[name] ?? ''),
    );
    const texts = [toJson(row['before'] ?? null), toJson(row['after'] ?? null)];
    const digest = chainDigest(heads.get(id) ?? '', [...facts, ...texts]);
    heads.set(id, digest);
    return { ...row, digest };
  });
}
