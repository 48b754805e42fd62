import type { WebContents } from 'electron';
import type { Request } from 'playwright-core';
import { fromBrowser, toBrowser } from './address.ts';
import { DoubleFrame } from './frame.ts';
import { preventable } from './preventable.ts';

/** Decides on windows a page opens. */
export type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0];
/** A window a page asked for. */
export type Opening = { readonly url: string; readonly frameName: string; readonly features: string };

/** Where pages of one `webContents` may go: asks the app through Electron's events. */
export class NavigationGate {
  /** Set by `setWindowOpenHandler`. */
  onOpen: OpenHandler | null = null;
  readonly #emit: (event: string, ...args: unknown[]) => void;
  readonly #address: () => string;
  readonly #asked = new Set<string>();
  readonly #announced: string[] = [];

  /** `address` is that of the page now. */
  constructor(emit: (event: string, ...args: unknown[]) => void, address: () => string) {
    this.#emit = emit;
    this.#address = address;
  }

  /** The app itself loads this address next, which raises no events. */
  expect(url: string): void {
    this.#asked.add(withoutHash(toBrowser(url)));
  }

  /** Asks the app about a navigation that the page or a person began. */
  permits(request: Request): boolean {
    const frame = request.frame();
    const isMainFrame = frame.parentFrame() === null;
    if (isMainFrame && this.#asked.delete(withoutHash(request.url()))) return true;
    const url = fromBrowser(request.url());
    const fields = {
      url,
      isMainFrame,
      isSameDocument: false,
      frame: new DoubleFrame(frame),
      initiator: null,
    };
    const event = preventable(fields);
    this.#emit('will-frame-navigate', event);
    if (isMainFrame) this.#emit('will-navigate', event, url, false, true);
    return !event.defaultPrevented;
  }

  /** The page announced a window; its first request comes later, if it makes one. */
  announce(opening: Opening): void {
    this.#announced.push(fromBrowser(opening.url));
    this.open(opening);
  }

  /** Whether this window was announced; each is taken once. */
  takeAnnounced(url: string): boolean {
    const index = this.#announced.indexOf(url);
    if (index < 0) return false;
    this.#announced.splice(index, 1);
    return true;
  }

  /** Asks the app about a window. Throws unless it is denied: only a refusal is modelled. */
  open(opening: Opening): void {
    const referrer = { url: this.#address(), policy: 'strict-origin-when-cross-origin' as const };
    const url = fromBrowser(opening.url);
    const answer = this.onOpen?.({ ...opening, url, disposition: 'foreground-tab', referrer });
    if (answer?.action !== 'deny')
      throw new Error(`The double models no window opened by a page, and ${url} was not denied.`);
  }
}

function withoutHash(url: string): string {
  return url.split('#', 1)[0] ?? url;
}
