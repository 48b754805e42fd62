import type { Session, WebContents } from 'electron';
import type { BrowserContext } from 'playwright-core';
import { originOf, toBrowser } from './address.ts';

type RequestHandler = Parameters<Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Session['setPermissionCheckHandler']>[0];
/** A permission of Electron's. */
export type Permission = Parameters<NonNullable<RequestHandler>>[1];

/** Electron's name and Chromium's, for what a headless Chromium can be told. */
const CHROMIUM_NAMES = {
  notifications: 'notifications',
  geolocation: 'geolocation',
  midi: 'midi',
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
  'storage-access': 'storage-access',
  'local-fonts': 'local-fonts',
  'payment-handler': 'payment-handler',
  'local-network-access': 'local-network-access',
} as const satisfies Partial<Record<Permission, string>>;

/** The permission handlers of a session; without one, all is granted, as in Electron. */
export class Permissions {
  request: RequestHandler = null;
  check: CheckHandler = null;

  /** What the app says to one permission. */
  async allows(contents: WebContents, permission: Permission, requestingUrl: string): Promise<boolean> {
    const { request, check } = this;
    const details = { requestingUrl, isMainFrame: true };
    const origin = `${originOf(requestingUrl)}/`;
    if (check !== null && !check(contents, permission, origin, details)) return false;
    if (request === null) return true;
    return new Promise((resolve) => request(contents, permission, resolve, details));
  }

  /** Asks the app about each permission beforehand and lets Chromium hold it to its answers. */
  async enforce(context: BrowserContext, contents: WebContents, url: string): Promise<void> {
    const browserUrl = new URL(toBrowser(url));
    if (browserUrl.protocol !== 'https:' && browserUrl.protocol !== 'http:') return;
    const granted: string[] = [];
    for (const [name, chromiumName] of Object.entries(CHROMIUM_NAMES)) {
      if (await this.allows(contents, name as Permission, url)) granted.push(chromiumName);
    }
    await context.grantPermissions(granted, { origin: browserUrl.origin });
  }
}
