import type { Page, Frame } from 'playwright-core';
import type { WebFrameMain } from 'electron';
import { fromBrowser, originOf } from './address.ts';

type Modelled = Pick<WebFrameMain, 'url' | 'origin' | 'name' | 'detached' | 'isDestroyed'>;

/** A frame as main sees it. `parent` and `top` are frames of the double. */
export class DoubleFrame implements Modelled {
  readonly #frame: Frame;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  /** The main frame of a page. */
  static of(page: Page): DoubleFrame {
    return new DoubleFrame(page.mainFrame());
  }

  get url(): string {
    return fromBrowser(this.#frame.url());
  }

  get origin(): string {
    return originOf(this.url);
  }

  get name(): string {
    return this.#frame.name();
  }

  get parent(): DoubleFrame | null {
    const parent = this.#frame.parentFrame();
    return parent === null ? null : new DoubleFrame(parent);
  }

  get top(): DoubleFrame {
    return DoubleFrame.of(this.#frame.page());
  }

  get detached(): boolean {
    return this.#frame.isDetached();
  }

  isDestroyed(): boolean {
    return this.#frame.isDetached();
  }
}
