import type { Stores } from './stores.ts';

/**
 * Runs an action of a view. What it throws becomes a toast with its message: for buttons whose failure has no better
 * place. Never rejects.
 */
export function attempt(stores: Stores, action: () => Promise<unknown>): void {
  action().catch((error: unknown) => stores.toast.getState().fail(error));
}

/**
 * Runs a read nobody asked for, such as one an event called for. When it failed because nobody answers at all, the
 * window says so already; any other failure becomes a toast. Never rejects.
 */
export function attemptQuietly(stores: Stores, action: () => Promise<unknown>): void {
  action().catch(async (error: unknown) => {
    if (await stores.connection.getState().probe()) stores.toast.getState().fail(error);
  });
}
