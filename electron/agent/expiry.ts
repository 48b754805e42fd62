import { toWire } from '../../shared/errors.ts';
import { system_timers } from '../models/timers.ts';
import { expireCalls, nextExpiry } from './decisions.ts';
import type { RuntimeDeps } from './runtime-deps.ts';

/** Watches over calls that wait for an answer only so long. */
export type Expiry = {
  /** Looks now, and again whenever something may be due. Call it when more waits. */
  readonly look: () => Promise<void>;
  readonly close: () => void;
};

// A machine that slept or whose clock was set must not trust one long timer.
const LOOK_AGAIN_MS = 3_600_000;

/** Makes the watch; `wake` hears of conversations that may go on. */
export function createExpiry(deps: RuntimeDeps, wake: (conversation_id: string) => void): Expiry {
  const { after } = deps.timers ?? system_timers;
  let callOff = (): void => undefined;
  let is_closed = false;
  const look = async (): Promise<void> => {
    callOff();
    if (is_closed) return;
    let wait_ms = LOOK_AGAIN_MS;
    try {
      for (const conversation_id of await expireCalls(deps)) wake(conversation_id);
      const next = await nextExpiry(deps);
      if (next === null) return;
      wait_ms = Math.min(Math.max(Date.parse(next) - Date.parse(deps.clock.now()), 0), LOOK_AGAIN_MS);
    } catch (error) {
      // The store may take it later; until then what waits stays pending and safe.
      deps.log(`Looking for calls that expired failed: ${toWire(error).code}`);
    }
    callOff();
    if (!isClosed()) callOff = after(wait_ms, () => void look());
  };
  // Asked by a function, since it may change at any await.
  const isClosed = (): boolean => is_closed;
  return {
    look,
    close: () => {
      is_closed = true;
      callOff();
    },
  };
}
