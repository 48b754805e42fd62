import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import { type Database, wrapDatabase } from './database.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

/** Name of the store's file in the data folder. */
export const STORE_FILE = 'memoir.db';

/** An open store and what opening it took. */
export type OpenStore = {
  readonly database: Database;
  readonly path: string;
  /** Backup made before a migration, `null` when none was needed. */
  readonly backup: string | null;
  /** Looks for damage without stopping anything; resolves to the first finding or `null`. */
  readonly quickCheck: () => string | null;
};

/**
 * Opens the store of a data folder, making or migrating it. Throws `store_corrupt`, `store_newer`, `store_full`.
 * The caller holds the folder's lock.
 */
export async function openStore(
  dataDir: string,
  steps: readonly Migration[] = migrations,
): Promise<OpenStore> {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, STORE_FILE);
  assertHeader(path);
  assertKnown(schemaInHeader(path), steps);
  const handle = translateOpen(path, () => connect(path, false));
  try {
    const backup = await migrate(handle, dataDir, steps);
    const readonly = connect(path, true);
    return { database: wrapDatabase(handle, readonly), path, backup, quickCheck: () => quickCheck(readonly) };
  } catch (cause) {
    handle.close();
    throw translate(path, cause);
  }
}

const HEADER = 'SQLite format 3\u0000';

function assertHeader(path: string): void {
  if (!existsSync(path) || statSync(path).size === 0) return;
  const bytes = Buffer.alloc(HEADER.length);
  const file = openSync(path, 'r');
  readSync(file, bytes, 0, HEADER.length, 0);
  closeSync(file);
  if (bytes.toString('latin1') !== HEADER) throw corrupt(path, 'its first bytes are not those of a database');
}

const SCHEMA_OFFSET = 60;

// Read from the bytes, since merely opening a file of another journal mode would change it.
function schemaInHeader(path: string): number {
  if (!existsSync(path)) return 0;
  const bytes = Buffer.alloc(4);
  const file = openSync(path, 'r');
  readSync(file, bytes, 0, bytes.length, SCHEMA_OFFSET);
  closeSync(file);
  return bytes.readInt32BE(0);
}

function assertKnown(found: number, steps: readonly Migration[]): void {
  const known = steps.at(-1)?.version ?? 0;
  if (found <= known) return;
  throw new AppError(
    'store_newer',
    `This data was written by a newer Memoir (schema ${found}; this one knows ${known}). Nothing was changed. ` +
      'Update Memoir, or choose another data folder.',
    { details: { found, known } },
  );
}

/** Opens one connection with the pragmas every connection must have, and asserts that they took. */
export function connect(path: string, readonly: boolean): SqliteHandle.Database {
  const handle = new SqliteHandle(path, readonly ? { readonly: true } : {});
  handle.pragma('busy_timeout = 5000');
  if (!readonly) handle.pragma('journal_mode = WAL');
  handle.pragma('synchronous = FULL');
  handle.pragma('foreign_keys = ON');
  handle.pragma('temp_store = MEMORY');
  handle.pragma('cache_size = -16384');
  handle.pragma('journal_size_limit = 67108864');
  if (process.platform === 'darwin') {
    handle.pragma('fullfsync = 1');
    handle.pragma('checkpoint_fullfsync = 1');
  }
  assertPragma(handle, 'journal_mode', 'wal');
  assertPragma(handle, 'synchronous', 2);
  assertPragma(handle, 'foreign_keys', 1);
  return handle;
}

function assertPragma(handle: SqliteHandle.Database, name: string, expected: unknown): void {
  const found: unknown = handle.pragma(name, { simple: true });
  if (found !== expected) {
    throw new AppError(
      'internal',
      `The store refused ${name}=${String(expected)} (it says ${String(found)}).`,
    );
  }
}

function quickCheck(handle: SqliteHandle.Database): string | null {
  try {
    const found: unknown = handle.pragma('quick_check(1)', { simple: true });
    return found === 'ok' ? null : String(found);
  } catch (cause) {
    // Damage may keep the check itself from running; that is a finding too.
    return String(cause);
  }
}

async function migrate(
  handle: SqliteHandle.Database,
  dataDir: string,
  steps: readonly Migration[],
): Promise<string | null> {
  const current = handle.pragma('user_version', { simple: true }) as number;
  const newest = steps.at(-1)?.version ?? 0;
  assertKnown(current, steps);
  const pending = steps.filter((step) => step.version > current);
  if (pending.length === 0) return null;
  const backup = current === 0 ? null : await backUp(handle, dataDir, current);
  const run = handle.transaction(() => {
    for (const step of pending) handle.exec(step.sql);
    handle.pragma(`user_version = ${newest}`);
  });
  run.immediate();
  return backup;
}

/** Copies the store while it is open, checks the copy, then gives it its name. */
export async function backUp(
  handle: SqliteHandle.Database,
  dataDir: string,
  schema: number,
): Promise<string> {
  const folder = join(dataDir, 'backups');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `memoir-schema-${schema}-${Date.now()}.db`);
  const unfinished = `${path}.part`;
  await handle.backup(unfinished);
  const verdict = checkCopy(unfinished);
  if (verdict !== 'ok') {
    rmSync(unfinished);
    throw corrupt(path, `a backup of it failed its check: ${verdict}`);
  }
  renameSync(unfinished, path);
  return path;
}

function checkCopy(path: string): string {
  // Not read only: such a connection would leave its -wal and -shm files behind.
  const copy = new SqliteHandle(path);
  try {
    return String(copy.pragma('integrity_check(1)', { simple: true }));
  } catch (cause) {
    return String(cause);
  } finally {
    copy.close();
  }
}

function translateOpen<Result>(path: string, open: () => Result): Result {
  try {
    return open();
  } catch (cause) {
    throw translate(path, cause);
  }
}

function translate(path: string, cause: unknown): unknown {
  const code = cause instanceof Error ? (cause as { code?: unknown }).code : undefined;
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') return corrupt(path, String(cause));
  if (code === 'SQLITE_FULL') {
    return new AppError(
      'store_full',
      'The disk is full, so the store can not open. Free some space and try again.',
      {
        cause,
        details: { path },
      },
    );
  }
  return cause;
}

function corrupt(path: string, reason: string): AppError {
  return new AppError(
    'store_corrupt',
    `The store is damaged: ${reason}. Nothing was deleted. Restore a backup, or move the file away to start afresh.`,
    { details: { path } },
  );
}
