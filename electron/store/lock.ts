import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';

/** A held lock: keep it, since a lock that nothing refers to is freed. `release` frees the folder, as does a kill. */
export type FolderLock = { readonly release: () => void };

/**
 * Takes the data folder for this process alone. SQLite's own file lock is used because it is freed by the system when
 * a process dies and needs no native code of ours. Throws `store_locked`.
 */
export function lockFolder(dataDir: string): FolderLock {
  mkdirSync(dataDir, { recursive: true });
  const handle = new SqliteHandle(join(dataDir, 'lock.db'));
  try {
    handle.pragma('busy_timeout = 0');
    handle.exec('begin exclusive');
  } catch (cause) {
    handle.close();
    throw new AppError(
      'store_locked',
      `Another Memoir is using ${dataDir}. Close it, or start this one with another data folder.`,
      { cause, details: { path: dataDir } },
    );
  }
  return {
    release: () => {
      handle.exec('rollback');
      handle.close();
    },
  };
}
