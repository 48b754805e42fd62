import { createClient, httpTransport, type Client, type Transport } from '../shared/client.ts';
import { fromWire, type WireError } from '../shared/errors.ts';
import type { EventEnvelope } from '../shared/events.ts';

/** What the preload script of the desktop window offers. A call resolves to `{ ok: true, output }` or `{ ok: false, error }`. */
export type Bridge = {
  readonly call: (name: string, input: unknown) => Promise<unknown>;
  readonly on: (listener: (envelope: EventEnvelope) => void) => () => void;
};

/** The window as the preload script may have furnished it. */
export type BridgeHost = { readonly memoir?: Bridge; readonly location: { readonly origin: string } };

/** The client of this window: over the desktop bridge when there is one, else over HTTP to where the page came from. */
export function connectBackend(host: BridgeHost): Client {
  return createClient(
    host.memoir === undefined
      ? httpTransport(host.location.origin, (...args) => fetch(...args))
      : bridgeTransport(host.memoir),
  );
}

type Answer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: WireError };

/** Transport over the bridge of the desktop window. It lives as long as the window: there is no lost connection. */
function bridgeTransport(bridge: Bridge): Transport {
  return {
    call: async (name, input) => {
      // The preload script passes on what electron/shell/ipc.ts answers.
      const answer = (await bridge.call(name, input)) as Answer;
      if (!answer.ok) throw fromWire(answer.error);
      return answer.output;
    },
    subscribe: (onEvent) => bridge.on(onEvent),
  };
}
