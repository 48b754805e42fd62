import { isDeepStrictEqual } from 'node:util';
import { fromJson } from '../store/encoding.ts';
import type { BackupRow } from '../store/import.ts';
import { type ModelConfig, modelConfigOf } from './model-config.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The model of an agent as it is now. */
export function presentModel(agent: BackupRow): ModelConfig {
  const limit = agent['context_window_limit'];
  return {
    model: String(agent['model']),
    model_settings: fromJson<ModelConfig['model_settings']>(String(agent['model_settings'])),
    context_window_limit: typeof limit === 'number' ? limit : null,
  };
}

/**
 * The fields beside `llm_config` that say something of the model: as they came where they still hold. What has changed
 * since is in `llm_config`, which Letta reads where these are null.
 */
export function exportModelFields(unknown: Fields, now: ModelConfig): Fields {
  const before = cameModel(unknown);
  const isAsCame = isDeepStrictEqual(before, now);
  const parallel = now.model_settings.parallel_tool_calls;
  return {
    model: before.model === now.model ? (unknown['model'] ?? null) : null,
    context_window_limit:
      before.context_window_limit === now.context_window_limit
        ? (unknown['context_window_limit'] ?? null)
        : null,
    model_settings: isAsCame ? (unknown['model_settings'] ?? null) : null,
    ...('parallel_tool_calls' in unknown && before.model_settings.parallel_tool_calls !== parallel
      ? { parallel_tool_calls: parallel }
      : {}),
  };
}

/**
 * The model configuration that Letta reads: as it came where it still says what is, else with what has changed.
 * `model_window` is what the model can hold, in tokens, where that is known.
 */
export function exportLlmConfig(now: ModelConfig, unknown: Fields, model_window: number | undefined): Fields {
  const came = unknown['llm_config'];
  if (!isObject(came)) {
    const made = { put_inner_thoughts_in_kwargs: false, ...movedTo(now.model) };
    return { ...made, context_window: windowOf(now, {}, model_window), ...settingsOf(now) };
  }
  // By itself: the fields beside it that were stronger than it may be gone.
  const said = modelConfigOf({ llm_config: came }, undefined);
  const isMoved = said.model !== now.model;
  const isResized = isMoved || said.context_window_limit !== now.context_window_limit;
  return {
    ...came,
    ...(isMoved ? movedTo(now.model) : {}),
    ...(isResized ? { context_window: windowOf(now, came, model_window) } : {}),
    ...changedSettings(now, said, cameModel(unknown)),
  };
}

function windowOf(now: ModelConfig, came: Fields, model_window: number | undefined): unknown {
  return now.context_window_limit ?? model_window ?? came['context_window'] ?? 128_000;
}

function settingsOf({ model_settings }: ModelConfig): Fields {
  const { temperature, max_output_tokens, parallel_tool_calls } = model_settings;
  return { temperature, max_tokens: max_output_tokens, parallel_tool_calls };
}

// Whether calls may be parallel can also have come from a field beside the configuration.
function changedSettings(now: ModelConfig, said: ModelConfig, before: ModelConfig): Fields {
  const settings = Object.entries(settingsOf(now));
  const old = {
    ...settingsOf(said),
    parallel_tool_calls: before.model_settings.parallel_tool_calls,
  } as Fields;
  return Object.fromEntries(settings.filter(([key, value]) => old[key] !== value));
}

function movedTo(handle: string): Record<string, unknown> {
  const slash = handle.indexOf('/');
  const provider = handle.slice(0, slash);
  return {
    model: handle.slice(slash + 1),
    model_endpoint_type: provider,
    model_endpoint: null,
    provider_name: provider,
    handle,
  };
}

function cameModel(unknown: Fields): ModelConfig {
  const { model, llm_config, ...rest } = unknown;
  return modelConfigOf(
    {
      ...rest,
      model: typeof model === 'string' ? model : null,
      llm_config: isObject(llm_config) ? llm_config : null,
    },
    undefined,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
