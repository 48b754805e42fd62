import type { Database } from '../../electron/store/database.ts';

/** How many rows each table has, the search index included. */
export function rowCounts({ raw }: Pick<Database, 'raw'>): Record<string, unknown> {
  const tables = raw.prepare("select name from sqlite_schema where type = 'table'").pluck().all() as string[];
  return Object.fromEntries(
    tables.map((name) => [name, raw.prepare(`select count(*) from "${name}"`).pluck().get()]),
  );
}
