import { sql } from 'kysely';
import type { Write } from '../database.ts';
import { indexMessage, indexPassage } from '../search/full-text.ts';
import { type Look, scanTable } from './look.ts';

/** Which of the two indexes. */
export type IndexKind = 'message' | 'passage';

// The index keeps the size of each of its texts in a table of its own.
const IS_INDEXED = (kind: IndexKind, ord: string): string =>
  `exists (select 1 from ${kind}_fts_docsize as indexed where indexed.id = ${ord})`;
const IS_LIVING: Readonly<Record<IndexKind, string>> = {
  message: 'true',
  passage: 'this.deleted_at is null',
};

/** Finds texts that no search can find. */
export async function findUnindexed(look: Look, kind: IndexKind): Promise<readonly number[]> {
  const rows = await scanTable(look, {
    from: `${kind} as this`,
    key: 'this.ord',
    columns: 'this.ord',
    where: `${IS_LIVING[kind]} and not ${IS_INDEXED(kind, 'this.ord')}`,
  });
  return rows.map(({ ord }) => Number(ord));
}

/** Finds rows of an index that belong to no living text. */
export async function findStrayIndexRows(look: Look, kind: IndexKind): Promise<readonly number[]> {
  const rows = await scanTable(look, {
    from: `${kind}_fts_docsize as indexed`,
    key: 'indexed.id',
    columns: 'indexed.id',
    where: `not exists (select 1 from ${kind} as this where this.ord = indexed.id and ${IS_LIVING[kind]})`,
  });
  return rows.map(({ id }) => Number(id));
}

/** Takes a row out of an index. */
export async function unindexRow(tx: Write, kind: IndexKind, ord: number): Promise<void> {
  await sql`delete from ${sql.table(`${kind}_fts`)} where rowid = ${ord}`.execute(tx);
}

/** Makes a text findable. */
export async function indexRow(tx: Write, kind: IndexKind, ord: number): Promise<void> {
  if (kind === 'message') {
    const row = await tx
      .selectFrom('message')
      .select(['text', 'agent_id as scope'])
      .where('ord', '=', ord)
      .executeTakeFirstOrThrow();
    await indexMessage(tx, { ord, ...row });
    return;
  }
  const row = await tx
    .selectFrom('passage')
    .select(['text', 'archive_id as scope'])
    .where('ord', '=', ord)
    .executeTakeFirstOrThrow();
  await indexPassage(tx, { ord, ...row });
}

/** Empties an index, whatever state it is in. */
export async function emptyIndex(tx: Write, kind: IndexKind): Promise<void> {
  const index = sql.table(`${kind}_fts`);
  await sql`insert into ${index}(${index}) values ('delete-all')`.execute(tx);
}
