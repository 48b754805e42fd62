import type { InputOf, MethodName, OutputOf } from './contract/index.ts';
import { AppError, fromWire, isWireError, type WireError } from './errors.ts';
import type { EventEnvelope } from './events.ts';
import type { ShellMessage } from './shell.ts';

/** How calls and events cross to the backend: IPC in the window, HTTP in a browser, plain calls in a process. */
export type Transport = {
  /** Sends one call. Rejects with an `AppError`. */
  readonly call: (name: string, input: unknown) => Promise<unknown>;
  /**
   * Hears events until the returned function is called. `onListening` runs as soon as none is missed any more, and again
   * after each lost connection: what is read from then on stays true. It also runs, once, when nobody answers.
   */
  readonly subscribe: (onEvent: (envelope: EventEnvelope) => void, onListening: () => void) => () => void;
};

/** The backend with its types. */
export type Client = {
  readonly call: <Name extends MethodName>(name: Name, input: InputOf<Name>) => Promise<OutputOf<Name>>;
  readonly subscribe: Transport['subscribe'];
};

/** Gives a transport the contract's types. */
export function createClient(transport: Transport): Client {
  return {
    call: (name, input) => transport.call(name, input) as ReturnType<Client['call']> as never,
    subscribe: transport.subscribe,
  };
}

/**
 * Transport over HTTP: `POST {base}/ade/rpc/{name}` and one event stream `{base}/ade/events` read with `fetch`, which
 * reconnects by itself after one second.
 */
export function httpTransport(base: string, fetchFn: typeof fetch = fetch): Transport {
  return {
    call: async (name, input) => readAnswer(await post(`${base}/ade/rpc/${name}`, input, fetchFn)),
    subscribe: (onEvent, onListening) => {
      const abort = new AbortController();
      void listen({ url: `${base}/ade/events`, fetchFn, onEvent, onListening, signal: abort.signal });
      return () => abort.abort();
    },
  };
}

async function post(url: string, input: unknown, fetchFn: typeof fetch): Promise<Response> {
  try {
    return await fetchFn(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
  } catch (cause) {
    throw new AppError('internal', 'Memoir does not answer. Start it again, then reload this page.', {
      cause,
    });
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body;
  const wire = (body as { error?: unknown } | null)?.error;
  if (isWireError(wire)) throw fromWire(wire);
  throw new AppError('internal', `The server answered ${response.status} without a reason.`);
}

type Listening = {
  readonly url: string;
  readonly fetchFn: typeof fetch;
  readonly onEvent: (envelope: EventEnvelope) => void;
  readonly onListening: () => void;
  readonly signal: AbortSignal;
};

async function listen(listening: Listening): Promise<void> {
  for (let attempts = 1; ; attempts += 1) {
    let isOpen = false;
    try {
      const response = await listening.fetchFn(listening.url, { signal: listening.signal });
      isOpen = true;
      listening.onListening();
      if (response.body !== null) await readEvents(response.body, listening);
    } catch {
      // A lost connection is expected (restart, sleep); the loop tries again.
      if (!isOpen && attempts === 1 && !isOver(listening.signal)) listening.onListening();
    }
    if (isOver(listening.signal)) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (isOver(listening.signal)) return;
  }
}

// A function, since the compiler takes a signal for unchanged across an await.
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function readEvents(body: ReadableStream<Uint8Array>, listening: Listening): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const frames = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      if (frame.startsWith('data: ')) listening.onEvent(JSON.parse(frame.slice(6)) as EventEnvelope);
    }
  }
}

/** What the preload exposes as `window.memoir`. Failures come as values: Electron strips errors of their fields. */
export type Bridge = {
  readonly call: (
    name: string,
    input: unknown,
  ) => Promise<
    { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: WireError }
  >;
  readonly on: (listener: (message: EventEnvelope | ShellMessage) => void) => () => void;
};

/** Transport over Electron IPC. It misses nothing from the start; its one gap is the engine's restart. */
export function ipcTransport(bridge: Bridge): Transport {
  return {
    call: async (name, input) => {
      const answer = await bridge.call(name, input);
      if (!answer.ok) throw fromWire(answer.error);
      return answer.output;
    },
    subscribe: (onEvent, onListening) => {
      const leave = bridge.on((message) => {
        if (!('shell' in message)) onEvent(message);
        else if (message.shell === 'engine') onListening();
      });
      onListening();
      return leave;
    },
  };
}
