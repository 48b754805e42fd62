import { sql } from 'kysely';
import type { Read } from '../database.ts';
import {
  passageCondition,
  type PassageFilter,
  type PassageRow,
  type StoredPassage,
  tagsColumn,
  toStored,
} from '../passages.ts';

/** An entry found, with its score: greater is better. */
export type FoundPassage = { readonly passage: StoredPassage; readonly score: number };

/** Entries of an index expression that pass the filter, best first. The filter applies before the limit. */
export async function searchPassages(
  read: Read,
  match: string,
  filter: PassageFilter,
  limit: number,
): Promise<FoundPassage[]> {
  // A cross join keeps SQLite from walking the archive and asking the index about every entry.
  const found = await sql<PassageRow & { rank: number }>`select passage.*, ${tagsColumn},
      bm25(passage_fts, 0.0, 1.0) as rank
    from passage_fts cross join passage on passage.ord = passage_fts.rowid
    where passage_fts match ${match} and ${passageCondition(filter)}
    order by rank, passage.ord desc limit ${limit}`.execute(read);
  return found.rows.map((row) => ({ passage: toStored(row), score: -row.rank }));
}

/** Number of entries of an index expression that pass the filter. */
export async function countMatches(read: Read, match: string, filter: PassageFilter): Promise<number> {
  const found = await sql<{ total: number }>`select count(*) as total from passage_fts
    cross join passage on passage.ord = passage_fts.rowid
    where passage_fts match ${match} and ${passageCondition(filter)}`.execute(read);
  return found.rows[0]?.total ?? 0;
}
