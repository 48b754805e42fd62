import type { Context } from 'hono';
import { makeNonce, secureHeaders } from '../content-policy.ts';
import { readPageFile } from '../page-files.ts';

/** The build writes a hash of the content into these names, so their content never changes. */
const HASHED = /-[\w-]{8}\.\w+$/;

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Memoir</title>
<h1>The ADE is not built yet</h1>
<p>Run <code>npm run build</code> in Memoir's folder, then reload this page. The API at <code>/v1</code> works meanwhile.</p>
</html>`;

/**
 * Answers a file of the built renderer; `path` is what follows `/ade/`, still percent-encoded. Nothing outside `folder`
 * is ever read. Without a build, the page says how to make one (503).
 */
export async function answerFile(context: Context, folder: string, path: string): Promise<Response> {
  const nonce = makeNonce();
  const headers = secureHeaders(nonce);
  const file = await readPageFile(folder, path, nonce);
  if (file !== null) {
    const caching = HASHED.test(file.name) ? 'public, max-age=31536000, immutable' : 'no-cache';
    return context.body(file.body, 200, { ...headers, 'content-type': file.type, 'cache-control': caching });
  }
  if (path === '') return context.html(NOT_BUILT, 503, { ...headers, 'cache-control': 'no-store' });
  return context.text('Not found', 404, headers);
}
