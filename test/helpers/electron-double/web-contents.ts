import { EventEmitter } from 'node:events';
import type { IpcMainInvokeEvent, WebContents, WebPreferences } from 'electron';
import type { Page } from 'playwright-core';
import { toBrowser } from './address.ts';
import { type ContentsPage, followPage, openContentsPage } from './contents-page.ts';
import { DoubleFrame } from './frame.ts';
import type { DoubleIpcMain } from './ipc-main.ts';
import { NavigationGate, type OpenHandler } from './navigation-gate.ts';
import type { FromMain, ToMain } from './page-worlds.ts';
import { preventable } from './preventable.ts';
import type { Profile } from './profile.ts';
import type { DoubleSession } from './session.ts';

type Modelled = Pick<
  WebContents,
  | 'id'
  | 'loadURL'
  | 'getURL'
  | 'getTitle'
  | 'send'
  | 'reload'
  | 'setWindowOpenHandler'
  | 'executeJavaScript'
  | 'openDevTools'
  | 'closeDevTools'
  | 'isDevToolsOpened'
  | 'forcefullyCrashRenderer'
  | 'isCrashed'
  | 'isDestroyed'
  | 'isLoading'
  | 'focus'
  | 'zoomLevel'
  | 'zoomFactor'
>;

/** What a window gives its contents. */
export type ContentsParts = {
  readonly id: number;
  readonly profile: Profile;
  readonly session: DoubleSession;
  readonly ipc: DoubleIpcMain;
  readonly preferences: WebPreferences;
  readonly size: () => { readonly width: number; readonly height: number };
  /** Told of each page that shows these contents; a crash brings a new one. */
  readonly onPage: (page: Page) => void;
};

/** `webContents`: a page of the double's Chromium. */
export class DoubleWebContents extends EventEmitter implements Modelled {
  readonly id: number;
  readonly session: DoubleSession;
  readonly gate: NavigationGate;
  /** Kept, not shown. */
  zoomLevel = 0;
  readonly #parts: ContentsParts;
  #opening: Promise<ContentsPage>;
  #open: ContentsPage | null = null;
  #url = '';
  #title = '';
  #state: 'alive' | 'crashed' | 'destroyed' = 'alive';
  #loading = false;
  #devTools = false;

  constructor(parts: ContentsParts) {
    super();
    this.id = parts.id;
    this.session = parts.session;
    this.#parts = parts;
    const emit = (event: string, ...args: unknown[]): void => void this.emit(event, ...args);
    this.gate = new NavigationGate(emit, () => this.#url);
    this.#opening = this.#openPage();
    this.on('did-finish-load', () => this.#readTitle());
  }

  get mainFrame(): DoubleFrame {
    if (this.#open === null) throw new Error('The double has no main frame before the first load.');
    return DoubleFrame.of(this.#open.page);
  }

  get zoomFactor(): number {
    return 1.2 ** this.zoomLevel;
  }

  set zoomFactor(factor: number) {
    this.zoomLevel = Math.log(factor) / Math.log(1.2);
  }

  async loadURL(url: string): Promise<void> {
    if (this.#state === 'crashed') this.#replacePage();
    this.#loading = true;
    this.emit('did-start-loading');
    try {
      const { page } = await this.#opening;
      // The double has a part of Electron's members; what the app uses beyond it fails at run time.
      const contents = this as unknown as WebContents;
      await this.session.permissions.enforce(page.context(), contents, url);
      this.gate.expect(url);
      await page.goto(toBrowser(url));
    } catch (error) {
      // Nobody is there to hear that a window went while it was loading.
      if (this.isDestroyed()) return;
      this.emit('did-fail-load', preventable({}), -2, 'ERR_FAILED', url, true);
      throw new Error(`ERR_FAILED (-2) loading '${url}'`, { cause: error });
    } finally {
      this.#loading = false;
    }
  }

  getURL(): string {
    return this.#url;
  }

  getTitle(): string {
    return this.#title;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#open?.link.post({ kind: 'event', channel, args });
  }

  reload(): void {
    if (this.#state === 'alive') {
      this.gate.expect(this.#url);
      this.#open?.page.reload().catch((error: unknown) => this.#unlessGone(error));
    } else void this.loadURL(this.#url);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.gate.onOpen = handler;
  }

  async executeJavaScript(code: string): Promise<unknown> {
    return (await this.#opening).page.evaluate(code);
  }

  openDevTools(): void {
    if (this.#parts.preferences.devTools === false) return;
    this.#devTools = true;
    this.emit('devtools-opened');
  }

  closeDevTools(): void {
    this.#devTools = false;
    this.emit('devtools-closed');
  }

  isDevToolsOpened(): boolean {
    return this.#devTools;
  }

  forcefullyCrashRenderer(): void {
    this.#state = 'crashed';
    // The command is never answered: who would answer it is gone.
    this.#open?.link.cdp.send('Page.crash').catch(() => undefined);
  }

  isCrashed(): boolean {
    return this.#state === 'crashed';
  }

  isDestroyed(): boolean {
    return this.#state === 'destroyed';
  }

  isLoading(): boolean {
    return this.#loading;
  }

  focus(): void {
    this.emit('focus');
  }

  /** For the window: the page goes with it. */
  async destroy(): Promise<void> {
    this.#state = 'destroyed';
    this.emit('destroyed');
    const open = await this.#opening.catch(() => null);
    await open?.page.close();
  }

  /** For the window: makes the page as large as the window. */
  async resize(): Promise<void> {
    const { page } = await this.#opening;
    await page.setViewportSize(this.#parts.size()).catch((error: unknown) => this.#unlessGone(error));
  }

  /** For `nativeTheme`: what the page's media query says. */
  async followTheme(source: 'system' | 'light' | 'dark'): Promise<void> {
    const { page } = await this.#opening;
    const colorScheme = source === 'system' ? null : source;
    await page.emulateMedia({ colorScheme }).catch((error: unknown) => this.#unlessGone(error));
  }

  async #openPage(): Promise<ContentsPage> {
    const { profile, preferences, onPage } = this.#parts;
    const open = await openContentsPage({
      profile,
      preferences,
      onPage,
      size: this.#parts.size(),
      gate: this.gate,
      onMessage: (message, reply) => this.#hear(message, reply),
    });
    const { page } = open;
    followPage(page, this, (url) => {
      this.#url = url;
    });
    page.on('crash', () => {
      if (this.isDestroyed()) return;
      if (this.#open?.page === page) this.#state = 'crashed';
      this.emit('render-process-gone', preventable({}), { reason: 'crashed', exitCode: 133 });
    });
    page.on('close', () => {
      // Closed by the test, as a person closes a window.
      if (this.#state === 'alive' && this.#open?.page === page) this.emit('page-closed');
    });
    this.#open = open;
    return open;
  }

  #replacePage(): void {
    const before = this.#open;
    this.#open = null;
    this.#state = 'alive';
    this.#opening = this.#openPage();
    void before?.page.close();
  }

  #readTitle(): void {
    this.#open?.page
      .title()
      .then((title) => {
        this.#title = title;
        this.emit('page-title-updated', preventable({}), title, true);
      })
      .catch((error: unknown) => this.#unlessGone(error));
  }

  #hear(message: ToMain, reply: (message: FromMain) => void): void {
    const senderFrame = this.#open === null ? null : this.mainFrame;
    const event = { sender: this, senderFrame, frameId: 1, processId: 1, type: 'frame' };
    const { ipc } = this.#parts;
    if (message.kind === 'send') {
      ipc.emit(message.channel, event, ...message.args);
      return;
    }
    const { id, channel, args } = message;
    ipc
      .answer(event as unknown as IpcMainInvokeEvent, channel, args)
      .then((value) => reply({ kind: 'result', id, value }))
      .catch((error: unknown) => reply({ kind: 'result', id, error: (error as Error).message }));
  }

  #unlessGone(error: unknown): void {
    // Losing a race against a navigation is no fault of the app either.
    if (this.#state === 'alive' && !/navigat|destroyed/i.test(String(error))) throw error;
  }
}
