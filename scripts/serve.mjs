// The headless server as a process. All it does, its options included, is in electron/server.ts; this hands over to it.

/** A mistake in the command line, or a fault of the start, in one line for people. */
function fail(error) {
  process.stderr.write(`memoir: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/**
 * Starts the server found by `load`, prints where the ADE is, and keeps the process until a signal.
 * @param {() => Promise<{ runServer: Function, OFFLINE_DELAY_MS: number }>} load
 * @param {string[]} args
 */
export async function serve(load, args) {
  try {
    const { runServer, OFFLINE_DELAY_MS } = await load();
    await runServer(args, OFFLINE_DELAY_MS);
  } catch (error) {
    fail(error);
  }
}
