import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenedFile } from '../../shared/shell.ts';

/** As much as an import takes. */
const MOST_BYTES = 512 * 1024 * 1024;
/** Files that wait at once; more were surely opened by mistake. */
const MOST_FILES = 20;

/** Two letters at least: one is a drive of Windows. */
const HAS_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** Why an opened file can not be taken; each has a text of the shell. */
export type OpenProblem = 'no_file' | 'large' | 'unreadable';

/** Agent files the system opened with the app, until a page takes them. */
export type OpenedFiles = {
  readonly add: (paths: readonly string[]) => void;
  /** Reads the file that waits longest; `null` when none does. One that can not be read is told about and left out. */
  readonly take: () => OpenedFile | null;
  /** Is told when a file was added; those added before wait for the first page. */
  readonly listen: (onAdded: () => void) => void;
};

/**
 * The agent files among the arguments of a program started in `folder`, as full paths. Switches, addresses and other
 * files are left alone: no argument can do more than have a file previewed.
 */
export function agentFilesIn(args: readonly string[], folder: string): string[] {
  return args.flatMap((argument) => {
    const path = pathIn(argument);
    return path !== null && /\.af$/i.test(path) && !path.includes('\0') ? [resolve(folder, path)] : [];
  });
}

/** Keeps opened files. `onProblem` gets the name of one that is left out. */
export function createOpenedFiles(onProblem: (name: string, problem: OpenProblem) => void): OpenedFiles {
  const waiting: string[] = [];
  let tellAdded = (): void => undefined;
  const take = (): OpenedFile | null => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const file = read(path);
      if (typeof file !== 'string') return file;
      onProblem(basename(path), file);
    }
    return null;
  };
  return {
    add: (paths) => {
      const room = MOST_FILES - waiting.length;
      waiting.push(...paths.slice(0, room));
      if (paths.length > 0) tellAdded();
    },
    take,
    listen: (onAdded) => {
      tellAdded = onAdded;
    },
  };
}

// Linux hands files over as addresses.
function pathIn(argument: string): string | null {
  if (argument.startsWith('-')) return null;
  if (!HAS_SCHEME.test(argument)) return argument;
  try {
    const url = new URL(argument);
    // One with a host would have Windows sign in to that computer.
    return url.protocol === 'file:' && url.host === '' ? fileURLToPath(url) : null;
  } catch {
    // No address of a file, so there is nothing to open.
    return null;
  }
}

function read(path: string): OpenedFile | OpenProblem {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return 'no_file';
    if (stat.size > MOST_BYTES) return 'large';
    return { name: basename(path), text: readFileSync(path, 'utf8') };
  } catch {
    // The person is told, and the next file is read.
    return 'unreadable';
  }
}
