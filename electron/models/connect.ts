import type { KeyKeep, Provider } from '../../shared/contract/providers.ts';
import { AppError } from '../../shared/errors.ts';
import type { SecretKeep } from '../secret-store.ts';
import { checkAddress, tidyAddress } from './address.ts';
import type { ProviderPreset } from './preset.ts';
import { findProvider, PROVIDERS } from './presets.ts';
import type { ProviderDesk } from './provider-desk.ts';

/** What a person gives to use a provider. */
export type Connection = {
  readonly provider: string;
  readonly api_key?: string | undefined;
  readonly base_url?: string | undefined;
  readonly keep?: KeyKeep | undefined;
};

/** The provider of a name. Throws `not_found`. */
export function requireProvider(name: string): ProviderPreset {
  const preset = findProvider(name);
  if (preset !== null) return preset;
  const known = PROVIDERS.map((provider) => provider.name).join(', ');
  throw new AppError('not_found', `There is no provider named ${name}. Known ones: ${known}.`);
}

/** What may be shown of a provider. */
export function showProvider(desk: ProviderDesk, preset: ProviderPreset): Provider {
  const { connected, key, has_key, base_url, record, problem } = desk.standing(preset);
  return {
    id: preset.name,
    label: preset.label,
    kind: preset.is_local ? 'local' : 'cloud',
    connected,
    source: key?.source ?? (has_key ? 'environment' : 'none'),
    last4: key?.last4 ?? '',
    locked: key?.locked ?? false,
    needs_key: !preset.is_local,
    key_env: preset.key_env,
    base_url,
    is_own_url: base_url === preset.base_url,
    docs_url: preset.docs_url,
    keys_url: preset.keys_url,
    listed_at: record.listed_at,
    problem,
  };
}

/**
 * Keeps key and address of a provider; asks nobody. An address without its key is refused while a key is set: whoever
 * could change the address alone could have the key sent anywhere. Throws `not_found`, `invalid_input`, `unsupported`.
 */
export async function connectProvider(desk: ProviderDesk, given: Connection): Promise<Provider> {
  const preset = requireProvider(given.provider);
  const { base_url: current, record } = desk.standing(preset);
  const address = given.base_url === undefined ? current : tidyAddress(given.base_url, preset);
  const is_new = address !== current;
  checkConnection(desk, preset, { ...given, address, is_new });
  const is_lasting = await keepKey(desk, preset, given);
  await desk.readKeys();
  await desk.keepRecord(
    preset.name,
    {
      ...(is_new ? { ...record, models: [], listed_at: null } : record),
      connected: true,
      base_url: is_new ? address : record.base_url,
      with_key: given.api_key !== undefined || (!is_new && record.with_key),
    },
    is_lasting,
  );
  return showProvider(desk, preset);
}

function checkConnection(
  desk: ProviderDesk,
  preset: ProviderPreset,
  { api_key, address, is_new }: Connection & { readonly address: string; readonly is_new: boolean },
): void {
  const { has_key, record } = desk.standing(preset);
  const with_key = api_key !== undefined;
  if (!is_new && address === '') throw needsAddress(preset);
  if (is_new || with_key) checkAddress(address, preset, with_key);
  if (with_key) return;
  if (is_new && has_key) throw needsKeyAgain(preset);
  if (!preset.is_local && !is_new && !has_key && record.base_url === null) throw needsKey(preset);
}

/** Forgets key, address and models of a provider; what the environment says stays. Throws `not_found`. */
export async function disconnectProvider(desk: ProviderDesk, name: string): Promise<Provider> {
  const preset = requireProvider(name);
  if (preset.key_env !== null) await desk.secrets.remove(preset.key_env);
  await desk.readKeys();
  await desk.forget(preset.name);
  return showProvider(desk, preset);
}

/** Opens the keys behind the passphrase. Throws `invalid_input`, `unsupported`. */
export async function unlockProviders(desk: ProviderDesk, passphrase: string): Promise<Provider[]> {
  const locked = PROVIDERS.filter((preset) => desk.standing(preset).key?.locked === true);
  await desk.secrets.unlock(passphrase);
  await desk.readKeys();
  for (const { name } of locked) await desk.changed(name);
  return PROVIDERS.map((preset) => showProvider(desk, preset));
}

/** Answers whether what goes with the key may outlast this session. */
async function keepKey(
  desk: ProviderDesk,
  preset: ProviderPreset,
  { api_key, keep }: Connection,
): Promise<boolean> {
  const { key } = desk.standing(preset);
  if (api_key === undefined) return key?.source !== 'session';
  if (preset.key_env === null) {
    throw new AppError('invalid_input', `${preset.label} takes no key. Nothing was kept.`);
  }
  const info = await (keep === undefined
    ? desk.secrets.set(preset.key_env, api_key)
    : desk.secrets.set(preset.key_env, api_key, keep satisfies SecretKeep));
  return info.source !== 'session';
}

function needsKey({ label, keys_url }: ProviderPreset): AppError {
  const page = keys_url === null ? '' : ` It is made at ${keys_url}.`;
  return new AppError('invalid_input', `${label} needs a key.${page} Nothing was changed.`);
}

function needsKeyAgain({ label }: ProviderPreset): AppError {
  return new AppError(
    'invalid_input',
    `A key is only sent to the address it was given with. Enter the key of ${label} together with the new address. ` +
      'Nothing was changed.',
  );
}

function needsAddress({ label, docs_url }: ProviderPreset): AppError {
  return new AppError(
    'invalid_input',
    `${label} has an address for each customer, such as https://NAME.openai.azure.com/openai/v1: see ${docs_url}. ` +
      'Nothing was changed.',
  );
}
