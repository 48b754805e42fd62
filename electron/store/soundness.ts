import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, toWire } from '../../shared/errors.ts';
import type { Database } from './database.ts';
import { writeSetting } from './settings.ts';

/** What a look at an open store gave. */
export type Soundness = {
  readonly path: string;
  /** Of the store and its log together; `null` when the file is gone. */
  readonly bytes: number | null;
  /** Left on its disk; `null` when the system does not say. */
  readonly free_bytes: number | null;
  /** What SQLite was told about flushing: `full` keeps what is acknowledged through a loss of power. */
  readonly synchronous: string;
  /** `ok`, the first finding, or `not checked` where the file is too large to be read through now. */
  readonly integrity: string;
  /** When the store was last written before this look. */
  readonly last_commit_at: Date | null;
  /** Why a small commit failed; `null` when it is on the disk. */
  readonly write_problem: AppError | null;
};

const SYNCHRONOUS = ['off', 'normal', 'full', 'extra'];
/** Bytes up to which the whole store is read through in a moment. */
const CHECKED_BYTES = 16 * 1024 * 1024;

/** Looks at an open store: a real commit, its settings, its disk and, if it is small, all of its pages. Never throws. */
export async function examineStore(database: Database, path: string, now: string): Promise<Soundness> {
  const file = statSync(path, { throwIfNoEntry: false });
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  const bytes = file === undefined ? null : file.size + (log?.size ?? 0);
  const written = Math.max(file?.mtimeMs ?? 0, log?.mtimeMs ?? 0);
  return {
    path,
    bytes,
    free_bytes: freeBytes(path),
    synchronous: SYNCHRONOUS[Number(database.raw.pragma('synchronous', { simple: true }))] ?? 'unknown',
    integrity: bytes !== null && bytes <= CHECKED_BYTES ? readThrough(database) : 'not checked',
    last_commit_at: written === 0 ? null : new Date(written),
    write_problem: await tryToWrite(database, now),
  };
}

function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    // Some network folders do not tell; then nothing is said about room.
    return null;
  }
}

function readThrough(database: Database): string {
  try {
    return String(database.raw.pragma('quick_check(1)', { simple: true }));
  } catch (cause) {
    // Damage may keep the check itself from running; that is a finding too.
    return cause instanceof Error ? cause.message : String(cause);
  }
}

async function tryToWrite(database: Database, now: string): Promise<AppError | null> {
  try {
    await database.transaction((tx) => writeSetting(tx, 'diagnosed_at', now));
    return null;
  } catch (cause) {
    return cause instanceof AppError ? cause : new AppError('internal', toWire(cause).message, { cause });
  }
}
