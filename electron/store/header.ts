import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { damaged } from './failures.ts';

const HEADER = 'SQLite format 3\u0000';
const SCHEMA_OFFSET = 60;
const HEADER_BYTES = 100;

/**
 * The schema version of a store, 0 when there is none yet. Throws `store_corrupt` when the file can not be a store.
 * Read from the bytes, since merely opening a file of another journal mode, or a log without its file, changes them.
 */
export function readSchemaVersion(path: string): number {
  const found = statOrNull(path);
  if (found !== null && !found.isFile()) {
    throw damaged(path, 'there is a folder in the place of its file');
  }
  if (found === null || found.size === 0) {
    // SQLite takes such a log for a left-over and deletes it; it may hold everything that was ever saved.
    if ((statOrNull(`${path}-wal`)?.size ?? 0) > 0) {
      throw damaged(
        path,
        `its file is ${found === null ? 'missing' : 'empty'}, but the log beside it is not`,
      );
    }
    return 0;
  }
  const bytes = readStart(path);
  if (bytes.toString('latin1', 0, HEADER.length) !== HEADER) {
    throw damaged(path, 'its first bytes are not those of a database');
  }
  return bytes.readInt32BE(SCHEMA_OFFSET);
}

function statOrNull(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

function readStart(path: string): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  return bytes;
}
