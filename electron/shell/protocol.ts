import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';

/** Where the window's page lives. */
export const APP_ORIGIN = 'memoir://app/';

/** Must run before the app is ready: gives the scheme the rights of a secure origin. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'memoir', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Serves the built renderer to the window; anything outside its folder is 404. */
export function serveRenderer(folder: string): void {
  protocol.handle('memoir', async (request) => {
    const { host, pathname } = new URL(request.url);
    const path = normalize(join(folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)));
    if (host !== 'app' || !path.startsWith(folder + sep)) return new Response('Not found', { status: 404 });
    const file = await net.fetch(pathToFileURL(path).toString());
    const headers = new Headers(file.headers);
    headers.set('content-security-policy', POLICY);
    headers.set('x-content-type-options', 'nosniff');
    return new Response(file.body, { status: file.status, headers });
  });
}
