import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../shared/errors.ts';
import { openBackend } from './backend.ts';
import { defaultDataDir } from './data-dir.ts';
import { createApp } from './http/app.ts';
import { listen } from './http/listen.ts';
import { createLettaRoutes } from './letta/routes.ts';

export { OFFLINE_DELAY_MS } from './backend.ts';

/** How to start the server. */
export type ServerOptions = {
  /** Default 8283; 0 takes a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: `MEMOIR_DATA`, else the system's place for app data. */
  readonly dataDir?: string;
  readonly log?: (line: string) => void;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds between the words of the offline model. Default 0. */
  readonly offline_delay_ms?: number;
};

/** A server that runs. */
export type RunningServer = {
  /** Base URL without a slash at its end; the ADE is at `/ade/`, the Letta API at `/v1`. */
  readonly url: string;
  /** Ends requests and streams, then closes the store. Safe to call twice. */
  readonly close: () => Promise<void>;
};

/**
 * Starts the headless server. Rejects with `store_locked` when another Memoir holds the data folder and `port_taken`
 * when another program holds the port. Any other trouble with the store is served: the ADE says what to do about it.
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { port = 8283, host = '127.0.0.1', log = () => undefined, env = process.env } = options;
  const backend = await openBackend({
    dataDir: options.dataDir ?? defaultDataDir(env),
    env,
    log,
    offline_delay_ms: options.offline_delay_ms ?? 0,
  });
  try {
    if (backend.problem?.code === 'store_locked') throw backend.problem;
    const closing = new AbortController();
    const letta = createLettaRoutes({
      call: backend.call,
      subscribe: backend.subscribe,
      closing: closing.signal,
      log,
    });
    const app = createApp({
      call: backend.call,
      subscribe: backend.subscribe,
      letta,
      rendererDir: rendererDir(),
      host,
      allowedOrigins: (env['MEMOIR_ALLOWED_ORIGINS'] ?? '').split(',').filter((origin) => origin !== ''),
      closing: closing.signal,
      log,
    });
    const listening = await listen(app, { host, port }, closing);
    let closed: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      try {
        await listening.close();
      } finally {
        await backend.close();
      }
    };
    return { url: listening.url, close: () => (closed ??= close()) };
  } catch (error) {
    await backend.close();
    throw error;
  }
}

/** The bundle lies in out/server, beside out/renderer; the source one folder above it. */
function rendererDir(): string {
  const beside = join(import.meta.dirname, '..', 'renderer');
  const built = join(import.meta.dirname, '..', 'out', 'renderer');
  return existsSync(built) || !existsSync(join(beside, 'index.html')) ? built : beside;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8283' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      debug: { type: 'boolean', default: false },
      headless: { type: 'boolean', default: false },
    },
  });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new AppError('invalid_input', `--port must be a number from 0 to 65535, not "${values.port}".`);
  }
  const server = await startServer({
    port: Number(values.port),
    host: values.host,
    log: values.debug ? (line) => process.stderr.write(`${line}\n`) : () => undefined,
    ...(values.data === undefined ? {} : { dataDir: values.data }),
  });
  closeWithProcess(server);
  process.stdout.write(`ADE ready: ${server.url}/ade\n`);
}

function closeWithProcess(server: RunningServer): void {
  const close = (): void => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGINT', close);
  process.once('SIGTERM', close);
  if (process.env['npm_lifecycle_event'] === undefined) return;
  // npm passes no signal on to its child; without this the server would outlive it and keep the port.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) close();
  }, 500).unref();
}

function fail(error: unknown): void {
  process.stderr.write(`memoir: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

if (import.meta.main) main().catch(fail);
