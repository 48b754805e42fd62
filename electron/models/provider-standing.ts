import { AppError, toWire } from '../../shared/errors.ts';
import type { Environment, SecretInfo, SecretStore } from '../secret-store.ts';
import { bareAddress, tidyAddress } from './address.ts';
import type { ProviderPreset } from './preset.ts';
import { knownWindow, PROVIDERS } from './presets.ts';
import {
  NO_RECORD,
  type ProviderMemory,
  type ProviderRecord,
  type ProviderRecords,
} from './provider-records.ts';

/** How things stand with a provider, without asking anybody. */
export type Standing = {
  readonly connected: boolean;
  /** What may be shown of its key; `null` when it has none. */
  readonly key: SecretInfo | null;
  readonly has_key: boolean;
  readonly base_url: string;
  readonly record: ProviderRecord;
  /** Cause and cure of what keeps it from being used. */
  readonly problem: string | null;
};

/** What the desk of providers knows. */
export type DeskState = {
  readonly env: Environment;
  readonly secrets: SecretStore;
  readonly memory: ProviderMemory;
  records: ProviderRecords;
  /** Providers whose address must not outlast the key it was given with. */
  readonly passing: Set<string>;
  keys: ReadonlyMap<string, SecretInfo>;
  /** Why a key can't be read, by its name. */
  key_problems: ReadonlyMap<string, string>;
};

/** What is remembered of a provider. */
export function recordOf({ records }: DeskState, provider: string): ProviderRecord {
  return Object.hasOwn(records.providers, provider) ? (records.providers[provider] ?? NO_RECORD) : NO_RECORD;
}

/** What may outlast the process: an address given with a key of this session must not meet another key later. */
export function lasting({ records, passing }: DeskState): ProviderRecords {
  const providers = Object.entries(records.providers).map(([name, record]): [string, ProviderRecord] => [
    name,
    passing.has(name) ? { ...record, connected: false, base_url: null, with_key: false } : record,
  ]);
  return { ...records, providers: Object.fromEntries(providers) };
}

/** Reads which keys are set. A key that can't be read is a problem of its provider, and no other's. */
export async function readKeys(state: DeskState): Promise<void> {
  const names = PROVIDERS.flatMap(({ key_env }) => key_env ?? []);
  const problems = new Map<string, string>();
  let infos: readonly SecretInfo[] = [];
  try {
    infos = await state.secrets.list(names);
  } catch (error) {
    for (const name of names) problems.set(name, toWire(error).message);
  }
  for (const { name, source } of infos) {
    if (source !== 'file') continue;
    try {
      await state.secrets.get(name);
    } catch (error) {
      problems.set(name, toWire(error).message);
    }
  }
  state.keys = new Map(infos.map((info) => [info.name, info]));
  state.key_problems = problems;
}

function setting(env: Environment, name: string): string | null {
  const value = env[name]?.trim() ?? '';
  return value === '' ? null : value;
}

/** How things stand with a provider. */
export function standingOf(state: DeskState, preset: ProviderPreset): Standing {
  const { env, keys, key_problems } = state;
  const record = recordOf(state, preset.name);
  const name = preset.key_env;
  const key = name === null ? null : (keys.get(name) ?? null);
  const has_key = key !== null || isNamed(env, name);
  const url = record.base_url ?? setting(env, preset.url_env);
  const bare = bareAddress(url ?? preset.base_url);
  const base_url = tidyAddress(bare, preset);
  const chosen = url !== null || (preset.is_local ? record.connected : has_key);
  return {
    connected: chosen && base_url !== '',
    key,
    has_key,
    base_url,
    record,
    problem: problemOf(preset, {
      chosen,
      base_url,
      is_bare: url === null || bare === url,
      is_locked: key?.locked === true,
      told: key_problems.get(name ?? ''),
    }),
  };
}

function isNamed(env: Environment, name: string | null): boolean {
  return name !== null && (setting(env, name) ?? setting(env, `${name}_FILE`)) !== null;
}

function problemOf(
  { label, url_env }: ProviderPreset,
  seen: {
    readonly chosen: boolean;
    readonly base_url: string;
    /** Whether the address held nothing else. */
    readonly is_bare: boolean;
    readonly is_locked: boolean;
    readonly told: string | undefined;
  },
): string | null {
  if (seen.chosen && seen.base_url === '') {
    return `${label} has an address for each customer. Enter yours, or set ${url_env}.`;
  }
  if (!seen.is_bare) {
    return `The address in ${url_env} holds a name, password or question mark, which was left out. A key has a variable of its own.`;
  }
  if (seen.is_locked) {
    return `The key of ${label} is behind your passphrase. Enter the passphrase to use it.`;
  }
  return seen.told ?? null;
}

/** Key to send to a provider now, `null` for none. Throws `model_auth` when there is one that can't be read. */
export async function apiKeyOf(state: DeskState, preset: ProviderPreset): Promise<string | null> {
  const { base_url, with_key } = recordOf(state, preset.name);
  if (preset.key_env === null || (base_url !== null && !with_key)) return null;
  let key: string | null;
  try {
    key = await state.secrets.get(preset.key_env);
  } catch (cause) {
    throw new AppError('model_auth', `${toWire(cause).message} Your message is kept.`, { cause });
  }
  if (key === null && state.keys.get(preset.key_env)?.locked === true) {
    const { problem } = standingOf(state, preset);
    throw new AppError('model_auth', `${problem ?? ''} Your message is kept.`);
  }
  return key;
}

/** Tokens a model holds, as far as is known. */
export function windowOf(state: DeskState, preset: ProviderPreset, model: string): number {
  const override = Number(setting(state.env, 'MEMOIR_CONTEXT_WINDOW') ?? Number.NaN);
  if (Number.isInteger(override) && override >= 1024) return override;
  const known = recordOf(state, preset.name).models.find(({ name }) => name === model);
  // A server's usual default is a guess; the first answer tells whether it was less than what is used now.
  const told = known?.context_source === 'assumed' ? null : (known?.context_window ?? null);
  return told ?? knownWindow(preset, model);
}
