/**
 * What `import ... from 'electron'` finds under the double: the composition of its parts. An API that is not modelled
 * is no export, so an app that uses one fails to load and says which.
 */
import { dirname, resolve } from 'node:path';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import type { Page } from 'playwright-core';
import { DoubleApp } from './app.ts';
import { DoubleWindow, type WindowParts } from './browser-window.ts';
import { doubleDialog } from './dialog.ts';
import type { ControlListening } from './control.ts';
import { DoubleIpcMain } from './ipc-main.ts';
import { DoubleMenu } from './menu.ts';
import type { RoleActions } from './menu-roles.ts';
import { doubleNet } from './net.ts';
import { Profile } from './profile.ts';
import { DoubleProtocol, PrivilegedSchemes } from './protocol.ts';
import { Requests } from './requests.ts';
import { DoubleSafeStorage } from './safe-storage.ts';
import { type DoubleSession, Sessions } from './session.ts';
import { takeSettings } from './settings.ts';
import { DoubleClipboard, DoubleNativeTheme, DoubleScreen, DoubleShell } from './system.ts';
import type { DoubleWebContents } from './web-contents.ts';

const settings = takeSettings(process.env);
const windows = new Set<DoubleWindow>();
const pages = new WeakMap<Page, DoubleWebContents>();
const focused = (): DoubleWindow | null => [...windows].find((window) => window.isFocused()) ?? null;

const requests = new Requests(
  (page) => pages.get(page),
  () => [...windows].map((window) => window.webContents),
);
const profile = new Profile(() => app.getPath('userData'), settings.chromium_path, {
  onRequest: (route, page) => requests.answer(route, page),
  onListening: (port) => process.send?.({ port } satisfies ControlListening),
});

export const app = new DoubleApp({
  folder: resolve(process.argv[1] ?? '.'),
  packaged: settings.packaged,
  argv: process.argv.slice(2),
  windows,
  end: (code) => void profile.close().finally(() => process.exit(code)),
});

const isReady = (): boolean => app.isReady();
const schemes = new PrivilegedSchemes();
export const protocol = new DoubleProtocol(schemes, isReady);
const sessions = new Sessions(
  isReady,
  (partition) => (partition === '' ? protocol : new DoubleProtocol(schemes, isReady)),
  (made) => app.emit('session-created', made),
);

export const session = {
  get defaultSession(): DoubleSession {
    return sessions.of('');
  },
  fromPartition: (partition: string): DoubleSession => sessions.of(partition),
};

export const ipcMain = new DoubleIpcMain();

const parts: WindowParts = {
  app,
  profile,
  sessions,
  ipc: ipcMain,
  windows,
  onPage: (page, contents) => pages.set(page, contents),
};

/** `BrowserWindow`, over the parts above. */
export class BrowserWindow extends DoubleWindow {
  constructor(options: BrowserWindowConstructorOptions = {}) {
    super(options, parts);
  }

  static getAllWindows(): DoubleWindow[] {
    return [...windows];
  }

  static getFocusedWindow(): DoubleWindow | null {
    return focused();
  }

  static fromWebContents(contents: DoubleWebContents): DoubleWindow | null {
    return [...windows].find((window) => window.webContents === contents) ?? null;
  }

  static fromId(id: number): DoubleWindow | null {
    return [...windows].find((window) => window.id === id) ?? null;
  }
}

const roles: RoleActions = { quit: () => app.quit(), window: focused };

/** `Menu`, with the one menu of the application. */
export class Menu extends DoubleMenu {
  static #application: DoubleMenu | null = null;

  static buildFromTemplate(template: MenuItemConstructorOptions[]): DoubleMenu {
    return DoubleMenu.build(template, roles);
  }

  static setApplicationMenu(menu: DoubleMenu | null): void {
    Menu.#application = menu;
  }

  static getApplicationMenu(): DoubleMenu | null {
    return Menu.#application;
  }
}

export const dialog = doubleDialog();
export const safeStorage = new DoubleSafeStorage(settings.secrets, dirname(app.getPath('userData')), isReady);
export const shell = new DoubleShell();
export const clipboard = new DoubleClipboard();
export const screen = new DoubleScreen();
export const net = doubleNet;
export const nativeTheme = new DoubleNativeTheme((source) => {
  for (const window of windows) void window.webContents.followTheme(source);
});
