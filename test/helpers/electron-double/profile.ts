import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page, Route } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The test attaches here and holds ordinary Playwright pages.
  '--remote-debugging-port=0',
];

/** Who answers what pages ask for, and hears of pages nobody made. */
export type ProfileHost = {
  readonly onRequest: (route: Route, page: Page | null) => Promise<void>;
  /** The browser runs; the test can attach at this port. */
  readonly onListening: (port: number) => void;
};

/** The one Chromium of a running double, started when first needed; what it stores outlives the process. */
export class Profile {
  readonly #userData: () => string;
  readonly #chromium: string;
  readonly #host: ProfileHost;
  readonly #owned = new Set<Page>();
  readonly #making = new Set<Promise<Page>>();
  #context: Promise<BrowserContext> | null = null;

  constructor(userData: () => string, chromiumPath: string, host: ProfileHost) {
    this.#userData = userData;
    this.#chromium = chromiumPath;
    this.#host = host;
  }

  /** Starts the browser if it does not run yet. */
  open(): Promise<BrowserContext> {
    this.#context ??= this.#launch();
    return this.#context;
  }

  /** A page for a window. */
  async newPage(): Promise<Page> {
    const context = await this.open();
    const making = context.newPage();
    this.#making.add(making);
    const page = await making;
    this.#owned.add(page);
    this.#making.delete(making);
    page.once('close', () => this.#owned.delete(page));
    return page;
  }

  async close(): Promise<void> {
    const context = await this.#context?.catch(() => null);
    await context?.close();
  }

  async #launch(): Promise<BrowserContext> {
    const folder = join(this.#userData(), 'chromium');
    const portFile = join(folder, 'DevToolsActivePort');
    // One of a browser that was killed would lead nowhere.
    rmSync(portFile, { force: true });
    // Reading the library takes longer than all else an app without a window does.
    const { chromium } = await import('playwright-core');
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: this.#chromium,
      args: FLAGS,
      viewport: null,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    await context.route('**/*', (route) => this.#host.onRequest(route, this.#ownerOf(route)));
    context.on('page', (page) => void this.#closeStranger(page));
    this.#host.onListening(Number.parseInt(readFileSync(portFile, 'utf8'), 10));
    return context;
  }

  #ownerOf(route: Route): Page | null {
    try {
      const page = route.request().frame().page();
      return this.#owned.has(page) ? page : null;
    } catch {
      // Playwright has no frame yet for the first request of a popup.
      return null;
    }
  }

  /** A popup the app did not allow: its requests were refused already, its page goes. */
  async #closeStranger(page: Page): Promise<void> {
    await Promise.all(this.#making);
    // The maker runs before us only if we let it.
    await new Promise(setImmediate);
    if (!this.#owned.has(page)) await page.close();
  }
}
