import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import { type Database, wrapDatabase } from './database.ts';
import { damaged, makeFolder, storeFailure } from './failures.ts';
import { readSchemaVersion } from './header.ts';
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
 * Opens the store of a data folder, making or migrating it. Throws `store_corrupt`, `store_newer`, `store_full`,
 * `store_read_only`, `store_locked`. The caller holds the folder's lock.
 */
export async function openStore(
  dataDir: string,
  steps: readonly Migration[] = migrations,
): Promise<OpenStore> {
  makeFolder(dataDir);
  const path = join(dataDir, STORE_FILE);
  try {
    assertKnown(readSchemaVersion(path), steps);
    return await openFile(path, dataDir, steps);
  } catch (cause) {
    throw storeFailure(cause, 'open', path) ?? cause;
  }
}

async function openFile(path: string, dataDir: string, steps: readonly Migration[]): Promise<OpenStore> {
  const handle = connect(path, false);
  try {
    const backup = await migrate(handle, dataDir, steps);
    const readonly = connect(path, true);
    return { database: wrapDatabase(handle, readonly), path, backup, quickCheck: () => quickCheck(readonly) };
  } catch (cause) {
    handle.close();
    throw cause;
  }
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
  try {
    setPragmas(handle, readonly);
    return handle;
  } catch (cause) {
    handle.close();
    throw cause;
  }
}

function setPragmas(handle: SqliteHandle.Database, readonly: boolean): void {
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
  makeFolder(folder);
  const path = join(folder, `memoir-schema-${schema}-${Date.now()}.db`);
  const unfinished = `${path}.part`;
  await handle.backup(unfinished);
  const verdict = checkCopy(unfinished);
  if (verdict !== 'ok') {
    rmSync(unfinished);
    throw damaged(path, `a backup of it failed its check: ${verdict}`);
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

/**
 * What to tell about a failure that came while work began on an open store: damage where damage is the reason, else
 * the failure itself. Damage shows in many ways, such as a row that is missing, so the store is looked through.
 */
export function blameStore(error: unknown, store: OpenStore | null): unknown {
  // The words of a failed read or write are meant for someone at work; here nothing has begun.
  const failure = storeFailure(error instanceof AppError ? error.cause : error, 'open', store?.path);
  if (error instanceof AppError && error.code.startsWith('store_'))
    return store === null ? error : (failure ?? error);
  if (failure !== null || store === null || store.quickCheck() === null) return failure ?? error;
  return damaged(store.path, 'a part of it can not be read');
}
