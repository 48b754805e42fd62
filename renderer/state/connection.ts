import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/client.ts';
import type { ModelInfo } from '../../shared/contract/system.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { toWire, type WireError } from '../../shared/errors.ts';

/** Who answers: see `system.info`. */
export type SystemInfo = OutputOf<'system.info'>;

/** Whether the backend answers, what it says of itself, and the models at hand. */
export type ConnectionState = {
  readonly kind: 'starting' | 'ready' | 'silent';
  readonly info: SystemInfo | null;
  /** Why the backend does not answer. */
  readonly error: WireError | null;
  readonly models: readonly ModelInfo[];
  readonly default_model: string;
  /** Asks again who answers. Never rejects: a failure is the state `silent`. True when the store is ready. */
  readonly check: () => Promise<boolean>;
  /** Reads the models at hand again. */
  readonly loadModels: () => Promise<void>;
  /** Asks in passing whether anyone answers, and notes a silence. Never rejects. True when somebody does. */
  readonly probe: () => Promise<boolean>;
};

/** Makes the store of the connection. */
export function createConnectionStore(client: Client): StoreApi<ConnectionState> {
  return createStore<ConnectionState>()((set) => ({
    kind: 'starting',
    info: null,
    error: null,
    models: [],
    default_model: '',
    check: async () => {
      try {
        const info = await client.call('system.info', {});
        if (info.store === 'ready') set(await client.call('models.list', {}));
        set({ kind: 'ready', info, error: null });
        return info.store === 'ready';
      } catch (error) {
        set({ kind: 'silent', error: toWire(error) });
        return false;
      }
    },
    loadModels: async () => set(await client.call('models.list', {})),
    probe: async () => {
      try {
        await client.call('system.info', {});
        return true;
      } catch (error) {
        set({ kind: 'silent', error: toWire(error) });
        return false;
      }
    },
  }));
}
