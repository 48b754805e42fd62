import { mkdirSync } from 'node:fs';
import { AppError } from '../../shared/errors.ts';

/** Whether a failure came while the store was opened or while it was used. */
export type StoreMoment = 'open' | 'use';

/**
 * What a failure of SQLite means for a person, as an {@link AppError} with one of the `store_` codes; `null` for a
 * failure that says nothing about the store itself, such as a broken constraint.
 */
export function storeFailure(cause: unknown, moment: StoreMoment, path?: string): AppError | null {
  const code = codeOf(cause);
  const details = path === undefined ? {} : { path };
  // Codes may carry what exactly failed behind them: SQLITE_IOERR_FSYNC, SQLITE_CORRUPT_VTAB.
  const kind = FAILURES.find(({ prefixes }) => prefixes.some((prefix) => code.startsWith(prefix)));
  return kind === undefined
    ? null
    : new AppError(kind.code, kind.says[moment].replace('{place}', path ?? 'its data folder'), {
        cause,
        details,
      });
}

/** A store whose bytes are wrong: `reason` says how, in words that follow a colon. */
export function damaged(path: string, reason: string): AppError {
  return new AppError(
    'store_corrupt',
    `The store is damaged: ${reason}. Nothing was deleted. Restore a backup, or move the file away to start afresh.`,
    { details: { path } },
  );
}

/** Makes a folder when it is missing. Throws `store_full`, or `store_read_only` when there can be no folder. */
export function makeFolder(path: string): void {
  try {
    // What agents know is nobody else's on a shared computer.
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw folderFailure(path, cause);
  }
}

type Failure = {
  readonly code: AppError['code'];
  readonly prefixes: readonly string[];
  readonly says: Readonly<Record<StoreMoment, string>>;
};

const FAILURES: readonly Failure[] = [
  {
    code: 'store_corrupt',
    prefixes: ['SQLITE_CORRUPT', 'SQLITE_NOTADB'],
    says: {
      open:
        'The store is damaged: a part of it can not be read. Nothing was deleted. Restore a backup, or move the file ' +
        'away to start afresh.',
      use:
        'The store is damaged: a part of it can not be read, so this was not done. What was saved before is kept. ' +
        'Export your agents now, then restore a backup.',
    },
  },
  {
    code: 'store_locked',
    prefixes: ['SQLITE_BUSY', 'SQLITE_LOCKED'],
    says: {
      open: 'Another program is using the store. Nothing was changed. Close that program and try again.',
      use: 'Another program is using the store, so this was not done. Nothing was changed. Close that program and try again.',
    },
  },
  {
    code: 'store_full',
    // The file by which connections share the log grows when a store is opened; only a lack of room keeps it from that.
    prefixes: ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'],
    says: {
      open: 'The disk is full, so the store can not open. Nothing was changed. Free some space and try again.',
      use: 'The disk is full, so this was not saved. What was saved before is kept. Free some space and try again.',
    },
  },
  {
    code: 'store_read_only',
    prefixes: ['SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_PERM'],
    says: {
      open:
        'Memoir may not write to {place}. Nothing was changed. Allow it to write there, or choose another ' +
        'data folder.',
      use:
        'Memoir may not write to {place} any more, so this was not saved. What was saved before is kept. ' +
        'Allow it to write there and try again.',
    },
  },
  {
    code: 'store_read_only',
    prefixes: ['SQLITE_IOERR'],
    says: {
      open:
        'The disk failed while the store was opened. Nothing was deleted. Check that the disk is connected and sound, ' +
        'then try again.',
      use:
        'The disk failed, so this was not done. What was saved before is kept. Check that the disk is connected and ' +
        'sound, then start Memoir again.',
    },
  },
];

function codeOf(cause: unknown): string {
  const code = cause instanceof Error ? (cause as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}

function folderFailure(path: string, cause: unknown): AppError {
  const details = { path };
  switch (codeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError(
        'store_full',
        `The disk is full, so the folder ${path} can not be made. Nothing was changed. Free some space and try again.`,
        { cause, details },
      );
    case 'EEXIST':
    case 'ENOTDIR':
      return new AppError(
        'store_read_only',
        `${path} can not be the data folder: it is a file, or lies inside of one. Nothing was changed. Choose another ` +
          'data folder.',
        { cause, details },
      );
    default:
      return new AppError(
        'store_read_only',
        `Memoir may not make the folder ${path}. Nothing was changed. Allow it to write there, or choose another data ` +
          'folder.',
        { cause, details },
      );
  }
}
