import type { EventEnvelope, MemoirEvent } from '../../shared/events.ts';

/** Numbers events and hands them to every listener, in order. */
export type EventHub = {
  readonly boot_id: string;
  readonly emit: (event: MemoirEvent) => void;
  /** Hears events from now on until the returned function is called. */
  readonly subscribe: (listener: (envelope: EventEnvelope) => void) => () => void;
};

/** Makes the hub of one boot. A listener that throws is dropped: it must not keep others from hearing. */
export function createEventHub(boot_id: string, log: (line: string) => void): EventHub {
  const listeners = new Set<(envelope: EventEnvelope) => void>();
  let seq = 0;
  return {
    boot_id,
    emit: (event) => {
      seq += 1;
      for (const listener of listeners) {
        try {
          listener({ boot_id, seq, event });
        } catch (error) {
          listeners.delete(listener);
          log(`An event listener failed and was dropped: ${String(error)}`);
        }
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
