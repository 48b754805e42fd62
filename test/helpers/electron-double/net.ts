import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Net } from 'electron';

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** `net`: files as Chromium reads them, all else as Node does. */
export const doubleNet: Pick<Net, 'fetch' | 'isOnline'> = {
  isOnline: () => true,
  fetch: async (input, init) => {
    const url = typeof input === 'string' ? input : input.url;
    if (!url.startsWith('file:')) return fetch(input, init);
    const path = fileURLToPath(url);
    const body = await readFile(path).catch((cause: unknown) => {
      throw new Error('net::ERR_FILE_NOT_FOUND', { cause });
    });
    return new Response(body, {
      headers: { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' },
    });
  },
};
