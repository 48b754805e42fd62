import { sql } from 'kysely';
import type { Write } from '../database.ts';
import type { Look } from './look.ts';

/** What SQLite says of a part of the file: the table that was looked at, and its words. */
export type IntegrityFault = {
  readonly table: string;
  readonly words: string;
  /** The index it is about; `null` when it is about the table itself. */
  readonly index: string | null;
};

const OF_INDEX = /(?:missing from index|wrong # of entries in index|non-unique entry in index) (\S+)/;

/** Reads the whole file through, table by table: pages, indexes, the inside of the search indexes. */
export async function findIntegrityFaults(look: Look): Promise<IntegrityFault[]> {
  const tables = look.raw
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not like '%\\_fts\\_%' escape '\\'",
    )
    .pluck()
    .all() as string[];
  const found: IntegrityFault[] = [];
  for (const table of tables) {
    await look.pause();
    for (const words of checkTable(look, table)) {
      found.push({ table, words, index: OF_INDEX.exec(words)?.[1] ?? null });
    }
  }
  return found;
}

function checkTable({ raw }: Look, table: string): string[] {
  try {
    const rows = raw.pragma(`integrity_check("${table}")`) as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((words) => words !== 'ok');
  } catch (cause) {
    // Damage may keep the check itself from running; that is a finding, too.
    return [cause instanceof Error ? cause.message : String(cause)];
  }
}

/** Makes an index of SQLite anew from its table. */
export async function remakeIndex(tx: Write, index: string): Promise<void> {
  await sql`reindex ${sql.ref(index)}`.execute(tx);
}
