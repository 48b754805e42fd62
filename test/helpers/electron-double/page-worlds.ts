/** What runs in a page: the page's own world gets what the preload exposed, the preload runs in a world apart. */
import { bridgeEnd } from './bridge-end.ts';
import { wireFormat } from './wire-format.ts';

/** The isolated world's name, and that of the function only it has to reach the main process. */
export const PRELOAD_WORLD = 'electron preload';
/** Called in the preload's world with `{ kind, channel, ... }` as text of `wireFormat`. */
export const TO_MAIN = '__electron_to_main';
/** Called by the main process in the preload's world with text of `wireFormat`. */
export const FROM_MAIN = '__electron_from_main';

/** What the page sends to the main process. */
export type ToMain =
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: unknown[] }
  | { readonly kind: 'send'; readonly channel: string; readonly args: unknown[] };

/** What the main process sends to the page. */
export type FromMain =
  | { readonly kind: 'result'; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly kind: 'event'; readonly channel: string; readonly args: unknown[] };

/** Script for the page's own world; it leaves nothing behind but what the preload exposes. */
export function pageWorldScript(): string {
  return `if (window === window.top) (${pageWorld.toString()})(${bridgeEnd.toString()});`;
}

/** Script for the preload's world, with the real preload's text in it. `argv` is what the preload finds in process.argv. */
export function preloadWorldScript(preload: string, argv: readonly string[]): string {
  const names = JSON.stringify({ TO_MAIN, FROM_MAIN, argv, versions: process.versions });
  return `if (window === window.top) {
    const { require, process, module, exports } =
      (${preloadWorld.toString()})(${bridgeEnd.toString()}, (${wireFormat.toString()})(), ${names});
    (function (require, process, module, exports) {\n${preload}\n}).call(undefined, require, process, module, exports);
  }`;
}

function pageWorld(makeEnd: typeof bridgeEnd): void {
  // A detached node is a channel both worlds can hold and no page script can find.
  const wire = document.createElement('i');
  makeEnd(wire, { out: 'to-preload', in: 'to-page' }, (key, value) => {
    if (key in window)
      throw new Error('Cannot bind an API on top of an existing property on the window object');
    Object.defineProperty(window, key, { value, writable: false, configurable: false, enumerable: true });
  });
  const offer = (): void => {
    document.removeEventListener('electron-ask', offer);
    document.dispatchEvent(new MouseEvent('electron-offer', { relatedTarget: wire }));
  };
  document.addEventListener('electron-ask', offer);
  // The preload's world may have asked before; a second answer finds nobody listening.
  document.dispatchEvent(new MouseEvent('electron-offer', { relatedTarget: wire }));
}

type Names = {
  readonly TO_MAIN: string;
  readonly FROM_MAIN: string;
  readonly argv: readonly string[];
  readonly versions: unknown;
};
type Listener = (event: unknown, ...args: unknown[]) => void;

function preloadWorld(
  makeEnd: typeof bridgeEnd,
  format: ReturnType<typeof wireFormat>,
  names: Names,
): { require: (name: string) => unknown; process: unknown; module: unknown; exports: unknown } {
  const world = globalThis as unknown as Record<string, (text: string) => void>;
  const send = world[names.TO_MAIN];
  const exposed: [string, unknown][] = [];
  let end: ReturnType<typeof bridgeEnd> | null = null;
  const meet = (event: Event): void => {
    document.removeEventListener('electron-offer', meet);
    const wire = (event as MouseEvent).relatedTarget as EventTarget;
    end = makeEnd(wire, { out: 'to-page', in: 'to-preload' }, () => undefined);
    // Makes the page's world stop offering, whichever of the two began.
    document.dispatchEvent(new Event('electron-ask'));
    for (const [key, value] of exposed.splice(0)) end.expose(key, value);
  };
  document.addEventListener('electron-offer', meet);
  document.dispatchEvent(new Event('electron-ask'));

  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Listener[]>();
  const post = (message: ToMain): void => send?.(format.encode(message));
  world[names.FROM_MAIN] = (text) => {
    const message = format.decode(text) as FromMain;
    if (message.kind === 'event') {
      for (const listener of listeners.get(message.channel) ?? []) listener({ ports: [] }, ...message.args);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) call?.resolve(message.value);
    else call?.reject(new Error(message.error));
  };

  let last = 0;
  const add = (channel: string, listener: Listener): void => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
  };
  const remove = (channel: string, listener: Listener): void => {
    listeners.set(
      channel,
      (listeners.get(channel) ?? []).filter((each) => each !== listener),
    );
  };
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        last += 1;
        post({ kind: 'invoke', id: last, channel, args });
        waiting.set(last, { resolve, reject });
      }),
    send: (channel: string, ...args: unknown[]) => post({ kind: 'send', channel, args }),
    on: add,
    addListener: add,
    off: remove,
    removeListener: remove,
    removeAllListeners: (channel: string) => void listeners.delete(channel),
    once: (channel: string, listener: Listener) => {
      const once: Listener = (event, ...args) => {
        remove(channel, once);
        listener(event, ...args);
      };
      add(channel, once);
    },
  };
  const contextBridge = {
    exposeInMainWorld: (key: string, value: unknown): void => {
      if (end === null) exposed.push([key, value]);
      else end.expose(key, value);
    },
  };
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return { contextBridge, ipcRenderer };
    throw new Error(`module not found: ${name}`);
  };
  const module = { exports: {} };
  const { argv, versions } = names;
  const process = { type: 'renderer', sandboxed: true, contextIsolated: true, argv, versions, env: {} };
  return { require, process, module, exports: module.exports };
}
