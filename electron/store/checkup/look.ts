import { type Database, type Read, wrapDatabase } from '../database.ts';
import { connect } from '../open.ts';
import { createPause, type Pause } from '../pause.ts';

/** The store as it is looked through: one moment of it, or the inside of a transaction. */
export type Look = {
  readonly read: Read;
  readonly raw: Database['raw'];
  /** Lets everyone else go first, now and then. */
  readonly pause: Pause;
};

/** A look at one moment: what is written meanwhile is not in it, and nobody waits for it. */
export type Moment = Look & { readonly close: () => Promise<void> };

/** Opens a look at the store as it is now, by a connection of its own. Throws the `store_` codes. */
export function openMoment(database: Database): Moment {
  const handle = connect(database.raw.name, true);
  try {
    handle.exec('begin');
    // From its first read on, the connection sees the store as it is now.
    handle.prepare('select count(*) from sqlite_schema').get();
    const own = wrapDatabase(handle, handle);
    return { read: own.read, raw: handle, pause: createPause(), close: () => own.close() };
  } catch (cause) {
    handle.close();
    throw cause;
  }
}

/** A row of a scan: its columns by name. */
export type ScanRow = Readonly<Record<string, unknown>>;

/** What to look for in a table. */
export type Scan = {
  /** The table, with an alias if the condition needs one. */
  readonly from: string;
  /** Whole number that orders the rows; `rowid` unless told. */
  readonly key?: string;
  readonly columns: string;
  /** SQL that is true for the rows wanted; its `?` are filled from `values`. */
  readonly where: string;
  readonly values?: readonly (string | number)[];
};

/** Rows looked at in one statement: a few milliseconds of work. */
const ROWS_AT_ONCE = 2000;

/** Collects the rows that fit, piece by piece, so that a large table keeps nobody waiting. */
export async function scanTable(look: Look, scan: Scan): Promise<ScanRow[]> {
  const { from, key = 'rowid', columns, where, values = [] } = scan;
  const ends = look.raw.prepare(`select min(${key}) as first, max(${key}) as last from ${from}`);
  const { first, last } = ends.get() as { first: number | null; last: number | null };
  const found: ScanRow[] = [];
  if (first === null || last === null) return found;
  const part = look.raw.prepare(
    `select ${columns} from ${from} where ${key} >= ? and ${key} < ? and (${where}) order by ${key}`,
  );
  for (let from_key = first; from_key <= last; from_key += ROWS_AT_ONCE) {
    await look.pause();
    found.push(...(part.all(from_key, from_key + ROWS_AT_ONCE, ...values) as ScanRow[]));
  }
  return found;
}

/** All rows of a small answer. */
export function selectRows(look: Look, sql: string, ...values: readonly (string | number)[]): ScanRow[] {
  return look.raw.prepare(sql).all(...values) as ScanRow[];
}
