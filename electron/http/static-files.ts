import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import type { Context } from 'hono';

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

const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The build writes a hash of the content into these names, so their content never changes. */
const HASHED = /-[\w-]{8}\.\w+$/;

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Memoir</title>
<h1>The ADE is not built yet</h1>
<p>Run <code>npm run build</code> in Memoir's folder, then reload this page. The API at <code>/v1</code> works meanwhile.</p>
</html>`;

/** Headers of every page and file of the ADE: what it may load, and that types are not guessed. */
export function secureHeaders(): Record<string, string> {
  return {
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
}

/**
 * Answers a file of the built renderer; `path` is what follows `/ade/`, still percent-encoded. Nothing outside `folder`
 * is ever read. Without a build, the page says how to make one (503).
 */
export async function answerFile(context: Context, folder: string, path: string): Promise<Response> {
  const headers = secureHeaders();
  const file = locate(folder, path);
  const bytes = file === null ? null : await readOrNull(file);
  if (file !== null && bytes !== null) {
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const caching = HASHED.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache';
    return context.body(bytes, 200, { ...headers, 'content-type': type, 'cache-control': caching });
  }
  if (path === '') return context.html(NOT_BUILT, 503, { ...headers, 'cache-control': 'no-store' });
  return context.text('Not found', 404, headers);
}

function locate(folder: string, path: string): string | null {
  const root = resolve(folder);
  try {
    const name = decodeURIComponent(path);
    if (/[\0\\]/.test(name) || name.split('/').includes('..')) return null;
    const file = join(root, name === '' ? 'index.html' : name);
    return file.startsWith(root + sep) ? file : null;
  } catch {
    // A malformed percent sequence names no file.
    return null;
  }
}

async function readOrNull(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
    throw error;
  }
}
