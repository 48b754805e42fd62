import { type RawBuilder, sql } from 'kysely';
import type { ActivityKind } from '../../../shared/contract/activity.ts';
import type { Read } from '../database.ts';
import { comparePlaces, mergePages, type Place, type PlacePage } from './place.ts';
import { type ActivityFilter, type Source, SOURCES } from './sources.ts';

/** A page of what happened. */
export type ActivityPage = ActivityFilter & {
  readonly kinds?: readonly ActivityKind[] | undefined;
  /** Words that each have to be there. */
  readonly words: readonly string[];
  /** Only what is older than this place. */
  readonly after: Place | null;
  readonly limit: number;
};

/** Rows of a kind that a search looks at for one page, so that no page waits for a whole store. */
const SEARCHED_ROWS = 2000;

/** Finds the places of a page, the newest first. `next` is where to go on; `null` at the end. */
export async function findPlaces(
  db: Read,
  page: ActivityPage,
): Promise<{ places: Place[]; next: Place | null }> {
  const pages: PlacePage[] = [];
  for (const source of SOURCES) {
    if (page.kinds?.includes(source.kind) === false) continue;
    pages.push(await findOfSource(db, source, page));
  }
  return mergePages(pages, page.limit);
}

async function findOfSource(db: Read, source: Source, page: ActivityPage): Promise<PlacePage> {
  const conditions = source.conditions(page);
  if (conditions === null) return { places: [], reached: null };
  const where = sql.join(
    [sql`true`, ...conditions, ...within(source, page), ...olderThan(source, page.after)],
    sql` and `,
  );
  const places =
    page.words.length === 0
      ? await placesOf(db, source, rowsOf(source, where, page.limit))
      : await placesOf(db, source, withWords(source, where, page));
  const [last] = places.slice(page.limit - 1);
  if (last !== undefined) return { places, reached: last };
  if (page.words.length === 0) return { places, reached: null };
  const [edge] = await placesOf(db, source, sql`${rowsOf(source, where, 1)} offset ${SEARCHED_ROWS - 1}`);
  return { places, reached: edge ?? null };
}

async function placesOf(db: Read, { rank }: Source, query: RawBuilder<unknown>): Promise<Place[]> {
  const { rows } = await sql<{ rowid: number; at: string }>`${query}`.execute(db);
  return rows.map(({ rowid, at }) => ({ at, rank, rowid })).toSorted(comparePlaces);
}

function rowsOf({ table, at }: Source, where: RawBuilder<unknown>, limit: number): RawBuilder<unknown> {
  const moment = sql.ref(`t.${at}`);
  return sql`select t.rowid as rowid, ${moment} as at from ${sql.table(table)} as t where ${where}
    order by ${moment} desc, t.rowid desc limit ${limit}`;
}

function withWords(source: Source, where: RawBuilder<unknown>, page: ActivityPage): RawBuilder<unknown> {
  const moment = sql.ref(`t.${source.at}`);
  const looked = sql`select t.*, t.rowid as place from ${sql.table(source.table)} as t where ${where}
    order by ${moment} desc, t.rowid desc limit ${SEARCHED_ROWS}`;
  const found = page.words.map((word) => sql`(${sql.join(source.holds(patternOf(word)), sql` or `)})`);
  return sql`select t.place as rowid, ${moment} as at from (${looked}) as t
    where ${sql.join(found, sql` and `)} limit ${page.limit}`;
}

function within({ at }: Source, { since }: ActivityPage): RawBuilder<unknown>[] {
  return since === undefined ? [] : [sql`${sql.ref(`t.${at}`)} >= ${since}`];
}

function olderThan({ at, rank }: Source, after: Place | null): RawBuilder<unknown>[] {
  if (after === null) return [];
  const moment = sql.ref(`t.${at}`);
  if (rank > after.rank) return [sql`${moment} < ${after.at}`];
  if (rank < after.rank) return [sql`${moment} <= ${after.at}`];
  return [sql`${moment} <= ${after.at}`, sql`(${moment} < ${after.at} or t.rowid < ${after.rowid})`];
}

function patternOf(word: string): string {
  return `%${word.replaceAll(/[\\%_]/gu, '\\$&')}%`;
}

/** The place of one thing by its id, `null` when it is not here. A message goes by the id of its run. */
export async function findPlace(db: Read, id: string): Promise<Place | null> {
  const prefix = id.slice(0, id.indexOf('-'));
  for (const source of SOURCES) {
    if (!TABLES[prefix]?.includes(source.table)) continue;
    const query = sql`select t.rowid as rowid, ${sql.ref(`t.${source.at}`)} as at
      from ${sql.table(source.table)} as t where t.id = ${id}`;
    const [place] = await placesOf(db, source, query);
    if (place !== undefined) return place;
  }
  return null;
}

const TABLES: Readonly<Record<string, readonly Source['table'][]>> = {
  step: ['step'],
  run: ['run'],
  summary: ['summary'],
  approval: ['approval'],
  proposal: ['proposal'],
  change: ['block_version', 'passage_version'],
};
