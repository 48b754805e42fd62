import { AsyncLocalStorage } from 'node:async_hooks';
import type SqliteHandle from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteDialect,
  sql,
  SqliteDriver,
  type Transaction,
} from 'kysely';
import { AppError } from '../../shared/errors.ts';
import { storeFailure } from './failures.ts';
import type { Schema } from './schema.ts';

/** A handle to read with: the plain database or a transaction. */
export type Read = Kysely<Schema>;
/** A handle to write with: only a transaction is one. */
export type Write = Transaction<Schema>;

/**
 * `at_once`: on disk when the transaction answers. `with_next`: on disk no later than the next that is `at_once`, before
 * which a loss of power takes it back whole; a crash of the process takes nothing. For what nobody is told of and what is
 * done again without harm.
 */
export type Durability = 'at_once' | 'with_next';

/**
 * The store. `read` is a plain handle (throws inside a transaction: there, use the transaction's own). `transaction`
 * runs its body between `begin immediate` and `commit`, and answers once the commit is on disk, unless said otherwise. Await nothing in the
 * body but the transaction's own statements.
 */
export type Database = {
  readonly read: Read;
  readonly transaction: <Result>(
    body: (tx: Write) => Promise<Result>,
    how?: { readonly durability: Durability },
  ) => Promise<Result>;
  readonly raw: SqliteHandle.Database;
  readonly close: () => Promise<void>;
};

/** `limit 1` in words: SQLite plans a statement anew each time its limit is given beside it, at five times its cost. */
export const ONE = sql.lit(1);

const MAX_CACHED_STATEMENTS = 500;

/** Wraps an open SQLite handle. `readonly` is a second connection that never waits for the writer. */
export function wrapDatabase(handle: SqliteHandle.Database, readonly: SqliteHandle.Database): Database {
  const inside = new AsyncLocalStorage<Durability>();
  const dialect = new ImmediateDialect(cacheStatements(handle), handle, () => inside.getStore());
  const writer = new Kysely<Schema>({ dialect });
  const reader = new Kysely<Schema>({ dialect: new ReadingDialect(cacheStatements(readonly)) });
  return {
    get read() {
      if (inside.getStore() !== undefined) {
        throw new AppError('internal', 'The plain database handle was used inside a transaction.');
      }
      return reader;
    },
    transaction: (body, { durability } = { durability: 'at_once' }) => {
      if (inside.getStore() !== undefined) {
        throw new AppError('internal', 'A transaction was opened inside a transaction.');
      }
      return translate(inside.run(durability, () => writer.transaction().execute(body)));
    },
    raw: handle,
    close: async () => {
      await reader.destroy();
      // Kysely leaves open what it never used. The reader goes first: only a writer that closes last checkpoints.
      readonly.close();
      await writer.destroy();
      handle.close();
    },
  };
}

async function translate<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw storeFailure(cause, 'use') ?? cause;
  }
}

/** Tells failures of the store itself as such, whoever reads or writes. */
class TellingConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return translate(this.#connection.executeQuery<Row>(query));
  }

  async *streamQuery<Row>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<Row>> {
    try {
      yield* this.#connection.streamQuery<Row>(query, chunkSize);
    } catch (cause) {
      throw storeFailure(cause, 'use') ?? cause;
    }
  }
}

class TellingDriver extends SqliteDriver {
  #told: DatabaseConnection | null = null;

  override async acquireConnection(): Promise<DatabaseConnection> {
    return (this.#told ??= new TellingConnection(await super.acquireConnection()));
  }
}

class ReadingDialect extends SqliteDialect {
  readonly #database: SqliteHandle.Database;

  constructor(database: SqliteHandle.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new TellingDriver({ database: this.#database });
  }
}

/** A deferred `begin` fails when two writers upgrade at once, in spite of the busy timeout (SQLite, "upgrade"). */
class ImmediateDialect extends SqliteDialect {
  readonly #database: SqliteHandle.Database;
  readonly #handle: SqliteHandle.Database;
  readonly #durability: () => Durability | undefined;

  constructor(
    database: SqliteHandle.Database,
    handle: SqliteHandle.Database,
    durability: () => Durability | undefined,
  ) {
    super({ database });
    this.#database = database;
    this.#handle = handle;
    this.#durability = durability;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#database, this.#handle, this.#durability);
  }
}

class ImmediateDriver extends TellingDriver {
  readonly #handle: SqliteHandle.Database;
  readonly #durability: () => Durability | undefined;
  readonly #full: unknown;
  #is_late = false;

  constructor(
    database: SqliteHandle.Database,
    handle: SqliteHandle.Database,
    durability: () => Durability | undefined,
  ) {
    super({ database });
    this.#handle = handle;
    this.#durability = durability;
    this.#full = handle.pragma('synchronous', { simple: true });
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // It can't be changed inside of a transaction, and there is one at a time on this connection.
    if (this.#durability() === 'with_next') {
      this.#is_late = true;
      this.#handle.pragma('synchronous = NORMAL');
    }
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#restore();
  }

  #restore(): void {
    if (!this.#is_late || this.#handle.inTransaction) return;
    this.#is_late = false;
    this.#handle.pragma(`synchronous = ${String(this.#full)}`);
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk makes SQLite roll back by itself; a second rollback would fail and hide the reason.
    if (this.#handle.inTransaction) await super.rollbackTransaction(connection);
    this.#restore();
  }
}

// Kysely prepares anew for every query; the same few hundred statements serve the whole life of the process.
function cacheStatements(handle: SqliteHandle.Database): SqliteHandle.Database {
  const statements = new Map<string, SqliteHandle.Statement>();
  const prepare = (sql: string): SqliteHandle.Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = handle.prepare(sql);
    if (statements.size < MAX_CACHED_STATEMENTS) statements.set(sql, made);
    return made;
  };
  return { prepare, close: () => handle.close() } as unknown as SqliteHandle.Database;
}
