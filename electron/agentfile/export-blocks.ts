import type { BackupRow, BackupRows } from '../store/import.ts';
import type { AgentOrigin } from './origin.ts';

/**
 * The blocks of an agent in prompt order, those in the trash left out. A block of a file keeps its id there, the others
 * get ids that no block of that file has.
 */
export function exportBlocks(rows: BackupRows, origin: AgentOrigin | undefined): Record<string, unknown>[] {
  const byId = new Map(rows.block.map((row) => [row['id'], row]));
  const known = [...Object.values(origin?.blocks ?? {}), ...(origin?.unattached_blocks ?? [])];
  const taken = new Set(known.map(({ id }) => id));
  let next = 0;
  const freshId = (): string => {
    while (taken.has(`block-${next}`)) next += 1;
    taken.add(`block-${next}`);
    return `block-${next}`;
  };
  return rows.agent_block.flatMap((link) => {
    const row = byId.get(link['block_id'] ?? null);
    if (row === undefined || row['deleted_at'] !== null) return [];
    const came: Readonly<Record<string, unknown>> = origin?.blocks[String(row['id'])] ?? {};
    return [exportBlock(row, came, typeof came['id'] === 'string' ? came['id'] : freshId())];
  });
}

function exportBlock(
  row: BackupRow,
  came: Readonly<Record<string, unknown>>,
  id: string,
): Record<string, unknown> {
  const tags: unknown = JSON.parse(String(row['tags']));
  const withTags = 'tags' in came || JSON.stringify(tags) !== '[]' || !('id' in came);
  return {
    ...came,
    id,
    label: row['label'],
    value: row['value'],
    limit: row['char_limit'],
    description: row['description'],
    read_only: row['read_only'] === 1,
    metadata: keep(came, 'metadata', JSON.parse(String(row['metadata'])), {}),
    ...(withTags ? { tags: keep(came, 'tags', tags, []) } : {}),
  };
}

/** A value as it came when it still says the same: an empty one may have come as null or not at all. */
export function keep(
  came: Readonly<Record<string, unknown>>,
  key: string,
  value: unknown,
  empty: unknown,
): unknown {
  return key in came && JSON.stringify(value) === JSON.stringify(empty) ? came[key] : value;
}
