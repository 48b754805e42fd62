import { type Bridge, type Client, createClient, httpTransport, ipcTransport } from '../shared/client.ts';
import { signedFetch, type SignInHost } from './signed-fetch.ts';

/** The window as the preload script may have furnished it. */
export type BridgeHost = SignInHost & {
  readonly memoir?: Bridge;
  readonly location: { readonly origin: string };
};

/** The client of this window: over the desktop bridge when there is one, else over HTTP to where the page came from. */
export function connectBackend(host: BridgeHost): Client {
  return createClient(
    host.memoir === undefined
      ? httpTransport(host.location.origin, signedFetch(host))
      : ipcTransport(host.memoir),
  );
}
