import type { RemoteModel } from '../../shared/contract/providers.ts';
import { AppError } from '../../shared/errors.ts';
import { createAnthropicModel } from './anthropic.ts';
import type { RemoteModelOptions } from './exchange.ts';
import type { ModelLimits } from './limits.ts';
import { listRemoteModels } from './list-models.ts';
import { defaultHandle, listModels } from './model-list.ts';
import type { Model, ModelRegistry, ResolvedModel } from './model.ts';
import { createOfflineModel, OFFLINE_HANDLE } from './offline.ts';
import { createOpenAIModel } from './openai.ts';
import type { ProviderPreset } from './preset.ts';
import { PROVIDERS, splitHandle } from './presets.ts';
import { type PromptCut, promptCutMessage, watchPromptCuts } from './prompt-cut.ts';
import { createProviderDesk, type ProviderDesk } from './provider-desk.ts';
import { createThoughts, type Thoughts } from './thoughts.ts';
import type { Timers } from './timers.ts';

/** What the registry is made of. */
export type RegistryOptions = {
  /**
   * Keys, base URLs, `MEMOIR_DEFAULT_MODEL`, `MEMOIR_CONTEXT_WINDOW`, read again at every call; and
   * `MEMOIR_OFFLINE_DELAY_MS`, which goes before `offline_delay_ms`.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which providers can be used. Default: those the environment has a key or an address for. */
  readonly desk?: ProviderDesk;
  readonly fetch?: typeof fetch;
  readonly timers?: Timers;
  readonly limits?: Partial<ModelLimits>;
  /** Milliseconds between the words of the offline model. Default 0. */
  readonly offline_delay_ms?: number;
};

/** The registry, and the strict ways to ask it. */
export type ConfiguredModelRegistry = ModelRegistry & {
  /** The model of a handle. Throws `model_missing`, naming the key to set, when its provider is not configured. */
  readonly requireConfigured: (handle: string) => Model;
  /** The same, but it asks only once when the provider refuses for now. Throws `model_missing`. */
  readonly requireImpatient: (handle: string) => Model;
  /** Which providers can be used. */
  readonly desk: ProviderDesk;
  /** What models, and questions to their providers, go through. */
  readonly fetch: typeof fetch;
};

type Parts = RegistryOptions & {
  readonly desk: ProviderDesk;
  readonly offline: Model;
  readonly thoughts: Thoughts;
  /** Prompts that were cut last time, by handle. */
  readonly cuts: Map<string, PromptCut>;
};

const ASK_LOADED_MS = 2000;

/**
 * Makes the registry of models: the built-in one always, others by what the desk knows of their providers. Never
 * contacts anything: a model does, when it is asked to answer.
 */
export function createModelRegistry(options: RegistryOptions): ConfiguredModelRegistry {
  const parts: Parts = {
    ...options,
    desk: options.desk ?? createProviderDesk({ env: options.env }),
    offline: createOfflineModel({
      delay_ms: offlineDelay(options),
      ...(options.timers === undefined ? {} : { timers: options.timers }),
    }),
    thoughts: createThoughts(),
    cuts: new Map(),
  };
  const require = (handle: string, with_parts: Parts): Model => {
    const model = findModel(handle, with_parts);
    if (model === null) throw missingModel(handle);
    return model;
  };
  return {
    resolve: (handle) => resolveModel(handle, parts),
    requireConfigured: (handle) => require(handle, parts),
    requireImpatient: (handle) => require(handle, { ...parts, limits: { ...parts.limits, attempts: 1 } }),
    desk: parts.desk,
    fetch: options.fetch ?? fetch,
    list: () => listModels(parts),
    defaultHandle: () => defaultHandle(parts),
    rememberLimit: (handle, tokens) => rememberLimit(handle, tokens, parts),
  };
}

function resolveModel(handle: string, parts: Parts): ResolvedModel {
  const model = findModel(handle, parts);
  if (model === parts.offline) {
    const advice = PROVIDERS.some((preset) => parts.desk.standing(preset).connected)
      ? 'Choose another model in the agent settings for real conversation.'
      : 'Connect a provider for real conversation in the settings, or set OPENAI_API_KEY or OLLAMA_BASE_URL.';
    return {
      model,
      badge: 'offline_demo',
      message: `The built-in demo model answers by patterns. ${advice}`,
    };
  }
  if (model !== null) return { model, ...warningOf(handle, parts) };
  return {
    model: parts.offline,
    badge: 'provider_missing',
    message: `${whatIsMissing(handle)} The built-in demo model answers until then.`,
  };
}

function warningOf(handle: string, { cuts, desk }: Parts): Pick<ResolvedModel, 'badge' | 'message'> {
  const { provider, model } = splitHandle(handle);
  const cut = cuts.get(handle);
  if (cut !== undefined) {
    return { badge: 'prompt_cut', message: promptCutMessage(provider?.label ?? '', model, cut) };
  }
  const probe = desk.probeOf(handle);
  if (probe !== null && probe.memory_tools !== 'ok') {
    return { badge: 'no_memory_tools', message: probe.message };
  }
  return { badge: null, message: null };
}

function whatIsMissing(handle: string): string {
  const { provider } = splitHandle(handle);
  if (provider === null) {
    const [name = handle] = handle.split('/');
    return `The model ${handle} needs the provider "${name}", which is not available here. Choose another model in the agent settings.`;
  }
  return `The model ${handle} needs ${settingOf(provider)}. Connect ${provider.label} in the settings, or set it in the environment and start Memoir again.`;
}

function missingModel(handle: string): AppError {
  const { provider } = splitHandle(handle);
  return new AppError('model_missing', `${whatIsMissing(handle)} Nothing was sent.`, {
    details: { handle, needs: provider === null ? null : settingOf(provider) },
  });
}

function settingOf({ is_local, key_env, url_env }: ProviderPreset): string {
  return is_local || key_env === null ? url_env : key_env;
}

function setting(options: RegistryOptions, name: string): string | null {
  const value = options.env[name]?.trim();
  return value === undefined || value === '' ? null : value;
}

function offlineDelay(options: RegistryOptions): number {
  const override = Number(setting(options, 'MEMOIR_OFFLINE_DELAY_MS') ?? Number.NaN);
  return override >= 0 ? override : (options.offline_delay_ms ?? 0);
}

function findModel(handle: string, parts: Parts): Model | null {
  if (handle === OFFLINE_HANDLE) return parts.offline;
  const { provider, model } = splitHandle(handle);
  if (provider === null || model === '' || !parts.desk.standing(provider).connected) return null;
  const context_window = parts.desk.windowOf(provider, model);
  const late: Model = {
    handle,
    context_window,
    bodyOf: (request) => speak(provider, { ...parts, handle, context_window, api_key: null }).bodyOf(request),
    // The key is fetched for each answer and kept nowhere: it may change, and a keyring may ask the person.
    answer: async (request, options) => {
      const api_key = await parts.desk.apiKey(provider);
      return speak(provider, { ...parts, handle, context_window, api_key }).answer(request, options);
    },
  };
  return provider.is_local ? watched(late, { provider, model, parts }) : late;
}

function speak(
  preset: ProviderPreset,
  facts: Parts & Pick<RemoteModelOptions, 'handle' | 'context_window' | 'api_key'>,
): Model {
  const { handle, context_window, api_key, desk, fetch, timers, limits, thoughts } = facts;
  const { label, key_env, url_env, quirks } = preset;
  const options: RemoteModelOptions = {
    handle,
    provider: { label, key_env, url_env },
    base_url: desk.standing(preset).base_url,
    api_key,
    context_window,
    ...(fetch === undefined ? {} : { fetch }),
    ...(timers === undefined ? {} : { timers }),
    ...(limits === undefined ? {} : { limits }),
  };
  return preset.api === 'anthropic'
    ? createAnthropicModel({ ...options, thoughts })
    : createOpenAIModel({ ...options, quirks });
}

async function rememberLimit(handle: string, tokens: number, { desk }: Parts): Promise<void> {
  const { provider, model } = splitHandle(handle);
  if (provider === null) return;
  const { models, listed_at } = desk.standing(provider).record;
  const unlisted = (name: string): RemoteModel => ({
    handle: `${provider.name}/${name}`,
    name,
    context_window: null,
    context_source: null,
    largest_window: null,
    claims_tools: null,
  });
  // A list of one would hide the models that everybody knows.
  const all = models.length > 0 ? models : provider.models.map(unlisted);
  const known = all.find(({ name }) => name === model) ?? unlisted(model);
  const learned: RemoteModel = { ...known, context_window: tokens, context_source: 'loaded' };
  const others = all.filter(({ name }) => name !== model);
  await desk.rememberModels(provider.name, [...others, learned], listed_at);
}

function watched(
  late: Model,
  {
    provider,
    model,
    parts,
  }: { readonly provider: ProviderPreset; readonly model: string; readonly parts: Parts },
): Model {
  const { desk, cuts } = parts;
  return watchPromptCuts(late, {
    askLoaded: async () => {
      const models = await listRemoteModels({
        preset: provider,
        base_url: desk.standing(provider).base_url,
        api_key: await desk.apiKey(provider),
        wait_ms: ASK_LOADED_MS,
        fetch: parts.fetch ?? fetch,
      });
      const found = models.find(({ name }) => name === model) ?? null;
      const { record } = desk.standing(provider);
      // What it holds now counts from the next request on.
      const is_news = JSON.stringify(models) !== JSON.stringify(record.models);
      if (found !== null && is_news) await desk.rememberModels(provider.name, models, record.listed_at);
      return found;
    },
    onAnswer: async (cut) => {
      const was_cut = cuts.has(late.handle);
      if (cut === null) cuts.delete(late.handle);
      else cuts.set(late.handle, cut);
      if (cut !== null || was_cut) await desk.changed(provider.name);
    },
  });
}
