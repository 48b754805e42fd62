import type { CDPSession, Page } from 'playwright-core';
import {
  FROM_MAIN,
  type FromMain,
  pageWorldScript,
  PRELOAD_WORLD,
  preloadWorldScript,
  TO_MAIN,
  type ToMain,
} from './page-worlds.ts';
import { wireFormat } from './wire-format.ts';

/** What a page brings to the link. */
export type WorldLinkOptions = {
  /** The preload's text; without one there is no world apart. */
  readonly preload: string | null;
  /** What the preload finds in `process.argv`. */
  readonly argv: readonly string[];
  /** `reply` reaches the document that sent the message, or nobody when it is gone. */
  readonly onMessage: (message: ToMain, reply: (message: FromMain) => void) => void;
};

const format = wireFormat();

/** Runs the preload in an isolated world of each new document of a page, and carries messages to and from it. */
export class WorldLink {
  readonly cdp: CDPSession;
  /** The preload's world in the document that is there now. */
  #world: number | null = null;

  private constructor(cdp: CDPSession) {
    this.cdp = cdp;
  }

  static async open(page: Page, options: WorldLinkOptions): Promise<WorldLink> {
    const link = new WorldLink(await page.context().newCDPSession(page));
    await link.#listen(options);
    if (options.preload !== null) await link.#install(options.preload, options.argv);
    return link;
  }

  /** Sends to the preload; a document on its way out misses it, as in Electron. */
  post(message: FromMain): void {
    if (this.#world !== null) this.#postTo(this.#world, message);
  }

  #postTo(world: number, message: FromMain): void {
    const expression = `globalThis[${JSON.stringify(FROM_MAIN)}]?.(${JSON.stringify(format.encode(message))})`;
    this.cdp
      .send('Runtime.evaluate', { expression, contextId: world })
      .catch((error: unknown) => this.#lost(error));
  }

  async #listen(options: WorldLinkOptions): Promise<void> {
    this.cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === PRELOAD_WORLD) this.#world = context.id;
    });
    this.cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (this.#world === executionContextId) this.#world = null;
    });
    this.cdp.on('Runtime.executionContextsCleared', () => {
      this.#world = null;
    });
    this.cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name !== TO_MAIN) return;
      this.#world = executionContextId;
      options.onMessage(format.decode(payload) as ToMain, (message) => {
        if (this.#world === executionContextId) this.#postTo(executionContextId, message);
      });
    });
    await Promise.all([this.cdp.send('Page.enable'), this.cdp.send('Runtime.enable')]);
  }

  async #install(preload: string, argv: readonly string[]): Promise<void> {
    await Promise.all([
      this.cdp.send('Runtime.addBinding', { name: TO_MAIN, executionContextName: PRELOAD_WORLD }),
      this.cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageWorldScript() }),
      this.cdp.send('Page.addScriptToEvaluateOnNewDocument', {
        source: preloadWorldScript(preload, argv),
        worldName: PRELOAD_WORLD,
      }),
    ]);
  }

  #lost(error: unknown): void {
    const gone = /Cannot find context|closed|detached|crashed|Execution context/i.test(String(error));
    if (!gone) throw error;
  }
}
