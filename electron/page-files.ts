import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { withNonce } from './content-policy.ts';

/** A file of the built ADE. */
export type PageFile = {
  readonly body: Uint8Array<ArrayBuffer> | string;
  readonly type: string;
  readonly name: string;
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The parts of a file's path below a folder, from a percent-encoded path; `[]` for the folder itself. `null` for any
 * path that could leave the folder or names no plain file: `..`, a backslash, a drive, a stream, a control character, a
 * malformed or doubly encoded sequence.
 */
export function pathPartsOf(path: string): readonly string[] | null {
  let name: string;
  try {
    name = decodeURIComponent(path);
  } catch {
    // A malformed percent sequence names no file.
    return null;
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\\:%\u0000-\u001f\u007f]/.test(name)) return null;
  const parts = name.split('/').filter((part) => part !== '');
  return parts.some((part) => /[.\s]$/.test(part)) ? null : parts;
}

/**
 * Reads a file of the built ADE by its percent-encoded path, `''` for the page itself, which is told `nonce`. `null`
 * when there is no such file, or when a link leads out of the folder.
 */
export async function readPageFile(folder: string, path: string, nonce: string): Promise<PageFile | null> {
  const parts = pathPartsOf(path);
  if (parts === null) return null;
  const bytes = await readInside(folder, parts.length === 0 ? ['index.html'] : parts);
  if (bytes === null) return null;
  const name = parts.at(-1) ?? 'index.html';
  const extension = extname(name);
  const body = extension === '.html' ? withNonce(new TextDecoder().decode(bytes), nonce) : bytes;
  return { body, name, type: TYPES[extension] ?? 'application/octet-stream' };
}

async function readInside(folder: string, parts: readonly string[]): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const file = await realpath(join(folder, ...parts));
    if (!file.startsWith((await realpath(folder)) + sep)) return null;
    return new Uint8Array(await readFile(file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null;
    throw error;
  }
}
