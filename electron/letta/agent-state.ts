import type { AgentState } from '../../shared/contract/agent-states.ts';
import type { Agent } from '../../shared/contract/agents.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import type { ToolSummary } from '../../shared/contract/system.ts';
import { rulesOfPolicies } from '../../shared/tool-rules.ts';
import { pendingApprovals } from './approval-wire.ts';
import { API, type LettaBackend } from './backend.ts';
import { wireCompaction } from './compaction-settings.ts';
import { detail } from './errors.ts';
import {
  providerType,
  systemMessageId,
  USER_ID,
  type Wire,
  wireBlock,
  wireLlmConfig,
  wireTool,
} from './wire.ts';

/** Fields of a V1 agent that Memoir keeps as they came and gives back, without acting on them. */
export const KEPT_FIELDS = [
  'tool_rules',
  'llm_config',
  'embedding_config',
  'embedding',
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

/** Reads what an `AgentState` is made of and puts it in V1's shape (45 keys). */
export async function agentState(backend: LettaBackend, agent: Agent): Promise<Wire> {
  const [state] = await agentStates(backend, [agent]);
  if (state === undefined) throw detail(404, `Agent with ID ${agent.id} not found`);
  return state;
}

/** {@link agentState} for many agents. One that was deleted meanwhile is left out. */
export async function agentStates({ call }: LettaBackend, agents: readonly Agent[]): Promise<Wire[]> {
  const { tools } = await call('tools.list', {}, API);
  const { states } = await call('agents.states', { agent_ids: agents.map(({ id }) => id) }, API);
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  const pending = await pendingApprovals(
    call,
    agents.map(({ id }) => id),
  );
  return states.flatMap((state) => {
    const agent = byId.get(state.agent_id);
    if (agent === undefined) return [];
    const pending_approval = pending.get(agent.id) ?? null;
    return [{ ...project(agent, state.blocks, tools), ...talkOf(state), pending_approval }];
  });
}

function talkOf({ agent_id, message_ids, stop_reason }: AgentState): Wire {
  return {
    message_ids: [systemMessageId(agent_id), ...message_ids],
    last_stop_reason: stop_reason === 'interrupted' ? 'error' : stop_reason,
  };
}

function project(agent: Agent, blocks: readonly Block[], tools: readonly ToolSummary[]): Wire {
  const wireBlocks = blocks.map(wireBlock);
  const window = agent.context_window_limit ?? agent.model_status.context_window;
  return {
    ...withoutBacking(),
    ...kept(agent),
    tool_rules: rulesOf(agent),
    compaction_settings: wireCompaction(agent),
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
    embedding_config: null,
    embedding: null,
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

const SPEAKING = new Set<Agent['agent_type']>(['memgpt_agent', 'memgpt_v2_agent', 'split_thread_agent']);

/** Agents that speak by tool go on after every tool but that one; V1 says so by rules. */
function toolRules({ agent_type, tools }: Agent): Wire[] {
  if (!SPEAKING.has(agent_type)) return [];
  return tools.map((tool_name) => ({
    tool_name,
    type: tool_name === 'send_message' ? 'exit_loop' : 'continue_loop',
    prompt_template: null,
  }));
}

/** The rules a client gave, or those of the agent's kind, with the tools that ask as they are now. */
function rulesOf(agent: Agent): unknown[] {
  const given = agent.foreign['tool_rules'];
  return rulesOfPolicies(Array.isArray(given) ? (given as unknown[]) : toolRules(agent), agent.tool_policies);
}

function kept(agent: Agent): Wire {
  const named = KEPT_FIELDS.map((key) => [key, agent.foreign[key]] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined && value !== null));
}

function modelSettings(agent: Agent): Wire {
  const provider = agent.model.slice(0, agent.model.indexOf('/'));
  return {
    provider_type: providerType(provider),
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
