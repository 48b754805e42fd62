import { AppError } from '../../shared/errors.ts';
import type { ListedModel, Model, ModelRegistry, ResolvedModel } from './model.ts';
import { createOfflineModel, OFFLINE_CONTEXT_WINDOW, OFFLINE_HANDLE } from './offline.ts';
import { createOpenAIModel } from './openai.ts';
import { findProvider, knownWindow, PROVIDERS, type ProviderPreset } from './presets.ts';
import type { Timers } from './timers.ts';
import type { ModelLimits } from './limits.ts';

/** What the registry is made of. */
export type RegistryOptions = {
  /**
   * Keys, base URLs, `MEMOIR_DEFAULT_MODEL`, `MEMOIR_CONTEXT_WINDOW`, read again at every call; and
   * `MEMOIR_OFFLINE_DELAY_MS`, which goes before `offline_delay_ms`.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch?: typeof fetch;
  readonly timers?: Timers;
  readonly limits?: Partial<ModelLimits>;
  /** Milliseconds between the words of the offline model. Default 0. */
  readonly offline_delay_ms?: number;
};

/** The registry, and the strict way to ask it. */
export type ConfiguredModelRegistry = ModelRegistry & {
  /** The model of a handle. Throws `model_missing`, naming the key to set, when its provider is not configured. */
  readonly requireConfigured: (handle: string) => Model;
};

/**
 * Makes the registry of models: the built-in one always, others by keys and base URLs in the environment. Never
 * contacts anything: a model does, when it is asked to answer.
 */
export function createModelRegistry(options: RegistryOptions): ConfiguredModelRegistry {
  const offline = createOfflineModel({
    delay_ms: offlineDelay(options),
    ...(options.timers === undefined ? {} : { timers: options.timers }),
  });
  const find = (handle: string): Model | null =>
    handle === OFFLINE_HANDLE ? offline : configuredModel(handle, options);
  return {
    resolve: (handle) => resolveModel(handle, find(handle), { offline, options }),
    requireConfigured: (handle) => {
      const model = find(handle);
      if (model === null) throw missingModel(handle);
      return model;
    },
    list: () => listModels(options),
    defaultHandle: () => defaultHandle(options),
  };
}

function resolveModel(
  handle: string,
  model: Model | null,
  { offline, options }: { readonly offline: Model; readonly options: RegistryOptions },
): ResolvedModel {
  if (model === offline) {
    const advice = PROVIDERS.some((provider) => isConfigured(provider, options))
      ? 'Choose another model in the agent settings for real conversation.'
      : 'Connect a provider for real conversation, for example by setting OPENAI_API_KEY or OLLAMA_BASE_URL.';
    return {
      model,
      badge: 'offline_demo',
      message: `The built-in demo model answers by patterns. ${advice}`,
    };
  }
  if (model !== null) return { model, badge: null, message: null };
  return {
    model: offline,
    badge: 'provider_missing',
    message: `${whatIsMissing(handle)} The built-in demo model answers until then.`,
  };
}

function whatIsMissing(handle: string): string {
  const { provider } = splitHandle(handle);
  if (provider === null) {
    const [name = handle] = handle.split('/');
    return `The model ${handle} needs the provider "${name}", which is not available here. Choose another model in the agent settings.`;
  }
  const key = provider.key_env ?? provider.url_env;
  return `The model ${handle} needs ${key}. Set it in the environment and start Memoir again.`;
}

function missingModel(handle: string): AppError {
  const { provider } = splitHandle(handle);
  return new AppError('model_missing', `${whatIsMissing(handle)} Nothing was sent.`, {
    details: { handle, needs: provider === null ? null : (provider.key_env ?? provider.url_env) },
  });
}

function splitHandle(handle: string): { readonly provider: ProviderPreset | null; readonly model: string } {
  const slash = handle.indexOf('/');
  return { provider: findProvider(handle.slice(0, slash)), model: handle.slice(slash + 1) };
}

function setting(options: RegistryOptions, name: string | null): string | null {
  const value = name === null ? undefined : options.env[name]?.trim();
  return value === undefined || value === '' ? null : value;
}

function offlineDelay(options: RegistryOptions): number {
  const override = Number(setting(options, 'MEMOIR_OFFLINE_DELAY_MS') ?? Number.NaN);
  return override >= 0 ? override : (options.offline_delay_ms ?? 0);
}

function isConfigured(provider: ProviderPreset, options: RegistryOptions): boolean {
  return setting(options, provider.key_env) !== null || setting(options, provider.url_env) !== null;
}

function configuredModel(handle: string, options: RegistryOptions): Model | null {
  const { provider, model } = splitHandle(handle);
  if (provider === null || model === '' || !isConfigured(provider, options)) return null;
  return createOpenAIModel({
    handle,
    provider: { label: provider.label, key_env: provider.key_env, url_env: provider.url_env },
    base_url: baseUrl(provider, options),
    api_key: setting(options, provider.key_env),
    context_window: contextWindow(provider, model, options),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    ...(options.timers === undefined ? {} : { timers: options.timers }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
}

function baseUrl(provider: ProviderPreset, options: RegistryOptions): string {
  const url = (setting(options, provider.url_env) ?? provider.base_url).replace(/\/+$/u, '');
  // Letta's setting for Ollama has no path; the compatible API lives under /v1.
  return provider.key_env === null && /^https?:\/\/[^/]+$/u.test(url) ? `${url}/v1` : url;
}

function contextWindow(provider: ProviderPreset, model: string, options: RegistryOptions): number {
  const override = Number(setting(options, 'MEMOIR_CONTEXT_WINDOW') ?? Number.NaN);
  return Number.isInteger(override) && override >= 1024 ? override : knownWindow(provider, model);
}

function listModels(options: RegistryOptions): ListedModel[] {
  const offline: ListedModel = {
    handle: OFFLINE_HANDLE,
    name: 'Offline demo',
    provider: 'memoir',
    context_window: OFFLINE_CONTEXT_WINDOW,
    available: true,
  };
  const configured = PROVIDERS.filter((provider) => isConfigured(provider, options)).flatMap((provider) =>
    provider.models.map((model) => listed(provider, model, options)),
  );
  const chosen = setting(options, 'MEMOIR_DEFAULT_MODEL');
  const { provider, model } = splitHandle(chosen ?? '');
  if (provider === null || chosen === null || configured.some((row) => row.handle === chosen)) {
    return [offline, ...configured];
  }
  return [offline, { ...listed(provider, model, options), handle: chosen }, ...configured];
}

function listed(provider: ProviderPreset, model: string, options: RegistryOptions): ListedModel {
  return {
    handle: `${provider.name}/${model}`,
    name: model,
    provider: provider.name,
    context_window: contextWindow(provider, model, options),
    available: isConfigured(provider, options),
  };
}

function defaultHandle(options: RegistryOptions): string {
  const chosen = setting(options, 'MEMOIR_DEFAULT_MODEL');
  if (chosen !== null) return chosen;
  const first = PROVIDERS.find((provider) => provider.models.length > 0 && isConfigured(provider, options));
  return first === undefined ? OFFLINE_HANDLE : `${first.name}/${first.models[0] ?? ''}`;
}
