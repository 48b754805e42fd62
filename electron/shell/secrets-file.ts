import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const entry = z.object({
  kind: z.enum(['keyring', 'passphrase', 'unprotected']),
  /** Base64 of what the keyring or the passphrase made of the key; the key itself when it is unprotected. */
  data: z.string(),
  last4: z.string(),
});

const shape = z.object({
  version: z.literal(1),
  lock: z.object({ salt: z.string(), cost: z.number().int().positive(), probe: z.string() }).nullable(),
  keys: z.record(z.string(), entry),
});

/** A key as the file has it. */
export type SecretEntry = z.infer<typeof entry>;
/** What the file of the keys holds. */
export type SecretsFile = z.infer<typeof shape>;

const EMPTY: SecretsFile = { version: 1, lock: null, keys: {} };

/** Reads the file of the keys. One that can't be read as such is moved aside, never overwritten. */
export function readSecretsFile(path: string, log: (line: string) => void): SecretsFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY;
    throw error;
  }
  const parsed = shape.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  renameSync(path, `${path}.damaged`);
  log('The file of the keys was damaged and was moved aside. Enter your keys again.');
  return EMPTY;
}

/** Writes the file of the keys, whole or not at all; only this user may open it (mode 0600). */
export function writeSecretsFile(path: string, file: SecretsFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  const handle = openSync(fresh, 'w', 0o600);
  try {
    writeSync(handle, JSON.stringify(file, null, 2));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(fresh, path);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Damaged as a whole; the caller says so.
    return null;
  }
}
