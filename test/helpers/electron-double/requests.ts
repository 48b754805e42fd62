import type { OnBeforeRequestListenerDetails } from 'electron';
import type { Page, Request as PageRequest, Route } from 'playwright-core';
import { fromBrowser } from './address.ts';
import type { DoubleWebContents } from './web-contents.ts';

/** How long the announcement of a popup may lag behind its first request. */
const ANNOUNCED_WITHIN_MS = 100;

/** Answers what pages ask for: navigation events, `webRequest`, `protocol.handle`, and only then the network. */
export class Requests {
  readonly #contentsOf: (page: Page) => DoubleWebContents | undefined;
  readonly #all: () => readonly DoubleWebContents[];
  #last = 0;

  constructor(
    contentsOf: (page: Page) => DoubleWebContents | undefined,
    all: () => readonly DoubleWebContents[],
  ) {
    this.#contentsOf = contentsOf;
    this.#all = all;
  }

  async answer(route: Route, page: Page | null): Promise<void> {
    const contents = page === null ? undefined : this.#contentsOf(page);
    if (contents === undefined) return this.#refusePopup(route);
    const request = route.request();
    if (request.isNavigationRequest() && !contents.gate.permits(request)) return route.abort('aborted');
    const details = this.#details(request, contents);
    if (await contents.session.webRequest.cancels(details)) return route.abort('blockedbyclient');
    return serve(route, contents);
  }

  async #refusePopup(route: Route): Promise<void> {
    const url = fromBrowser(route.request().url());
    await new Promise((resolve) => setTimeout(resolve, ANNOUNCED_WITHIN_MS));
    const all = this.#all();
    // A middle click opens a tab without the page announcing it.
    if (!all.some((contents) => contents.gate.takeAnnounced(url)))
      all.at(-1)?.gate.open({ url, frameName: '', features: '' });
    return route.abort('aborted');
  }

  #details(request: PageRequest, contents: DoubleWebContents): OnBeforeRequestListenerDetails {
    this.#last += 1;
    return {
      id: this.#last,
      url: fromBrowser(request.url()),
      method: request.method(),
      webContentsId: contents.id,
      resourceType: resourceType(request),
      referrer: fromBrowser(request.headers()['referer'] ?? ''),
      timestamp: Date.now(),
      uploadData: [],
    };
  }
}

async function serve(route: Route, contents: DoubleWebContents): Promise<void> {
  const request = route.request();
  const url = fromBrowser(request.url());
  const handler = contents.session.protocol.handlerOf(new URL(url).protocol.slice(0, -1));
  if (handler === undefined) return url === request.url() ? route.continue() : route.abort('failed');
  const body = request.postDataBuffer();
  const answer = await handler(
    new Request(url, {
      method: request.method(),
      headers: request.headers(),
      ...(body === null ? {} : { body: new Uint8Array(body) }),
    }),
  );
  await route.fulfill({
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()),
  });
}

function resourceType(request: PageRequest): OnBeforeRequestListenerDetails['resourceType'] {
  const type = request.resourceType();
  if (type === 'document') return request.frame().parentFrame() === null ? 'mainFrame' : 'subFrame';
  if (type === 'fetch' || type === 'xhr' || type === 'eventsource') return 'xhr';
  const same = ['stylesheet', 'script', 'image', 'font', 'media', 'ping'] as const;
  return same.find((each) => each === type) ?? 'other';
}
