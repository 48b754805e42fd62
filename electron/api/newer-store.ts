import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MethodName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { type Database, wrapDatabase } from '../store/database.ts';
import { lockFolder } from '../store/lock.ts';
import { connect, STORE_FILE } from '../store/open.ts';
import type { Dispatch } from './dispatch.ts';

/** A store of a newer Memoir, read as far as this one understands it. */
export type NewerStore = {
  /** Whether a method reads only, and so may be tried. */
  readonly answers: (name: string) => boolean;
  /** Rejects with `store_newer` when the newer schema keeps what is asked for in another form. */
  readonly call: Dispatch;
  readonly close: () => Promise<void>;
};

const READS: readonly MethodName[] = ['agents.list', 'agents.get', 'agents.export'];

type OpenCopy = { readonly folder: string; readonly database: Database; readonly call: Dispatch };

/**
 * Lets agents be listed and exported from a store this Memoir may not open. It reads a copy, made at the first call:
 * even a reader would write files beside the store. `serve` makes the methods over a database.
 */
export function readNewerStore(dataDir: string, serve: (database: Database) => Dispatch): NewerStore {
  let copy: OpenCopy | null = null;
  return {
    answers: (name) => READS.some((known) => known === name),
    call: async (name, input, context) => {
      copy ??= openCopy(dataDir, serve);
      try {
        return await copy.call(name, input, context);
      } catch (cause) {
        throw cause instanceof AppError && PLAIN.has(cause.code) ? cause : unreadable(cause);
      }
    },
    close: async () => {
      await copy?.database.close();
      if (copy !== null) rmSync(copy.folder, { recursive: true, force: true });
      copy = null;
    },
  };
}

/** Failures that mean the same in any schema. */
const PLAIN: ReadonlySet<AppError['code']> = new Set([
  'invalid_input',
  'not_found',
  'store_full',
  'store_corrupt',
]);

function openCopy(dataDir: string, serve: (database: Database) => Dispatch): OpenCopy {
  const folder = mkdtempSync(join(tmpdir(), 'memoir-newer-'));
  const opened: { close: () => void }[] = [];
  try {
    copyStore(dataDir, folder);
    const path = join(folder, STORE_FILE);
    const writer = connect(path, false);
    opened.push(writer);
    // Nothing may change what is only there to be read, even if a method meant to.
    writer.pragma('query_only = ON');
    const database = wrapDatabase(writer, connect(path, true));
    return { folder, database, call: serve(database) };
  } catch (cause) {
    for (const handle of opened) handle.close();
    rmSync(folder, { recursive: true, force: true });
    throw cause instanceof AppError ? cause : unreadable(cause);
  }
}

function copyStore(dataDir: string, folder: string): void {
  // A newer Memoir may have started meanwhile; a copy of what it is writing would be torn.
  const lock = lockFolder(dataDir);
  try {
    for (const name of [STORE_FILE, `${STORE_FILE}-wal`, `${STORE_FILE}-journal`]) {
      if (existsSync(join(dataDir, name))) copyFileSync(join(dataDir, name), join(folder, name));
    }
  } catch (cause) {
    throw new AppError(
      'store_newer',
      'The store of a newer Memoir could not be copied to be read. Nothing was changed. Free some space for temporary ' +
        'files, or update Memoir.',
      { cause },
    );
  } finally {
    lock.release();
  }
}

function unreadable(cause: unknown): AppError {
  return new AppError(
    'store_newer',
    'A newer Memoir keeps this in a form that this one can not read. Nothing was changed. Update Memoir to read or ' +
      'export it.',
    { cause },
  );
}
