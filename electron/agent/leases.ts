import type { Timers } from '../models/timers.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { RENEW_MS, renewLeases } from '../store/leases.ts';

/** Says in the store that runs are under way, for as long as they are. */
export type Leases = {
  /** Keeps a run's lease fresh until the returned function is called. */
  readonly hold: (run_id: string) => () => void;
};

type LeaseDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: (line: string) => void;
};

/** Makes the keeper of leases: one small write every ten seconds while anything runs, none while nothing does. */
export function createLeases({ database, clock, timers, log }: LeaseDeps): Leases {
  const held = new Set<string>();
  let callOff: (() => void) | null = null;
  const renew = async (): Promise<void> => {
    callOff = null;
    if (held.size === 0) return;
    try {
      await database.transaction((tx) => renewLeases(tx, [...held], clock.now()));
    } catch (error) {
      // The run goes on; what it writes itself will say if the store is lost.
      log(`A lease was not renewed: ${error instanceof Error ? error.name : 'unknown'}`);
    }
    wait();
  };
  const wait = (): void => {
    if (held.size > 0) callOff ??= timers.after(RENEW_MS, () => void renew());
  };
  return {
    hold: (run_id) => {
      held.add(run_id);
      wait();
      return () => {
        held.delete(run_id);
        if (held.size > 0) return;
        callOff?.();
        callOff = null;
      };
    },
  };
}
