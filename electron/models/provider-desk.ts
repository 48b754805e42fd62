import type { ProbeResult, RemoteModel } from '../../shared/contract/providers.ts';
import { type Environment, environmentSecrets, type SecretStore } from '../secret-store.ts';
import type { ProviderPreset } from './preset.ts';
import {
  forgetfulMemory,
  type ProviderMemory,
  type ProviderRecord,
  type ProviderRecords,
} from './provider-records.ts';
import {
  apiKeyOf,
  type DeskState,
  lasting,
  readKeys,
  recordOf,
  type Standing,
  standingOf,
  windowOf,
} from './provider-standing.ts';

/** What the desk of providers works with. */
export type DeskOptions = {
  /** Addresses and whether keys are set, read again at every call. */
  readonly env: Environment;
  /** Default: the keys of `env`. */
  readonly secrets?: SecretStore;
  /** Default: nothing outlasts the process. */
  readonly memory?: ProviderMemory;
  /** Hears that what is known of a provider changed, after it was kept. */
  readonly onChange?: (provider: string) => Promise<void>;
};

/** Knows which providers can be used, with what address and key, and what was learned of their models. */
export type ProviderDesk = {
  /** Reads what was kept. Until then only the environment counts. Never rejects for a key: see `problem`. */
  readonly load: () => Promise<void>;
  readonly standing: (preset: ProviderPreset) => Standing;
  /** Key to send now, `null` for none. Rejects with `model_auth` when there is one that can't be read. */
  readonly apiKey: (preset: ProviderPreset) => Promise<string | null>;
  /** Tokens a model holds, as far as is known. */
  readonly windowOf: (preset: ProviderPreset, model: string) => number;
  readonly probeOf: (handle: string) => ProbeResult | null;
  readonly rememberProbe: (provider: string, probe: ProbeResult) => Promise<void>;
  readonly rememberModels: (
    provider: string,
    models: readonly RemoteModel[],
    listed_at: string | null,
  ) => Promise<void>;
  /** Replaces the record; `is_lasting` false keeps the address for this session only. */
  readonly keepRecord: (provider: string, record: ProviderRecord, is_lasting: boolean) => Promise<void>;
  /** Forgets record and probes of a provider. */
  readonly forget: (provider: string) => Promise<void>;
  /** Reads again which keys are set, after one changed. */
  readonly readKeys: () => Promise<void>;
  readonly changed: (provider: string) => Promise<void>;
  readonly secrets: SecretStore;
};

/** Makes the desk. It contacts nothing, ever. */
export function createProviderDesk(options: DeskOptions): ProviderDesk {
  const { env, secrets = environmentSecrets(env), memory = forgetfulMemory() } = options;
  const state: DeskState = {
    env,
    secrets,
    memory,
    records: { providers: {}, probes: {} },
    passing: new Set(),
    keys: new Map(),
    key_problems: new Map(),
  };
  const change = async (provider: string, next: ProviderRecords): Promise<void> => {
    state.records = next;
    await memory.write(lasting(state));
    await options.onChange?.(provider);
  };
  const put = (provider: string, record: ProviderRecord): Promise<void> =>
    change(provider, {
      ...state.records,
      providers: { ...state.records.providers, [provider]: record },
    });
  return {
    secrets,
    load: async () => {
      state.records = await memory.read();
      await readKeys(state);
    },
    standing: (preset) => standingOf(state, preset),
    apiKey: (preset) => apiKeyOf(state, preset),
    windowOf: (preset, model) => windowOf(state, preset, model),
    probeOf: (handle) => state.records.probes[handle] ?? null,
    rememberProbe: (provider, probe) =>
      change(provider, {
        ...state.records,
        probes: { ...state.records.probes, [probe.handle]: probe },
      }),
    rememberModels: (provider, models, listed_at) =>
      put(provider, { ...recordOf(state, provider), models: [...models], listed_at }),
    keepRecord: (provider, record, is_lasting) => {
      if (is_lasting) state.passing.delete(provider);
      else state.passing.add(provider);
      return put(provider, record);
    },
    forget: (provider) => {
      state.passing.delete(provider);
      const { [provider]: _gone, ...providers } = state.records.providers;
      const probes = Object.fromEntries(
        Object.entries(state.records.probes).filter(([handle]) => !handle.startsWith(`${provider}/`)),
      );
      return change(provider, { providers, probes });
    },
    readKeys: () => readKeys(state),
    changed: async (provider) => options.onChange?.(provider),
  };
}
