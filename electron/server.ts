import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../shared/errors.ts';
import { type Backend, openBackend } from './backend.ts';
import { parseServerOptions, parseTokenOptions, type ServerSettings } from './command-line.ts';
import { defaultDataDir } from './data-dir.ts';
import { diagnoseServer } from './diagnose-command.ts';
import {
  type AccessToken,
  environmentToken,
  keptToken,
  openTokenFile,
  replaceToken,
  type TokenFile,
} from './http/access-token.ts';
import { createApp } from './http/app.ts';
import { listen, urlOf } from './http/listen.ts';
import { isLoopback, readAllowedHosts, readAllowedOrigins } from './http/own-address.ts';
import { createLettaRoutes } from './letta/routes.ts';
import { openProcessLog, type ProcessLog } from './log/process-log.ts';
import { VERSION } from './version.ts';

export { OFFLINE_DELAY_MS } from './backend.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How to start the server. */
export type ServerOptions = {
  /** Default 8283; 0 takes a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. Beyond this computer the server asks for a token, and makes one unless `env` sets it. */
  readonly host?: string;
  /** Default: `MEMOIR_DATA`, else the system's place for app data. */
  readonly dataDir?: string;
  readonly log?: (line: string) => void;
  /** Hears every key that comes to be known, so that `log` does not repeat it. */
  readonly learn?: (secret: string) => void;
  /** The file that `log` writes, to be told in a diagnosis. */
  readonly log_path?: string;
  /** Log a line for each request. Default false. */
  readonly verbose?: boolean;
  /** Keys and addresses of models; `MEMOIR_ALLOWED_HOSTS`, `MEMOIR_ALLOWED_ORIGINS`, `MEMOIR_SERVER_TOKEN`. */
  readonly env?: Environment;
  /** Milliseconds between the words of the offline model. Default 0. */
  readonly offline_delay_ms?: number;
};

/** A server that runs. */
export type RunningServer = {
  /** Base URL without a slash at its end; the ADE is at `/ade/`, the Letta API at `/v1`. */
  readonly url: string;
  /** The token of the data folder when callers have to send that one; `null` when none, or one of the environment. */
  readonly token_file: TokenFile | null;
  /** Whether connections are taken now. */
  readonly isOpen: () => boolean;
  /** Ends requests and streams, then closes the store. Safe to call twice. */
  readonly close: () => Promise<void>;
};

/**
 * Starts the headless server. Rejects with `store_locked` when another Memoir holds the data folder, `port_taken` when
 * another program holds the port and `invalid_input` for settings of `env` that can not be read. Any other trouble with
 * the store is served: the ADE says what to do about it.
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { port = 8283, host = '127.0.0.1', env = process.env, offline_delay_ms = 0 } = options;
  const { dataDir = defaultDataDir(env), log = () => undefined } = options;
  const access = readAccess(host, env);
  let own: RunningServer | null = null;
  const backend = await openBackend({
    dataDir,
    env,
    log,
    offline_delay_ms,
    learn: options.learn,
    address: () => (own === null ? null : { url: own.url, is_open: own.isOpen() }),
    log_path: options.log_path ?? null,
  });
  try {
    if (backend.problem?.code === 'store_locked') throw backend.problem;
    own = await serveBackend(backend, access, {
      port,
      log,
      verbose: options.verbose === true,
    });
    return own;
  } catch (error) {
    await backend.close();
    throw error;
  }
}

async function serveBackend(
  backend: Backend,
  access: Access,
  {
    port,
    log,
    verbose,
  }: { readonly port: number; readonly log: (line: string) => void; readonly verbose: boolean },
): Promise<RunningServer> {
  const { host } = access;
  const token_file = access.token === null && !isLoopback(host) ? openTokenFile(backend.data_dir) : null;
  const closing = new AbortController();
  const common = { call: backend.call, subscribe: backend.subscribe, closing: closing.signal, log };
  const app = createApp({
    ...common,
    ...access,
    letta: createLettaRoutes(common),
    rendererDir: rendererDir(),
    verbose,
    token: token_file === null ? access.token : keptToken(token_file.path),
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
  const { url, isOpen } = listening;
  return { url, token_file, isOpen, close: () => (closed ??= close()) };
}

type Access = {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly token: AccessToken | null;
};

function readAccess(host: string, env: Environment): Access {
  return {
    host,
    allowedHosts: readAllowedHosts(env['MEMOIR_ALLOWED_HOSTS'] ?? ''),
    allowedOrigins: readAllowedOrigins(env['MEMOIR_ALLOWED_ORIGINS'] ?? ''),
    token: environmentToken(env),
  };
}

/** The bundle lies in out/server, beside out/renderer; the source one folder above it. */
function rendererDir(): string {
  const beside = join(import.meta.dirname, '..', 'renderer');
  const built = join(import.meta.dirname, '..', 'out', 'renderer');
  return existsSync(built) || !existsSync(join(beside, 'index.html')) ? built : beside;
}

/**
 * The command `memoir server`: starts the server, prints where the ADE is and, once, a token that was made for it, and
 * keeps the process until a signal. Where a Memoir already answers, says so and ends well. Throws `invalid_input` for
 * options that can not be read; any other failure ends the process with its message.
 */
export async function runServer(args: readonly string[], offline_delay_ms = 0): Promise<void> {
  const settings = parseServerOptions(args);
  const { port, host, dataDir = defaultDataDir(process.env), debug } = settings;
  const log = openProcessLog(dataDir, {
    env: process.env,
    echo: debug ? (line) => void process.stderr.write(`${line}\n`) : () => undefined,
  });
  try {
    const told = { log: log.write, learn: log.learn, log_path: log.path, verbose: debug };
    const server = await startServer({ port, host, dataDir, offline_delay_ms, ...told });
    surviveFaults(log);
    closeWithProcess(server, log);
    tellStart(server, log);
  } catch (error) {
    const url = port !== 0 && isTaken(error) ? await runningMemoir(settings) : null;
    if (url === null) {
      log.write(`The server did not start: ${textOf(error, true)}`);
      return fail(error, debug);
    }
    process.stdout.write(`Memoir is already running.\nADE ready: ${url}/ade\n`);
    process.exit(0);
  }
}

/** The command `memoir token`: prints the token of a data folder, making one if there is none; `--rotate` replaces it. */
export function runToken(args: readonly string[]): void {
  const { dataDir = defaultDataDir(process.env), rotate } = parseTokenOptions(args);
  const { token } = rotate ? replaceToken(dataDir) : openTokenFile(dataDir);
  process.stdout.write(`${token}\n`);
}

/**
 * The command `memoir diagnose`: prints what the server that runs finds wrong, and ends with code 1 when something is in
 * trouble. Rejects with `invalid_input` for options that can not be read.
 */
export async function runDiagnose(args: readonly string[]): Promise<void> {
  const { text, code } = await diagnoseServer(args, process.env);
  process.stdout.write(text);
  process.exitCode = code;
}

/**
 * The command `memoir doctor`: looks whether the store is sound, by the server that runs or on the files, and mends it
 * with `--repair`. Ends with code 1 when something is left. Rejects with `invalid_input` for options that can not be
 * read, and with what keeps the store from being looked at.
 */
export async function runDoctor(args: readonly string[]): Promise<void> {
  const { seeDoctor } = await import('./doctor-command.ts');
  const { text, code } = await seeDoctor(args, process.env, (line) => void process.stderr.write(line));
  process.stdout.write(text);
  process.exitCode = code;
}

function tellStart({ url, token_file }: RunningServer, log: ProcessLog): void {
  if (token_file !== null) log.learn(token_file.token);
  log.write(`Memoir ${VERSION} listens on ${url}; Node ${process.versions.node}, ${process.platform}.`);
  process.stdout.write(`ADE ready: ${url}/ade\n${tokenLine(token_file)}Log: ${log.path}\n`);
}

function tokenLine(file: TokenFile | null): string {
  if (file === null) return '';
  if (!file.isNew) return `Callers need the token in ${file.path}; "memoir token" shows it.\n`;
  return `Callers need this token, shown once and kept in ${file.path}: ${file.token}\n`;
}

function isTaken(error: unknown): boolean {
  return error instanceof AppError && ['port_taken', 'store_locked'].includes(error.code);
}

async function runningMemoir({ host, port }: ServerSettings): Promise<string | null> {
  const url = urlOf(host, port);
  try {
    const response = await fetch(`${url}/v1/health`, { signal: AbortSignal.timeout(2000) });
    return /memoir/i.test(await response.text()) ? url : null;
  } catch {
    // Nothing that speaks HTTP: the first failure is the one to tell.
    return null;
  }
}

// Agents may be at work: a fault in one request must not end them all. What it left half done, the store undoes.
function surviveFaults(log: ProcessLog): void {
  const tell = (error: unknown): void => {
    // When nobody reads what is printed, printing fails as well.
    if ((error as NodeJS.ErrnoException | null)?.code === 'EPIPE') return;
    log.write(`An unexpected fault; Memoir goes on. ${textOf(error, true)}`);
    process.stderr.write(`memoir: an unexpected fault; Memoir goes on. ${log.redact(textOf(error, true))}\n`);
  };
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}

const MOST_SECONDS_TO_CLOSE = 10;

function closeWithProcess(server: RunningServer, log: ProcessLog): void {
  let isClosing = false;
  const close = (): void => {
    if (isClosing) process.exit(1);
    isClosing = true;
    setTimeout(() => {
      fail(`The server did not close within ${MOST_SECONDS_TO_CLOSE} seconds; ending anyway.`, false);
    }, MOST_SECONDS_TO_CLOSE * 1000).unref();
    log.write('Memoir is asked to end.');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error, false),
    );
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
  if (process.env['npm_lifecycle_event'] === undefined) return;
  // npm passes no signal on to its child; without this the server would outlive it and keep the port.
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    close();
  }, 500);
  timer.unref();
}

function fail(error: unknown, debug: boolean): void {
  process.stderr.write(`memoir: ${textOf(error, debug)}\n`);
  process.exit(1);
}

function textOf(error: unknown, withStack: boolean): string {
  if (!(error instanceof Error)) return String(error);
  return withStack ? (error.stack ?? error.message) : error.message;
}

if (import.meta.main) runServer(process.argv.slice(2)).catch((error: unknown) => fail(error, false));
