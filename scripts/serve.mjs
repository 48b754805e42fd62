// The headless server as a process: start it, answer signals, and say a taken port in one line.

/**
 * Command-line options shared by every way to start the server. Values are undefined when not given.
 * @param {string[]} args
 */
export function parseServerOptions(args) {
  const options = { port: 8283, host: '127.0.0.1', dataDir: undefined, debug: false, headless: false };
  const valued = { '--port': 'port', '--host': 'host', '--data': 'dataDir' };
  for (let i = 0; i < args.length; i += 1) {
    const [name, inline] = args[i].split(/=(.*)/s, 2);
    if (name === '--debug' || name === '--headless') {
      options[name.slice(2)] = true;
    } else if (name in valued) {
      const value = inline ?? args[(i += 1)];
      if (!value) throw new Error(`${name} needs a value.`);
      options[valued[name]] = name === '--port' ? parsePort(value) : value;
    } else {
      throw new Error(
        `Unknown option ${args[i]}. Known: --port N, --host ADDRESS, --data FOLDER, --debug, --headless.`,
      );
    }
  }
  return options;
}

function parsePort(text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new Error(`--port must be a number from 0 to 65535, not "${text}".`);
}

/** True when another process holds the port or the data folder: the one failure worth asking the other side about. */
function isTaken(error) {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/EADDRINUSE|in_use|locked|conflict/i.test(String(cause.code ?? ''))) return true;
  }
  return false;
}

/** The base URL of a Memoir already answering there, or undefined. */
async function runningMemoir({ host, port }) {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const base = `http://${name}:${port}`;
  try {
    const response = await fetch(`${base}/v1/health`, { signal: AbortSignal.timeout(2000) });
    return /memoir/i.test(await response.text()) ? base : undefined;
  } catch {
    return undefined;
  }
}

/**
 * npm forwards no signal to its child, so a server started through npm would outlive it and keep the port:
 * watch for the parent going away instead.
 */
function whenParentGoes(action) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    action();
  }, 500);
  timer.unref();
}

function closeOnSignal(server) {
  let closing = false;
  const close = () => {
    if (closing) process.exit(1);
    closing = true;
    setTimeout(() => {
      process.stderr.write('memoir: the server did not close within 10 seconds; ending anyway.\n');
      process.exit(1);
    }, 10_000).unref();
    server.close().then(
      () => process.exit(0),
      (error) => fail(error, false),
    );
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
  whenParentGoes(close);
}

/** People get the message; the stack is for --debug. */
function fail(error, debug) {
  const text = error instanceof Error ? (debug ? error.stack : error.message) : String(error);
  process.stderr.write(`memoir: ${text}\n`);
  process.exit(1);
}

/**
 * Starts the server found by `load`, prints where the ADE is, and keeps the process until a signal.
 * @param {() => Promise<{ startServer: Function, OFFLINE_DELAY_MS: number }>} load
 * @param {ReturnType<typeof parseServerOptions>} options
 */
export async function serve(load, options) {
  const { port, host, dataDir, debug } = options;
  try {
    const { startServer, OFFLINE_DELAY_MS } = await load();
    const log = debug ? (line) => process.stderr.write(`${line}\n`) : () => undefined;
    const server = await startServer({
      port,
      host,
      log,
      offline_delay_ms: OFFLINE_DELAY_MS,
      ...(dataDir === undefined ? {} : { dataDir }),
    });
    closeOnSignal(server);
    process.stdout.write(`ADE ready: ${new URL('/ade', server.url)}\n`);
  } catch (error) {
    const base = port !== 0 && isTaken(error) ? await runningMemoir(options) : undefined;
    if (base === undefined) return fail(error, debug);
    process.stdout.write(`Memoir is already running.\nADE ready: ${base}/ade\n`);
    process.exit(0);
  }
}
