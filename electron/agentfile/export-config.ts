import { isDeepStrictEqual } from 'node:util';
import { fromJson } from '../store/encoding.ts';
import type { BackupRow } from '../store/import.ts';
import { keep } from './export-blocks.ts';
import { type ModelConfig, modelConfigOf } from './model-config.ts';
import type { AgentOrigin } from './origin.ts';

/** Fields of an agent that Memoir keeps for an export, and what it remembers of its file. */
export type Foreign = Readonly<Record<string, unknown>> & { readonly agent_file?: AgentOrigin };

// Fields Letta's own export writes with these values for every agent.
const FIXED = {
  memory_blocks: [],
  tools: [],
  source_ids: [],
  tool_rules: [],
  initial_message_sequence: null,
  include_base_tools: false,
  include_multi_agent_tools: false,
  include_base_tool_rules: false,
  include_default_source: false,
  model: null,
  embedding: null,
  model_settings: null,
  context_window_limit: null,
  tool_exec_environment_variables: {},
  secrets: null,
  message_buffer_autoclear: false,
  enable_sleeptime: false,
  files_agents: [],
  group_ids: [],
  embedding_config: null,
};

/** An agent's configuration in the file's shape: unknown fields as they came, the others as they are now. */
export function exportConfig(agent: BackupRow, foreign: Foreign): Record<string, unknown> {
  const { agent_file: origin, ...unknown } = foreign;
  const came = origin?.agent ?? {};
  return {
    ...FIXED,
    ...unknown,
    id: typeof came['id'] === 'string' ? came['id'] : 'agent-0',
    name: agent['name'],
    agent_type: agent['agent_type'],
    description: agent['description'],
    system: agent['system'],
    timezone: 'timezone' in came && agent['timezone'] === 'UTC' ? came['timezone'] : agent['timezone'],
    tags: keep(came, 'tags', JSON.parse(String(agent['tags'])), []),
    metadata: keep(came, 'metadata', JSON.parse(String(agent['metadata'])), {}),
    // Another model than the file's is in `llm_config`, which Letta reads when this one is null.
    model: cameModel(unknown).model === agent['model'] ? (unknown['model'] ?? null) : null,
    llm_config: llmConfig(agent, unknown),
  };
}

type Group = { readonly id?: unknown; readonly agent_ids?: unknown };

/**
 * The groups that the file can hold whole: Letta refuses a file that names an agent it does not hold, so a group with
 * others stays in Memoir's own key only.
 */
export function exportGroups(
  came: unknown,
  config: Readonly<Record<string, unknown>>,
): { readonly groups: readonly unknown[]; readonly group_ids: readonly unknown[] } {
  const all = Array.isArray(came) ? (came as Group[]) : [];
  const groups = all.filter(
    ({ agent_ids }) => !Array.isArray(agent_ids) || agent_ids.every((id) => id === config['id']),
  );
  const left = new Set(all.filter((group) => !groups.includes(group)).map(({ id }) => id));
  const named = Array.isArray(config['group_ids']) ? (config['group_ids'] as unknown[]) : [];
  return { groups, group_ids: named.filter((id) => !left.has(id)) };
}

function llmConfig(agent: BackupRow, unknown: Readonly<Record<string, unknown>>): unknown {
  const came = unknown['llm_config'];
  const old = isObject(came) ? came : {};
  const settings = fromJson<ModelConfig['model_settings']>(String(agent['model_settings']));
  const handle = String(agent['model']);
  const before = cameModel(unknown);
  const isAsCame = isDeepStrictEqual(before, {
    model: handle,
    model_settings: settings,
    context_window_limit: agent['context_window_limit'],
  });
  if (isAsCame && isObject(came)) return came;
  const slash = handle.indexOf('/');
  const provider = handle.slice(0, slash);
  const moved = {
    model: handle.slice(slash + 1),
    model_endpoint_type: provider,
    model_endpoint: null,
    provider_name: provider,
    handle,
  };
  return {
    put_inner_thoughts_in_kwargs: false,
    ...old,
    ...(before.model === handle && isObject(came) ? {} : moved),
    context_window: agent['context_window_limit'] ?? old['context_window'] ?? 128_000,
    temperature: settings.temperature,
    max_tokens: settings.max_output_tokens,
    parallel_tool_calls: settings.parallel_tool_calls,
  };
}

function cameModel(unknown: Readonly<Record<string, unknown>>): ModelConfig {
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
