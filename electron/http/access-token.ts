import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';

/** The token that callers have to send. */
export type AccessToken = {
  /** Where a person finds it, to end a sentence: `in the environment variable ...`. Says no path: strangers read it. */
  readonly place: string;
  /** Whether a text is the token, in the same time for every text. */
  readonly matches: (given: string) => boolean;
};

/** A token in a file of the data folder. */
export type TokenFile = {
  readonly path: string;
  readonly token: string;
  /** True when it was made just now, so that nobody has seen it yet. */
  readonly isNew: boolean;
};

const VARIABLES = ['MEMOIR_SERVER_TOKEN', 'LETTA_SERVER_PASSWORD'] as const;
const FILE_NAME = 'server-token';
const TOKEN_BYTES = 32;
const OWNER_ONLY = 0o600;
const HEADER_TEXT = /^[\x21-\x7e](?:[\x20-\x7e]{0,1022}[\x21-\x7e])?$/;

/**
 * The token set in the environment: `MEMOIR_SERVER_TOKEN`, else Letta's `LETTA_SERVER_PASSWORD`; `null` when neither is.
 * Throws `invalid_input` when it can not be sent in a header.
 */
export function environmentToken(env: Readonly<Record<string, string | undefined>>): AccessToken | null {
  const name = VARIABLES.find((variable) => (env[variable] ?? '').trim() !== '');
  if (name === undefined) return null;
  const token = (env[name] ?? '').trim();
  if (!HEADER_TEXT.test(token)) {
    throw new AppError(
      'invalid_input',
      `${name} must be one line of letters, digits and signs of ASCII, up to 1024 of them: it is sent in a header.`,
    );
  }
  return {
    place: `in the environment variable ${name} of the server`,
    matches: (given) => isSame(given, token),
  };
}

/**
 * The token kept in the data folder. It is read at every request, so that a new one counts at once and the old one no
 * more; while the file holds none, or can not be read, nobody is let in.
 */
export function keptToken(path: string): AccessToken {
  return {
    place: `in the file "${FILE_NAME}" of Memoir's data folder; the command "memoir token" shows it`,
    matches: (given) => {
      try {
        const token = readTokenFile(path) ?? '';
        return HEADER_TEXT.test(token) && isSame(given, token);
      } catch {
        // Told to strangers, the reason would name a path; to them it is a wrong token.
        return false;
      }
    },
  };
}

/**
 * Reads the token of a data folder; makes folder and token if there is none. The file is made readable by its owner
 * alone. Throws `invalid_input` when it holds something else.
 */
export function openTokenFile(dataDir: string): TokenFile {
  const path = join(dataDir, FILE_NAME);
  const token = readTokenFile(path);
  if (token === null) return replaceToken(dataDir);
  if (!HEADER_TEXT.test(token)) {
    throw new AppError(
      'invalid_input',
      `${path} holds no token. Delete it and start again: a new one is made. Nothing was changed.`,
    );
  }
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, OWNER_ONLY);
  return { path, token, isNew: false };
}

/** Puts a new token of 256 random bits in the place of the one in a data folder; the old one stops counting at once. */
export function replaceToken(dataDir: string): TokenFile {
  const path = join(dataDir, FILE_NAME);
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Renamed when it is whole and closed to others; a name of its own, as two may do this at once.
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${token}\n`, { mode: OWNER_ONLY, flush: true });
  renameSync(unfinished, path);
  return { path, token, isNew: true };
}

/** The token of a data folder for a caller on this computer; `null` when there is none. */
export function readToken(dataDir: string): string | null {
  return readTokenFile(join(dataDir, FILE_NAME));
}

function readTokenFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

// Digests are of one length, which is what the comparison in constant time asks for.
function isSame(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
