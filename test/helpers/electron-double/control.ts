import { runInThisContext } from 'node:vm';

/** What a test asks of the running app: a function to run in its main process. */
export type ControlRequest = { readonly id: number; readonly source: string; readonly argument: unknown };

/** What came of it; `error` is text. */
export type ControlAnswer = { readonly id: number; readonly value?: unknown; readonly error?: string };

/** Sent once, when the first window has its browser: where Playwright can attach. */
export type ControlListening = { readonly port: number };

/** Runs what the test sends, with the module `electron` as its first argument, as Playwright does in a real one. */
export function obeyTest(electron: unknown): void {
  process.on('message', ({ id, source, argument }: ControlRequest) => {
    const answer = (answer: ControlAnswer): void => {
      process.send?.(answer);
    };
    run(source, electron, argument)
      .then((value) => answer({ id, value }))
      .catch((error: unknown) =>
        answer({ id, error: error instanceof Error ? String(error.stack) : String(error) }),
      );
  });
  // The channel alone keeps no app alive.
  process.channel?.unref();
}

async function run(source: string, electron: unknown, argument: unknown): Promise<unknown> {
  const made = runInThisContext(`(${source})`) as (electron: unknown, argument: unknown) => unknown;
  return await made(electron, argument);
}
