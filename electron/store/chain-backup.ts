import { chainDigest, toJson } from './encoding.ts';
import type { BackupRow } from './import.ts';
import type { Pause } from './pause.ts';

/**
 * Messages of a backup with digests chained anew, per conversation, and the last digest of each: the same facts in the
 * same order as `appendMessage` chains them.
 */
export async function chainMessages(
  rows: readonly BackupRow[],
  pause: Pause,
): Promise<{ rows: BackupRow[]; heads: Map<string, string> }> {
  const heads = new Map<string, string>();
  const ordered = rows.toSorted((a, b) => Number(a['seq']) - Number(b['seq']));
  const digests = new Map<BackupRow, string>();
  for (const row of ordered) {
    await pause();
    const home = String(row['conversation_id']);
    const facts = ['id', 'seq', 'role', 'created_at', 'content', 'tool_calls', 'tool_call_id', 'status'];
    const digest = chainDigest(
      heads.get(home) ?? '',
      facts.map((name) => String(row[name] ?? '')),
    );
    heads.set(home, digest);
    digests.set(row, digest);
  }
  const chained: BackupRow[] = [];
  for (const row of rows) {
    await pause();
    chained.push({ ...row, digest: digests.get(row) ?? '' });
  }
  return { rows: chained, heads };
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
