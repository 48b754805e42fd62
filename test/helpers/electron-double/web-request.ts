import type { OnBeforeRequestListenerDetails, WebRequest } from 'electron';

type Listener = (details: OnBeforeRequestListenerDetails, callback: (answer: Answer) => void) => void;
type Answer = { readonly cancel?: boolean; readonly redirectURL?: string };

/** `session.webRequest`: `onBeforeRequest` without a URL filter, and with `cancel` as the only answer. */
export class DoubleWebRequest implements Pick<WebRequest, 'onBeforeRequest'> {
  #listener: Listener | null = null;

  onBeforeRequest(...given: unknown[]): void {
    if (given.length > 1) {
      const { urls = [] } = given[0] as { urls?: string[] };
      if (urls.some((url) => url !== '*://*/*' && url !== '<all_urls>'))
        throw new Error('The double models no URL filter of onBeforeRequest.');
    }
    this.#listener = given.at(-1) as Listener | null;
  }

  /** Whether the app cancels this request. */
  cancels(details: OnBeforeRequestListenerDetails): Promise<boolean> {
    const listener = this.#listener;
    if (listener === null) return Promise.resolve(false);
    return new Promise((resolve) => listener(details, ({ cancel }) => resolve(cancel === true)));
  }
}
