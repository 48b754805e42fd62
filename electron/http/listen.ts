import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { AppError } from '../../shared/errors.ts';

/** A server that listens. */
export type Listening = {
  /** Base URL without a slash at its end, with the port really taken. */
  readonly url: string;
  /** Whether connections are taken now. */
  readonly isOpen: () => boolean;
  /** Refuses new connections, ends open streams, gives running requests 300 ms, then cuts them. Safe to call twice. */
  readonly close: () => Promise<void>;
};

const GRACE_MS = 300;

/** Listens on `host`:`port` (0 takes a free port). Rejects with `port_taken` when another program holds the port. */
export async function listen(
  app: Hono,
  address: { readonly host: string; readonly port: number },
  closing: AbortController,
): Promise<Listening> {
  const { host, port } = address;
  const { server, taken } = await new Promise<{ server: Server; taken: number }>((resolve, reject) => {
    // The adapter types its server for HTTP/2 as well; without `createServer` it is the plain one.
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info) =>
      resolve({ server, taken: info.port }),
    ) as Server;
    server.once('error', (error: NodeJS.ErrnoException) => reject(describe(error, host, port)));
  });
  let closed: Promise<void> | null = null;
  return {
    url: urlOf(host, taken),
    isOpen: () => server.listening,
    close: () => (closed ??= close(server, closing)),
  };
}

/** The URL under which this computer reaches a server that listens on `host`, without a slash at its end. */
export function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function describe(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  if (error.code === 'EADDRINUSE') {
    return new AppError(
      'port_taken',
      `Port ${port} is taken by another program, so Memoir can not listen on ${host}:${port}. Close that program, or choose another port with --port.`,
      { details: { host, port }, cause: error },
    );
  }
  return new AppError('internal', `Memoir can't listen on ${host}:${port}: ${error.message}`, {
    cause: error,
  });
}

async function close(server: Server, closing: AbortController): Promise<void> {
  closing.abort();
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}
