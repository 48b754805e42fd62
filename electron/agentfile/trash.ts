import type { BackupRow, BackupRows } from '../store/import.ts';

/** Rows without what is in the trash: blocks and archive entries with all their versions, conversations with theirs. */
export function withoutTrash(rows: BackupRows): BackupRows {
  const block = rows.block.filter(isLiving);
  const blocks = idsOf(block);
  const archive = rows.archive.filter(isLiving);
  const archives = idsOf(archive);
  const passage = rows.passage.filter((row) => isLiving(row) && archives.has(row['archive_id']));
  const passages = idsOf(passage);
  const ords = new Set<unknown>(passage.map((row) => row['ord']));
  return {
    ...rows,
    block,
    agent_block: rows.agent_block.filter((row) => blocks.has(row['block_id'])),
    block_version: rows.block_version.filter((row) => blocks.has(row['block_id'])),
    archive,
    agent_archive: rows.agent_archive.filter((row) => archives.has(row['archive_id'])),
    passage,
    passage_tag: rows.passage_tag.filter((row) => ords.has(row['passage_ord'])),
    passage_version: rows.passage_version.filter((row) => passages.has(row['passage_id'])),
    proposal: rows.proposal.filter(
      ({ target_id, base_version }) => base_version === 0 || blocks.has(target_id) || passages.has(target_id),
    ),
  };
}

/** A sentence about what of the trash a file holds, or none. */
export function warnOfTrash(rows: BackupRows): string[] {
  const counts: readonly (readonly [number, string, string])[] = [
    [countTrash(rows.block), 'block', 'blocks'],
    [countTrash(rows.passage), 'archive entry', 'archive entries'],
    [countTrash(rows.conversation), 'conversation', 'conversations'],
  ];
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  if (told.length === 0) return [];
  return [
    `The trash goes along in Memoir's own part of the file: ${told.join(', ')}. Export without messages to leave it out.`,
  ];
}

function countTrash(rows: readonly BackupRow[]): number {
  return rows.filter((row) => !isLiving(row)).length;
}

function isLiving(row: BackupRow): boolean {
  return row['deleted_at'] === null;
}

function idsOf(rows: readonly BackupRow[]): ReadonlySet<unknown> {
  return new Set(rows.map((row) => row['id']));
}
