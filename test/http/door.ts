import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import type { Dispatch } from '../../electron/api/dispatch.ts';
import { createEventHub, type EventHub } from '../../electron/api/event-hub.ts';
import type { AccessToken } from '../../electron/http/access-token.ts';
import { createApp } from '../../electron/http/app.ts';
import { listen, type Listening } from '../../electron/http/listen.ts';

/** An HTTP door over an answer of the test's choice. */
export type Door = Listening & { readonly hub: EventHub; readonly port: number };

/** Opens a door on a free port; it closes with the test. */
export async function openDoor(
  options: {
    call?: (name: string, input: unknown) => Promise<unknown>;
    host?: string;
    allowedHosts?: readonly string[];
    token?: AccessToken | null;
    letta?: Hono;
    rendererDir?: string;
    port?: number;
  } = {},
): Promise<Door> {
  const { host = '127.0.0.1' } = options;
  const hub = createEventHub('boot', () => undefined);
  const closing = new AbortController();
  const app = createApp({
    call: (options.call ?? (() => Promise.resolve({}))) as Dispatch,
    subscribe: hub.subscribe,
    letta: options.letta ?? new Hono(),
    rendererDir: options.rendererDir ?? '/nowhere',
    host,
    allowedHosts: options.allowedHosts ?? [],
    token: options.token ?? null,
    allowedOrigins: ['https://friend.example'],
    closing: closing.signal,
    log: () => undefined,
  });
  const listening = await listen(app, { host, port: options.port ?? 0 }, closing);
  onTestFinished(() => listening.close());
  return { ...listening, hub, port: Number(new URL(listening.url).port) };
}
