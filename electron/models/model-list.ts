import type { Environment } from '../secret-store.ts';
import type { ListedModel } from './model.ts';
import { OFFLINE_CONTEXT_WINDOW, OFFLINE_HANDLE } from './offline.ts';
import type { ProviderPreset } from './preset.ts';
import { PROVIDERS, splitHandle } from './presets.ts';
import type { ProviderDesk } from './provider-desk.ts';

/** What the list of models is made from. */
export type ListParts = { readonly env: Environment; readonly desk: ProviderDesk };

/** The built-in model, those of connected providers, and the chosen default if it is none of them. */
export function listModels(parts: ListParts): ListedModel[] {
  const offline: ListedModel = {
    handle: OFFLINE_HANDLE,
    name: 'Offline demo',
    provider: 'memoir',
    context_window: OFFLINE_CONTEXT_WINDOW,
    available: true,
    memory_tools: null,
  };
  const configured = PROVIDERS.filter((preset) => parts.desk.standing(preset).connected).flatMap((preset) =>
    namesAt(preset, parts).map((model) => listed(preset, model, parts)),
  );
  const chosen = chosenDefault(parts);
  const { provider, model } = splitHandle(chosen ?? '');
  if (provider === null || chosen === null || configured.some((row) => row.handle === chosen)) {
    return [offline, ...configured];
  }
  return [offline, { ...listed(provider, model, parts), handle: chosen }, ...configured];
}

/** What the provider itself listed counts more than what is well known. */
function namesAt(preset: ProviderPreset, { desk }: ListParts): readonly string[] {
  const { models } = desk.standing(preset).record;
  return models.length > 0 ? models.map(({ name }) => name) : preset.models;
}

function listed(preset: ProviderPreset, model: string, { desk }: ListParts): ListedModel {
  const handle = `${preset.name}/${model}`;
  return {
    handle,
    name: model,
    provider: preset.name,
    context_window: desk.windowOf(preset, model),
    available: desk.standing(preset).connected,
    memory_tools: desk.probeOf(handle)?.memory_tools ?? null,
  };
}

/** Handle new agents get: the chosen one, else the first of the first connected provider. */
export function defaultHandle(parts: ListParts): string {
  const chosen = chosenDefault(parts);
  if (chosen !== null) return chosen;
  for (const preset of PROVIDERS.filter((known) => parts.desk.standing(known).connected)) {
    const names = namesAt(preset, parts);
    const [first] = preset.models.filter((name) => names.includes(name)).concat(names);
    if (first !== undefined) return `${preset.name}/${first}`;
  }
  return OFFLINE_HANDLE;
}

function chosenDefault({ env }: ListParts): string | null {
  const chosen = env['MEMOIR_DEFAULT_MODEL']?.trim() ?? '';
  return chosen === '' ? null : chosen;
}
