import { CLOUD_PROVIDERS } from './preset-cloud.ts';
import { LOCAL_PROVIDERS } from './preset-local.ts';
import type { ProviderPreset } from './preset.ts';

/** The providers in order of preference for the default model. */
export const PROVIDERS: readonly ProviderPreset[] = [...CLOUD_PROVIDERS, ...LOCAL_PROVIDERS];

/** Tokens a model holds, by the start of its name; the longest start that fits counts. */
const WINDOWS: Readonly<Record<string, number>> = {
  'gpt-3.5-turbo': 16_385,
  'gpt-4': 8192,
  'gpt-4-turbo': 128_000,
  'gpt-4o': 128_000,
  'gpt-4.1': 1_047_576,
  'gpt-5': 400_000,
  o1: 200_000,
  'o1-mini': 128_000,
  o3: 200_000,
  'o4-mini': 200_000,
  'llama-3.1': 131_072,
  'llama-3.3': 131_072,
  claude: 200_000,
  'deepseek-chat': 65_536,
  'deepseek-reasoner': 65_536,
  'gemini-1.5': 1_048_576,
  'gemini-2': 1_048_576,
};

/** Finds the provider a handle's first part names. */
export function findProvider(name: string): ProviderPreset | null {
  return PROVIDERS.find((provider) => provider.name === name || provider.aliases.includes(name)) ?? null;
}

/** Takes a handle apart; `provider` is `null` when none of that name is known. */
export function splitHandle(handle: string): {
  readonly provider: ProviderPreset | null;
  readonly model: string;
} {
  const slash = handle.indexOf('/');
  return { provider: findProvider(handle.slice(0, slash)), model: handle.slice(slash + 1) };
}

/** Tokens a model holds: what is known of it by name, else what is usual at the provider. */
export function knownWindow(provider: ProviderPreset, model: string): number {
  // A server on this computer decides itself how much it holds, whatever the model could.
  if (provider.is_local) return provider.unknown_window;
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const starts = Object.keys(WINDOWS).filter((start) => name.startsWith(start));
  const longest = starts.toSorted((one, other) => other.length - one.length)[0];
  return (longest === undefined ? undefined : WINDOWS[longest]) ?? provider.unknown_window;
}
