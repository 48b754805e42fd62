import { sql } from 'kysely';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import type { Read } from '../database.ts';
import { fromBlockRow, fromPassageRow } from '../memory-changes.ts';

/** Reads changes by their rows, each with its row. */
export async function listChangesAt(
  db: Read,
  kind: MemoryChange['kind'],
  rowids: readonly number[],
): Promise<Map<number, MemoryChange>> {
  if (kind === 'block') {
    const rows = await db
      .selectFrom('block_version')
      .selectAll()
      .select(sql<number>`rowid`.as('place'))
      .where(sql<number>`rowid`, 'in', rowids)
      .execute();
    return new Map(rows.map((row) => [row.place, fromBlockRow(row)]));
  }
  const rows = await db
    .selectFrom('passage_version')
    .selectAll()
    .select(sql<number>`rowid`.as('place'))
    .where(sql<number>`rowid`, 'in', rowids)
    .execute();
  return new Map(rows.map((row) => [row.place, fromPassageRow(row)]));
}

/** Reads which agents have blocks or entries in their memory, by the id of the block or entry. */
export async function readOwners(
  db: Read,
  kind: MemoryChange['kind'],
  target_ids: readonly string[],
): Promise<Map<string, string[]>> {
  if (target_ids.length === 0) return new Map();
  const rows =
    kind === 'block'
      ? await db
          .selectFrom('agent_block')
          .select(['block_id as target_id', 'agent_id'])
          .where('block_id', 'in', target_ids)
          .execute()
      : await db
          .selectFrom('passage')
          .innerJoin('agent_archive', 'agent_archive.archive_id', 'passage.archive_id')
          .select(['passage.id as target_id', 'agent_archive.agent_id'])
          .where('passage.id', 'in', target_ids)
          .execute();
  const owners = new Map<string, string[]>();
  for (const { target_id, agent_id } of rows) {
    owners.set(target_id, [...(owners.get(target_id) ?? []), agent_id]);
  }
  return owners;
}
