import type { Agent } from '../../shared/contract/agents.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import type { ToolSummary } from '../../shared/contract/system.ts';
import { API, defaultConversation, type LettaBackend } from './backend.ts';
import { USER_ID, type Wire, wireBlock, wireLlmConfig, wireTool } from './wire.ts';

/** Fields of a V1 agent that Memoir keeps as they came and gives back, without acting on them. */
export const KEPT_FIELDS = [
  'tool_rules',
  'llm_config',
  'embedding_config',
  'embedding',
  'compaction_settings',
  'response_format',
  'message_buffer_autoclear',
  'enable_sleeptime',
  'max_files_open',
  'per_file_view_window_char_limit',
  'hidden',
  'project_id',
  'template_id',
  'base_template_id',
  'identity_ids',
] as const;

/** Most recent messages named in `message_ids`. */
const MESSAGE_IDS = 50;

/** Reads what an `AgentState` is made of and puts it in V1's shape (45 keys). */
export async function agentState(backend: LettaBackend, agent: Agent): Promise<Wire> {
  const { tools } = await backend.call('tools.list', {}, API);
  return stateOf(backend, agent, tools);
}

/** {@link agentState} for many agents. */
export async function agentStates(backend: LettaBackend, agents: readonly Agent[]): Promise<Wire[]> {
  const { tools } = await backend.call('tools.list', {}, API);
  return Promise.all(agents.map((agent) => stateOf(backend, agent, tools)));
}

async function stateOf({ call }: LettaBackend, agent: Agent, tools: readonly ToolSummary[]): Promise<Wire> {
  const { blocks } = await call('blocks.list', { agent_id: agent.id }, API);
  const conversation = await defaultConversation(call, agent.id);
  return {
    ...project(agent, blocks, tools),
    ...(conversation.message_count === 0 ? SILENT : await talkOf(call, conversation.id)),
  };
}

/** What is known of the talk of an agent nobody has spoken to. */
const SILENT: Wire = { message_ids: [], last_stop_reason: null };

async function talkOf(call: LettaBackend['call'], conversation_id: string): Promise<Wire> {
  const { messages } = await call('messages.list', { conversation_id, limit: MESSAGE_IDS }, API);
  const { run } = await call('runs.current', { conversation_id }, API);
  return { message_ids: messages.map((message) => message.id), last_stop_reason: run?.stop_reason ?? null };
}

function project(agent: Agent, blocks: readonly Block[], tools: readonly ToolSummary[]): Wire {
  const wireBlocks = blocks.map(wireBlock);
  const window = agent.context_window_limit ?? agent.model_status.context_window;
  return {
    ...withoutBacking(),
    ...kept(agent),
    created_by_id: USER_ID,
    last_updated_by_id: USER_ID,
    created_at: agent.created_at,
    updated_at: agent.updated_at,
    id: agent.id,
    name: agent.name,
    system: agent.system,
    agent_type: agent.agent_type,
    llm_config: { ...wireLlmConfig(agent.model, window), ...objectOf(agent.foreign['llm_config']) },
    model: agent.model,
    model_settings: modelSettings(agent),
    description: agent.description,
    metadata: agent.metadata,
    memory: {
      agent_type: agent.agent_type,
      git_enabled: false,
      blocks: wireBlocks,
      file_blocks: [],
      prompt_template: '',
    },
    blocks: wireBlocks,
    tools: agent.tools.map((name) =>
      wireTool(
        name,
        tools.find((tool) => tool.name === name),
      ),
    ),
    tags: agent.tags,
    last_run_completion: agent.last_run_at,
    timezone: agent.timezone,
  };
}

/** Keys V1 always sends and Memoir has nothing for. */
function withoutBacking(): Wire {
  return {
    tool_rules: [],
    embedding_config: null,
    embedding: null,
    compaction_settings: null,
    response_format: null,
    sources: [],
    tool_exec_environment_variables: [],
    secrets: [],
    project_id: null,
    template_id: null,
    base_template_id: null,
    deployment_id: null,
    entity_id: null,
    identity_ids: [],
    identities: [],
    pending_approval: null,
    message_buffer_autoclear: false,
    enable_sleeptime: null,
    multi_agent_group: null,
    managed_group: null,
    last_run_duration_ms: null,
    max_files_open: 10,
    per_file_view_window_char_limit: 25_000,
    hidden: null,
  };
}

function kept(agent: Agent): Wire {
  const named = KEPT_FIELDS.map((key) => [key, agent.foreign[key]] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined && value !== null));
}

function modelSettings(agent: Agent): Wire {
  const provider = agent.model.slice(0, agent.model.indexOf('/'));
  return {
    provider_type: provider === 'memoir' ? 'openai' : provider,
    reasoning: { reasoning_effort: 'minimal' },
    response_format: null,
    strict: false,
    ...objectOf(agent.foreign['model_settings']),
    max_output_tokens: agent.model_settings.max_output_tokens ?? 16_384,
    parallel_tool_calls: agent.model_settings.parallel_tool_calls,
    temperature: agent.model_settings.temperature ?? 1,
  };
}

function objectOf(value: unknown): Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
