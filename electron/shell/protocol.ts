import type { Protocol } from 'electron';
import { makeNonce, secureHeaders } from '../content-policy.ts';
import { readPageFile } from '../page-files.ts';
import { APP_SCHEME, isOwnPage } from './own-page.ts';
import { stoppedPageFile } from './stopped-page.ts';
import type { ShellTexts } from './texts.ts';

/** Must run before the app is ready: gives our scheme the rights of a secure origin, and none beyond. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer to the windows of a session; anything outside its folder is 404. */
export function serveRenderer(
  protocol: Pick<Protocol, 'handle'>,
  folder: string,
  texts: () => ShellTexts,
): void {
  protocol.handle(APP_SCHEME, (request) => answerPage(request.url, folder, texts()));
}

/** Answers one address of our scheme with a file of the renderer or of the shell, under the content policy. */
export async function answerPage(address: string, folder: string, texts: ShellTexts): Promise<Response> {
  const nonce = makeNonce();
  const headers = { ...secureHeaders(nonce), 'cache-control': 'no-cache' };
  const path = isOwnPage(address) ? new URL(address).pathname.slice(1) : null;
  const file =
    path === null ? null : (stoppedPageFile(path, nonce, texts) ?? (await readPageFile(folder, path, nonce)));
  if (file === null) return new Response('Not found', { status: 404, headers });
  return new Response(file.body, { headers: { ...headers, 'content-type': file.type } });
}
