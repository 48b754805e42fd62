import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Passage } from '../../shared/contract/archive.ts';
import type { Actor } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';

/** An entry as stored; `ord` is its row in the index, `deleted_at` says since when it is in the trash. */
export type StoredPassage = Passage & {
  readonly ord: number;
  readonly token_count: number;
  readonly deleted_at: string | null;
};

/** Which entries count. Bounds are UTC text of fixed width. */
export type PassageFilter = {
  readonly archive_id: string;
  readonly tags: readonly string[];
  readonly tag_match_mode: 'any' | 'all';
  /** From this time on. */
  readonly from: string | null;
  /** Before this time. */
  readonly before: string | null;
  /** Only entries with this text in theirs, whatever its case; absent: all. */
  readonly contains?: string | undefined;
};

/** A place in a list. */
export type PassageCursor = { readonly created_at: string; readonly ord: number };

/** What of a list is wanted: entries strictly between two places, in an order by time of creation. */
export type PassagePage = {
  /** Default: newest first. */
  readonly order?: 'asc' | 'desc' | undefined;
  /** In the order asked for; `null` for the beginning. */
  readonly after: PassageCursor | null;
  /** In the order asked for; absent or `null` for the end. */
  readonly before?: PassageCursor | null | undefined;
  readonly limit: number;
};

/** A row of `passage` with its tags as JSON. */
export type PassageRow = Omit<Schema['passage'], 'ord'> & { readonly ord: number; readonly tags: string };

/** Inserts an entry without its tags. Answers its `ord`. */
export async function insertPassage(
  tx: Write,
  passage: Omit<StoredPassage, 'ord' | 'tags'>,
): Promise<number> {
  const { metadata, ...columns } = passage;
  const row = await tx
    .insertInto('passage')
    .values({ ...columns, metadata: toJson(metadata) })
    .returning('ord')
    .executeTakeFirstOrThrow();
  return row.ord;
}

/** Inserts the tags of an entry. */
export async function insertTags(tx: Write, passage_ord: number, tags: readonly string[]): Promise<void> {
  if (tags.length === 0) return;
  await tx
    .insertInto('passage_tag')
    .values(tags.map((tag) => ({ passage_ord, tag })))
    .execute();
}

/** Removes the tags of an entry. */
export async function deleteTags(tx: Write, passage_ord: number): Promise<void> {
  await tx.deleteFrom('passage_tag').where('passage_ord', '=', passage_ord).execute();
}

/** Writes text, version and trash mark of an entry still at `base_version`; throws `conflict` when it moved on. */
export async function updatePassageRow(
  tx: Write,
  passage: StoredPassage,
  base_version: number,
): Promise<void> {
  const { text, token_count, version, updated_at, deleted_at } = passage;
  const result = await tx
    .updateTable('passage')
    .set({ text, token_count, version, updated_at, deleted_at })
    .where('id', '=', passage.id)
    .where('version', '=', base_version)
    .executeTakeFirstOrThrow();
  if (result.numUpdatedRows !== 1n) {
    throw new AppError('conflict', 'The entry was changed meanwhile. Read it again, then repeat the edit.', {
      details: { passage_id: passage.id, base_version },
    });
  }
}

/** Reads an entry even when it is in the trash, or `null`. */
export async function getStoredPassage(read: Read, passage_id: string): Promise<StoredPassage | null> {
  const row = await selectPassages(read).where('passage.id', '=', passage_id).executeTakeFirst();
  return row === undefined ? null : toStored(row);
}

/** A page of entries. Its cost does not grow with the entries in front of it. */
export async function listPassages(
  read: Read,
  filter: PassageFilter,
  page: PassagePage,
): Promise<StoredPassage[]> {
  const { order = 'desc', after, before = null, limit } = page;
  let query = selectPassages(read).where(passageCondition(filter));
  if (after !== null) query = query.where(isBeyond(after, order));
  if (before !== null) query = query.where(isBeyond(before, order === 'asc' ? 'desc' : 'asc'));
  const rows = await query
    .orderBy('passage.created_at', order)
    .orderBy('passage.ord', order)
    .limit(limit)
    .execute();
  return rows.map(toStored);
}

function isBeyond({ created_at, ord }: PassageCursor, order: 'asc' | 'desc'): RawBuilder<boolean> {
  const sign = order === 'asc' ? sql`>` : sql`<`;
  return sql<boolean>`(passage.created_at, passage.ord) ${sign} (${created_at}, ${ord})`;
}

/** Number of entries. */
export async function countPassages(read: Read, filter: PassageFilter): Promise<number> {
  const row = await read
    .selectFrom('passage')
    .select((query) => query.fn.countAll<number>().as('total'))
    .where(passageCondition(filter))
    .executeTakeFirstOrThrow();
  return row.total;
}

/** Tags in use with the number of entries, most used first. */
export async function listTags(read: Read, archive_id: string): Promise<{ tag: string; count: number }[]> {
  return read
    .selectFrom('passage')
    .innerJoin('passage_tag', 'passage_tag.passage_ord', 'passage.ord')
    .select((query) => ['passage_tag.tag', query.fn.countAll<number>().as('count')])
    .where('passage.archive_id', '=', archive_id)
    .where('passage.deleted_at', 'is', null)
    .groupBy('passage_tag.tag')
    .orderBy('count', 'desc')
    .orderBy('passage_tag.tag')
    .execute();
}

/** The tags of a row of `passage`, as a JSON list. */
export const tagsColumn = sql<string>`(select json_group_array(tag order by tag) from passage_tag
  where passage_ord = passage.ord)`.as('tags');

function selectPassages(read: Read): SelectQueryBuilder<Schema, 'passage', PassageRow> {
  return read.selectFrom('passage').selectAll('passage').select(tagsColumn);
}

/** The condition of a filter, for the `passage` table. */
export function passageCondition(filter: PassageFilter): RawBuilder<boolean> {
  const { archive_id, tags, tag_match_mode, from, before, contains = '' } = filter;
  const parts = [sql`passage.archive_id = ${archive_id} and passage.deleted_at is null`];
  if (from !== null) parts.push(sql`passage.created_at >= ${from}`);
  if (before !== null) parts.push(sql`passage.created_at < ${before}`);
  if (contains !== '') parts.push(sql`passage.text glob ${patternOf(contains)}`);
  if (tags.length > 0) {
    const distinct = [...new Set(tags)];
    const needed = tag_match_mode === 'all' ? distinct.length : 1;
    parts.push(sql`(select count(*) from passage_tag where passage_ord = passage.ord
      and tag in (select value from json_each(${toJson(distinct)}))) >= ${needed}`);
  }
  return sql<boolean>`${sql.join(parts, sql` and `)}`;
}

// SQLite folds the case of ASCII letters only, so the pattern itself names both cases of every letter.
function patternOf(text: string): string {
  const signs = Array.from(text).map((sign) => {
    const cases = new Set([sign, sign.toLowerCase(), sign.toUpperCase()]);
    const single = [...cases].filter((each) => Array.from(each).length === 1);
    return single.length > 1 || '*?['.includes(sign) ? `[${single.join('')}]` : sign;
  });
  return `*${signs.join('')}*`;
}

/** An entry from its row. */
export function toStored(row: PassageRow): StoredPassage {
  return {
    ord: row.ord,
    id: row.id,
    archive_id: row.archive_id,
    text: row.text,
    tags: fromJson<string[]>(row.tags),
    metadata: fromJson<Record<string, unknown>>(row.metadata),
    actor: row.actor as Actor,
    token_count: row.token_count,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
    deleted_at: row.deleted_at,
  };
}

/** Drops what only the store knows. */
export function toPassage(stored: StoredPassage): Passage {
  const { ord: _ord, token_count: _count, deleted_at: _deleted, ...passage } = stored;
  return passage;
}
