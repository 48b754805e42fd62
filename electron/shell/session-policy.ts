import type { Session } from 'electron';
import { isOwnPage } from './own-page.ts';

/** Name of the one session windows live in; it keeps what the page stores of the window. */
export const UI_PARTITION = 'persist:ui';

/** The only permission there is: putting text on the clipboard, for our own pages. */
const ALLOWED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Whether a page may have a permission, by the page's address and the permission's name in Electron. */
export function isPermitted(permission: string, address: string): boolean {
  return ALLOWED.has(permission) && isOwnPage(address);
}

/** What the session of the windows may load: our own pages, what they made in memory, and the developer tools. */
export function isLoadable(address: string, isPackaged: boolean): boolean {
  if (isOwnPage(address) || address.startsWith('data:')) return true;
  if (address.startsWith('blob:')) return isOwnPage(address.slice('blob:'.length));
  return !isPackaged && address.startsWith('devtools:');
}

/** What is set of a session here. */
type Lockable = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
> & { readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'> };

/** Locks any session: no device, no capture, no permission, and no request at all. */
export function lockSession(session: Lockable): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(details.isMainFrame && isPermitted(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.webRequest.onBeforeRequest((_details, callback) => callback({ cancel: true }));
}

/** Locks the session of the windows, which loads our own pages and nothing else. */
export function lockUiSession(session: Lockable, isPackaged: boolean): void {
  lockSession(session);
  session.webRequest.onBeforeRequest(({ url }, callback) =>
    callback({ cancel: !isLoadable(url, isPackaged) }),
  );
}
