import { EventEmitter } from 'node:events';
import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle, WebPreferences } from 'electron';
import type { DoubleApp } from './app.ts';
import type { DoubleIpcMain } from './ipc-main.ts';
import { preventable } from './preventable.ts';
import type { Profile } from './profile.ts';
import type { Page } from 'playwright-core';
import type { DoubleSession, Sessions } from './session.ts';
import { DoubleWebContents } from './web-contents.ts';
import { type Shape, WindowShape } from './window-shape.ts';

type Modelled = Pick<
  BrowserWindow,
  | 'id'
  | 'loadURL'
  | 'show'
  | 'hide'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'isVisible'
  | 'focus'
  | 'isFocused'
  | 'minimize'
  | 'restore'
  | 'isMinimized'
  | 'maximize'
  | 'unmaximize'
  | 'isMaximized'
  | 'setFullScreen'
  | 'isFullScreen'
  | 'getBounds'
  | 'getNormalBounds'
  | 'setBounds'
  | 'getSize'
  | 'setSize'
  | 'getTitle'
  | 'setTitle'
  | 'reload'
  | 'setBackgroundColor'
  | 'setMenuBarVisibility'
  | 'setAutoHideMenuBar'
>;

/** What windows stand on. */
export type WindowParts = {
  readonly app: DoubleApp;
  readonly profile: Profile;
  readonly sessions: Sessions;
  readonly ipc: DoubleIpcMain;
  /** The open windows, oldest first; the window keeps itself in it. */
  readonly windows: Set<DoubleWindow>;
  readonly onPage: (page: Page, contents: DoubleWebContents) => void;
};

/** `BrowserWindow`: its state is kept here, its page is the browser's. */
export class DoubleWindow extends EventEmitter implements Modelled {
  readonly id: number;
  readonly webContents: DoubleWebContents;
  readonly #parts: WindowParts;
  readonly #shape: WindowShape;
  #title: string;
  #visible: boolean;
  #focused = false;
  #destroyed = false;

  constructor(options: BrowserWindowConstructorOptions, parts: WindowParts) {
    super();
    if (!parts.app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    this.#parts = parts;
    this.#shape = new WindowShape(options, (event) => void this.emit(event));
    this.#title = options.title ?? parts.app.getName();
    this.#visible = options.show !== false;
    const preferences = checked(options.webPreferences ?? {}, parts.app.sandboxed);
    this.webContents = new DoubleWebContents({
      id: nextId(parts.windows),
      profile: parts.profile,
      session: sessionOf(preferences, parts.sessions),
      ipc: parts.ipc,
      preferences,
      size: () => {
        const { width, height } = this.getBounds();
        return { width, height };
      },
      onPage: (page) => parts.onPage(page, this.webContents),
    });
    this.id = this.webContents.id;
    parts.windows.add(this);
    this.#follow();
    parts.app.emit('web-contents-created', preventable({}), this.webContents);
    parts.app.emit('browser-window-created', preventable({}), this);
    if (this.#visible) this.focus();
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  reload(): void {
    this.webContents.reload();
  }

  show(): void {
    this.#visible = true;
    this.emit('show');
    this.focus();
  }

  hide(): void {
    this.#visible = false;
    this.emit('hide');
  }

  close(): void {
    if (this.#destroyed) return;
    const event = preventable({});
    this.emit('close', event);
    if (event.defaultPrevented) this.#parts.app.closeRefused();
    else setImmediate(() => this.destroy());
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#parts.windows.delete(this);
    void this.webContents.destroy();
    this.emit('closed');
    this.#parts.app.windowClosed();
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isVisible(): boolean {
    return this.#visible && !this.isMinimized();
  }

  focus(): void {
    for (const other of this.#parts.windows) other.#blur();
    this.#focused = true;
    this.emit('focus');
    this.#parts.app.emit('browser-window-focus', preventable({}), this);
  }

  isFocused(): boolean {
    return this.#focused;
  }

  minimize(): void {
    this.#become('minimized', 'minimize');
    this.#blur();
  }

  restore(): void {
    this.#become('normal', 'restore');
  }

  isMinimized(): boolean {
    return this.#shape.is('minimized');
  }

  maximize(): void {
    this.#visible = true;
    this.#become('maximized', 'maximize');
  }

  unmaximize(): void {
    this.#become('normal', 'unmaximize');
  }

  isMaximized(): boolean {
    return this.#shape.is('maximized');
  }

  setFullScreen(flag: boolean): void {
    this.#become(flag ? 'full screen' : 'normal', flag ? 'enter-full-screen' : 'leave-full-screen');
  }

  isFullScreen(): boolean {
    return this.#shape.is('full screen');
  }

  getBounds(): Rectangle {
    return this.#shape.bounds;
  }

  getNormalBounds(): Rectangle {
    return this.#shape.normalBounds;
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#shape.place(bounds);
    void this.webContents.resize();
  }

  getSize(): number[] {
    const { width, height } = this.getBounds();
    return [width, height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getTitle(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  setBackgroundColor(): void {}

  setMenuBarVisibility(): void {}

  setAutoHideMenuBar(): void {}

  #become(shape: Shape, event: string): void {
    this.#shape.become(shape, event);
    if (shape !== 'minimized') void this.webContents.resize();
  }

  #blur(): void {
    if (!this.#focused) return;
    this.#focused = false;
    this.emit('blur');
    this.#parts.app.emit('browser-window-blur', preventable({}), this);
  }

  #follow(): void {
    const { app } = this.#parts;
    const { webContents } = this;
    // Electron tells it once, after the first paint of a window that was made hidden.
    webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    webContents.on('page-title-updated', (_event, title: string) => {
      const event = preventable({});
      this.emit('page-title-updated', event, title, true);
      if (!event.defaultPrevented) this.#title = title;
    });
    webContents.on('render-process-gone', (event, details) => {
      app.emit('render-process-gone', event, webContents, details);
    });
    webContents.on('page-closed', () => this.close());
  }
}

function checked(preferences: WebPreferences, sandboxed: boolean): WebPreferences {
  const { contextIsolation = true, sandbox = true, nodeIntegration = false } = preferences;
  if (contextIsolation && (sandbox || sandboxed) && !nodeIntegration) return preferences;
  throw new Error('The double models only sandboxed, isolated windows without Node.');
}

function sessionOf(preferences: WebPreferences, sessions: Sessions): DoubleSession {
  // What the app passes came from the double's own `session`.
  if (preferences.session !== undefined) return preferences.session as unknown as DoubleSession;
  return sessions.of(preferences.partition ?? '');
}

function nextId(windows: ReadonlySet<DoubleWindow>): number {
  return 1 + Math.max(0, ...[...windows].map(({ id }) => id));
}
