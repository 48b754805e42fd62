import type { Stores } from './stores.ts';

/**
 * Runs an action of a view. What it throws becomes a toast with its message: for buttons whose failure has no better
 * place. Never rejects.
 */
export function attempt(stores: Stores, action: () => Promise<unknown>): void {
  action().catch((error: unknown) => stores.toast.getState().fail(error));
}
