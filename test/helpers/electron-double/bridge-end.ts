/** One end of the wire between the page's world and the preload's. */
export type BridgeEnd = {
  /** Gives the other world a copy of a value; functions in it become proxies that call back over the wire. */
  readonly expose: (key: string, value: unknown) => void;
};

type Message =
  | { readonly kind: 'expose'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'call'; readonly id: number; readonly args: readonly unknown[] }
  | { readonly kind: 'answer'; readonly value?: unknown; readonly error?: string }
  | { readonly kind: 'settle'; readonly id: number; readonly value?: unknown; readonly error?: string };

type Settling = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };

/**
 * Joins two worlds as Electron's contextBridge does: values are copied and frozen, functions become proxies, promises
 * settle on the other side, prototypes and own fields of errors are lost. `wire` is a node no page script can reach;
 * an event's detail is cloned by the browser where it crosses worlds. Self-contained, since its source runs in both.
 */
export function bridgeEnd(
  wire: EventTarget,
  channels: { readonly out: string; readonly in: string },
  onExpose: (key: string, value: unknown) => void,
): BridgeEnd {
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const settling = new Map<number, Settling>();
  let last = 0;
  let answer: Extract<Message, { kind: 'answer' }> | null = null;

  const post = (message: Message): void => {
    wire.dispatchEvent(new CustomEvent(channels.out, { detail: message }));
  };
  const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

  function pack(value: unknown): unknown {
    if (typeof value === 'symbol') throw new Error('An object could not be cloned.');
    if (typeof value === 'function') {
      last += 1;
      functions.set(last, value as (...args: unknown[]) => unknown);
      return { $: 'function', id: last };
    }
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Promise) return packPromise(value);
    if (value instanceof Error) return { $: 'error', message: value.message };
    if (Array.isArray(value)) return value.map(pack);
    if (value instanceof Date || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value))
      return { $: 'clone', value };
    return { $: 'object', entries: Object.entries(value).map(([key, each]) => [key, pack(each)] as const) };
  }

  function packPromise(promise: Promise<unknown>): unknown {
    last += 1;
    const id = last;
    promise.then(
      (value) => post({ kind: 'settle', id, value: pack(value) }),
      (error: unknown) => post({ kind: 'settle', id, error: reason(error) }),
    );
    return { $: 'promise', id };
  }

  type Packed = { $: string; id: number; message: string; value: unknown; entries: [string, unknown][] };

  function unpack(packed: unknown): unknown {
    if (Array.isArray(packed)) return Object.freeze(packed.map(unpack));
    if (typeof packed !== 'object' || packed === null) return packed;
    const { $: kind, id, message, value, entries } = packed as Packed;
    if (kind === 'function') return Object.freeze(proxy(id));
    if (kind === 'promise') return new Promise((resolve, reject) => settling.set(id, { resolve, reject }));
    if (kind === 'error') return new Error(message);
    if (kind === 'clone') return value;
    return Object.freeze(Object.fromEntries(entries.map(([key, each]) => [key, unpack(each)])));
  }

  function proxy(id: number): (...args: unknown[]) => unknown {
    return (...args) => {
      post({ kind: 'call', id, args: args.map(pack) });
      const got = answer;
      answer = null;
      if (got?.error !== undefined) throw new Error(got.error);
      return unpack(got?.value);
    };
  }

  function run(id: number, args: readonly unknown[]): void {
    try {
      post({ kind: 'answer', value: pack(functions.get(id)?.(...args.map(unpack))) });
    } catch (error) {
      post({ kind: 'answer', error: reason(error) });
    }
  }

  function settle(message: Extract<Message, { kind: 'settle' }>): void {
    const waiting = settling.get(message.id);
    settling.delete(message.id);
    if (message.error === undefined) waiting?.resolve(unpack(message.value));
    else waiting?.reject(new Error(message.error));
  }

  wire.addEventListener(channels.in, (event) => {
    const message = (event as CustomEvent<Message>).detail;
    if (message.kind === 'expose') onExpose(message.key, unpack(message.value));
    else if (message.kind === 'call') run(message.id, message.args);
    else if (message.kind === 'answer') answer = message;
    else settle(message);
  });
  return { expose: (key, value) => post({ kind: 'expose', key, value: pack(value) }) };
}
