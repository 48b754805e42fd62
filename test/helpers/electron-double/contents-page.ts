import { readFileSync } from 'node:fs';
import type { EventEmitter } from 'node:events';
import type { WebPreferences } from 'electron';
import type { Page } from 'playwright-core';
import { fromBrowser } from './address.ts';
import type { NavigationGate } from './navigation-gate.ts';
import { preventable } from './preventable.ts';
import type { Profile } from './profile.ts';
import { WorldLink, type WorldLinkOptions } from './world-link.ts';

/** A page that shows some contents, and the way to its preload. */
export type ContentsPage = { readonly page: Page; readonly link: WorldLink };

/** What a page of some contents is made of. */
export type ContentsPageOptions = {
  readonly profile: Profile;
  readonly preferences: WebPreferences;
  readonly size: { readonly width: number; readonly height: number };
  readonly gate: NavigationGate;
  readonly onPage: (page: Page) => void;
  readonly onMessage: WorldLinkOptions['onMessage'];
};

/** Opens a page with its preload and its walls. */
export async function openContentsPage(options: ContentsPageOptions): Promise<ContentsPage> {
  const { profile, preferences, gate } = options;
  const page = await profile.newPage();
  options.onPage(page);
  const link = await WorldLink.open(page, {
    preload: preferences.preload === undefined ? null : readFileSync(preferences.preload, 'utf8'),
    argv: ['electron', ...(preferences.additionalArguments ?? [])],
    onMessage: options.onMessage,
  });
  link.cdp.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
    gate.announce({ url, frameName: windowName, features: windowFeatures.join(',') }),
  );
  await page.setViewportSize(options.size);
  return { page, link };
}

/** Raises Electron's events of loading and of the console for what happens in a page. */
export function followPage(page: Page, contents: EventEmitter, onAddress: (url: string) => void): void {
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) return;
    const url = fromBrowser(frame.url());
    onAddress(url);
    contents.emit('did-navigate', preventable({}), url, 200, 'OK');
  });
  page.on('domcontentloaded', () => contents.emit('dom-ready', preventable({})));
  page.on('load', () => {
    contents.emit('did-finish-load', preventable({}));
    contents.emit('did-stop-loading', preventable({}));
  });
  page.on('console', (line) => {
    const type = line.type();
    const level = type === 'error' || type === 'warning' ? type : 'info';
    const { url, lineNumber } = line.location();
    const fields = { message: line.text(), level, lineNumber, sourceId: fromBrowser(url) };
    contents.emit('console-message', preventable(fields));
  });
}
