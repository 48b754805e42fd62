import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../store/clock.ts';
import type { Read } from '../store/database.ts';
import { fromJson } from '../store/encoding.ts';
import { type BackupRow, type BackupRows, readBackupRows } from '../store/import.ts';
import { exportMessages } from './export-messages.ts';
import type { AgentOrigin } from './origin.ts';
import { stripMessages } from './remap.ts';
import { withoutSecrets } from './secrets.ts';
import { exportTools, type ToolSchema } from './export-tools.ts';
import { MEMOIR_FORMAT_VERSION } from './versions/memoir-v1.ts';

/** How to export. */
export type ExportOptions = {
  readonly scrub_messages: boolean;
  readonly clock: Clock;
  /** The built-in tools, by name. */
  readonly toolSchemas: ReadonlyMap<string, ToolSchema>;
  /** The compiled system prompt; the agent's plain instructions when left out. */
  readonly compiled_prompt?: string | undefined;
};

type Foreign = Readonly<Record<string, unknown>> & { readonly agent_file?: AgentOrigin };

/**
 * An agent as a current-generation `.af` object with Memoir's own key: blocks, archive, all conversations and versions.
 * Secrets are never in it. Throws `not_found`.
 */
export async function exportAgent(
  read: Read,
  agent_id: string,
  options: ExportOptions,
): Promise<Record<string, unknown>> {
  const found = await readBackupRows(read, agent_id);
  const rows = withoutRowSecrets(options.scrub_messages ? stripMessages(found) : found);
  const agent = rows.agent[0];
  if (agent === undefined || agent['deleted_at'] !== null) {
    throw new AppError('not_found', 'This agent is not here; it may be in the trash.', {
      details: { agent_id },
    });
  }
  const foreign = withoutSecrets(fromJson<Foreign>(String(agent['foreign_fields']))) as Foreign;
  const origin = foreign.agent_file;
  const tools = exportTools(fromJson<string[]>(String(agent['tools'])), origin, options.toolSchemas);
  const blocks = exportBlocks(rows, origin);
  const { messages, in_context } = exportMessages(rows, systemMessage(rows, origin, options), options);
  const { agents: _a, ...file } = origin?.file ?? {};
  return {
    groups: [],
    files: [],
    sources: [],
    mcp_servers: [],
    skills: [],
    metadata: { revision_id: null },
    ...file,
    agents: [
      {
        ...exportConfig(agent, foreign),
        tool_ids: tools.slice(0, fromJson<string[]>(String(agent['tools'])).length).map((tool) => tool['id']),
        block_ids: blocks.map((block) => block['id']),
        in_context_message_ids: in_context,
        messages,
      },
    ],
    blocks: [...blocks, ...renumber(origin?.unattached_blocks ?? [], 'block', blocks.length)],
    tools,
    created_at: options.clock.now(),
    memoir: { format_version: MEMOIR_FORMAT_VERSION, scrubbed: options.scrub_messages, rows },
  };
}

function withoutRowSecrets(rows: BackupRows): BackupRows {
  const clean = (text: unknown): string => JSON.stringify(withoutSecrets(JSON.parse(String(text))));
  return {
    ...rows,
    agent: rows.agent.map((row) => ({ ...row, foreign_fields: clean(row['foreign_fields']) })),
    agent_version: rows.agent_version.map((row) => ({ ...row, config: clean(row['config']) })),
  };
}

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

function exportConfig(agent: BackupRow, foreign: Foreign): Record<string, unknown> {
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
    llm_config: llmConfig(agent, unknown['llm_config']),
  };
}

function llmConfig(agent: BackupRow, came: unknown): unknown {
  const handle = String(agent['model']);
  const old = typeof came === 'object' && came !== null ? (came as Record<string, unknown>) : {};
  const settings = fromJson<Record<string, unknown>>(String(agent['model_settings']));
  const unchanged = old['handle'] === undefined ? 'model' in old : old['handle'] === handle;
  if (unchanged) return came;
  const slash = handle.indexOf('/');
  return {
    put_inner_thoughts_in_kwargs: false,
    ...old,
    model: handle.slice(slash + 1),
    model_endpoint_type: handle.slice(0, slash),
    model_endpoint: null,
    provider_name: handle.slice(0, slash),
    handle,
    context_window: agent['context_window_limit'] ?? 128_000,
    temperature: settings['temperature'] ?? null,
    max_tokens: settings['max_output_tokens'] ?? null,
  };
}

// An empty value may have come as null or not at all; it goes back as it came.
function keep(came: Readonly<Record<string, unknown>>, key: string, value: unknown, empty: unknown): unknown {
  return key in came && JSON.stringify(value) === JSON.stringify(empty) ? came[key] : value;
}

function exportBlocks(rows: BackupRows, origin: AgentOrigin | undefined): Record<string, unknown>[] {
  const byId = new Map(rows.block.map((row) => [row['id'], row]));
  return rows.agent_block.flatMap((link, index) => {
    const row = byId.get(link['block_id'] ?? null);
    if (row === undefined || row['deleted_at'] !== null) return [];
    const came: Readonly<Record<string, unknown>> = origin?.blocks[String(row['id'])] ?? {};
    const tags: unknown = JSON.parse(String(row['tags']));
    const withTags = 'tags' in came || JSON.stringify(tags) !== '[]' || !('id' in came);
    return [
      {
        ...came,
        id: typeof came['id'] === 'string' ? came['id'] : `block-${1000 * Number('id' in came) + index}`,
        label: row['label'],
        value: row['value'],
        limit: row['char_limit'],
        description: row['description'],
        read_only: row['read_only'] === 1,
        metadata: keep(came, 'metadata', JSON.parse(String(row['metadata'])), {}),
        ...(withTags ? { tags: keep(came, 'tags', tags, []) } : {}),
      },
    ];
  });
}

function renumber(items: readonly object[], prefix: string, from: number): object[] {
  return items.map((item, index) => ({ id: `${prefix}-${from + index}`, ...item }));
}

function systemMessage(
  rows: BackupRows,
  origin: AgentOrigin | undefined,
  options: ExportOptions,
): Record<string, unknown> {
  const untouched = rows.agent[0]?.['version'] === 1 && rows.block.every((row) => row['version'] === 1);
  const came = origin?.system_message ?? null;
  if (came !== null && untouched) return came;
  const text = options.compiled_prompt ?? String(rows.agent[0]?.['system'] ?? '');
  return { ...came, role: 'system', content: [{ type: 'text', text }], created_at: options.clock.now() };
}
