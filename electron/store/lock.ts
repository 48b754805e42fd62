import { existsSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import { makeFolder, storeFailure } from './failures.ts';
import { readSchemaVersion } from './header.ts';
import { migrations } from './migrations/index.ts';
import { STORE_FILE } from './open.ts';

/** A held lock: keep it, since a lock that nothing refers to is freed. `release` frees the folder, as does a kill. */
export type FolderLock = { readonly release: () => void };

/** Marks a lock file that was taken by whoever knew that nobody used the store ("MEMO"). */
const MARK = 0x4d45_4d4f;

/**
 * Takes the data folder for this process alone. SQLite's own file lock is used because it is freed by the system when
 * a process dies and needs no native code of ours. A lock file that is new, or broken and so replaced, says nothing
 * about others; then the store itself is asked. Throws `store_locked`, `store_full`, `store_read_only`.
 */
export function lockFolder(dataDir: string): FolderLock {
  makeFolder(dataDir);
  const path = join(dataDir, 'lock.db');
  const handle = translate(dataDir, () => takeOrReplace(path));
  try {
    translate(dataDir, () => {
      if (handle.pragma('application_id', { simple: true }) !== MARK) {
        assertUnused(join(dataDir, STORE_FILE));
        handle.pragma(`application_id = ${MARK}`);
      }
      handle.exec('commit');
    });
  } catch (cause) {
    handle.close();
    throw cause;
  }
  return { release: () => void handle.close() };
}

function takeOrReplace(path: string): SqliteHandle.Database {
  try {
    return take(path);
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    if (code !== 'SQLITE_NOTADB' && code !== 'SQLITE_CORRUPT') throw cause;
    // SQLite reads a file only once it may, so nobody holds this one, and it holds nothing. It is emptied rather than
    // deleted, so that whoever does the same at this moment still meets the same file.
    truncateSync(path, 0);
    return take(path);
  }
}

function take(path: string): SqliteHandle.Database {
  const handle = new SqliteHandle(path);
  try {
    handle.pragma('busy_timeout = 0');
    // The lock outlives the transaction that writes the mark, and no journal appears beside the file.
    handle.pragma('locking_mode = EXCLUSIVE');
    handle.pragma('journal_mode = MEMORY');
    handle.exec('begin exclusive');
    return handle;
  } catch (cause) {
    handle.close();
    throw cause;
  }
}

// Every connection to a store in WAL mode shares a lock on its file for as long as it is open.
function assertUnused(path: string): void {
  if (!mayOpen(path)) return;
  const probe = new SqliteHandle(path, { fileMustExist: true });
  try {
    probe.pragma('busy_timeout = 0');
    probe.pragma('locking_mode = EXCLUSIVE');
    probe.exec('begin immediate; rollback');
  } catch (cause) {
    const failure = storeFailure(cause, 'open', path);
    // Whatever else is wrong with the store is told when it is opened.
    if (failure?.code === 'store_locked') throw cause;
  } finally {
    probe.close();
  }
}

function mayOpen(path: string): boolean {
  try {
    return existsSync(path) && readSchemaVersion(path) <= (migrations.at(-1)?.version ?? 0);
  } catch {
    // A file that can be no store is left as it is; opening says what is wrong with it.
    return false;
  }
}

function translate<Result>(dataDir: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const failure = storeFailure(cause, 'open', dataDir);
    if (failure?.code !== 'store_locked') throw failure ?? cause;
    throw new AppError(
      'store_locked',
      `Another Memoir is using ${dataDir}. Close it, or start this one with another data folder.`,
      { cause, details: { path: dataDir } },
    );
  }
}
