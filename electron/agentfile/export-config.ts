import { type Compaction, default_compaction, type ToolPolicy } from '../../shared/contract/agents.ts';
import { rulesOfPolicies } from '../../shared/tool-rules.ts';
import { fromJson } from '../store/encoding.ts';
import type { BackupRow } from '../store/import.ts';
import { keep } from './export-blocks.ts';
import { exportLlmConfig, exportModelFields, presentModel } from './export-model.ts';
import { compactionOf } from './model-config.ts';
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

/**
 * An agent's configuration in the file's shape: unknown fields as they came, the others as they are now. `model_window`
 * is what its model can hold, in tokens, where that is known.
 */
export function exportConfig(
  agent: BackupRow,
  foreign: Foreign,
  model_window?: number,
): Record<string, unknown> {
  const { agent_file: origin, ...unknown } = foreign;
  const came = origin?.agent ?? {};
  const now = presentModel(agent);
  return {
    ...FIXED,
    ...unknown,
    ...exportModelFields(unknown, now),
    ...exportCompaction(agent, unknown),
    id: typeof came['id'] === 'string' ? came['id'] : 'agent-0',
    name: agent['name'],
    agent_type: agent['agent_type'],
    description: agent['description'],
    system: agent['system'],
    timezone: 'timezone' in came && agent['timezone'] === 'UTC' ? came['timezone'] : agent['timezone'],
    tags: keep(came, 'tags', JSON.parse(String(agent['tags'])), []),
    ...exportRules(agent, unknown['tool_rules'], origin),
    metadata: keep(came, 'metadata', JSON.parse(String(agent['metadata'])), {}),
    llm_config: exportLlmConfig(now, unknown, model_window),
  };
}

/** The rules as they came, those that ask as the agent's policies say now. */
function exportRules(
  agent: BackupRow,
  came: unknown,
  origin: Foreign['agent_file'],
): { readonly tool_rules?: readonly unknown[] } {
  const rules = Array.isArray(came) ? (came as unknown[]) : [];
  const policies = JSON.parse(String(agent['policies'] ?? '{}')) as Record<string, ToolPolicy>;
  const implied = (origin?.tools ?? []).filter((tool) => tool['default_requires_approval'] === true);
  const now = rulesOfPolicies(
    rules,
    policies,
    new Set(implied.map((tool) => String(tool['name'] ?? tool['id']))),
  );
  return now.length === 0 && !Array.isArray(came) ? {} : { tool_rules: now };
}

/** How the window is compacted, in Letta's form; left as it came while nobody changed it. */
function exportCompaction(
  agent: BackupRow,
  came: Readonly<Record<string, unknown>>,
): { compaction_settings?: unknown } {
  const now = {
    ...default_compaction,
    ...fromJson<Partial<Compaction>>(String(agent['compaction'] ?? '{}')),
  };
  const then = { ...default_compaction, ...compactionOf(came) };
  if (Object.entries(now).every(([key, value]) => then[key as keyof Compaction] === value)) return {};
  const kept = came['compaction_settings'];
  return { compaction_settings: { ...(typeof kept === 'object' ? kept : {}), ...now } };
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
