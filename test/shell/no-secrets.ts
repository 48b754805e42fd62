import type { SecretStore } from '../../electron/secret-store.ts';

/** Secrets of a host that has none. */
export const noSecrets: SecretStore = {
  choices: () => Promise.resolve([]),
  list: () => Promise.resolve([]),
  get: () => Promise.resolve(null),
  set: () => Promise.reject(new Error('not here')),
  remove: () => Promise.resolve(),
  unlock: () => Promise.reject(new Error('not here')),
};
