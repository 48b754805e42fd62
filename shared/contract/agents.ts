import { z } from 'zod';
import { id, json_object, method, timestamp, version } from './method.ts';

/** The kinds of agent Letta knows; all of them are kept on import. */
export const agent_type = z.enum([
  'letta_v1_agent',
  'memgpt_agent',
  'memgpt_v2_agent',
  'react_agent',
  'workflow_agent',
  'split_thread_agent',
  'sleeptime_agent',
  'voice_convo_agent',
  'voice_sleeptime_agent',
]);

/** How the model is asked. `null` leaves it to the provider. */
export const model_settings = z.object({
  temperature: z.number().min(0).max(2).nullable(),
  /** Tokens. */
  max_output_tokens: z.number().int().min(1).nullable(),
  parallel_tool_calls: z.boolean(),
  /** Tokens a model may think before it answers, where it can; left out or `null`: it does not think. */
  thinking_budget: z.number().int().min(1024).max(1_000_000).nullable().optional(),
  /** Also takes calls the model writes into its text, as small local models do. */
  text_tool_calls: z.boolean().optional(),
});

/** How a window that fills is made smaller (Letta's `compaction_settings`, its names and defaults). */
export const compaction = z.object({
  /**
   * `sliding_window`: the oldest turns become a summary. `all`: everything but the open turn does. `self_*`: the same,
   * asked of the agent's own model with its own prompt, so that the provider's cache of it is used.
   */
  mode: z.enum(['sliding_window', 'all', 'self_compact_sliding_window', 'self_compact_all']),
  /** Handle of the model that writes summaries; `null`: the agent's own. */
  model: z.string().nullable(),
  /** Replaces the words that ask for a summary. */
  prompt: z.string().max(20_000).nullable(),
  /** Characters a summary may have at most. */
  clip_chars: z.number().int().min(500).max(200_000),
  /** Share of the talk that goes first; more goes until the rest fits. */
  sliding_window_percentage: z.number().min(0.05).max(0.95),
});

/** How a window is compacted where nothing else was said. */
export const default_compaction: Compaction = {
  mode: 'sliding_window',
  model: null,
  prompt: null,
  clip_chars: 50_000,
  sliding_window_percentage: 0.3,
};

/** Whether a tool runs when it is called, or a person is asked first. */
export const tool_policy = z.enum(['automatic', 'ask']);

/** Which model answers in fact, and why it may differ from the one the agent names. */
export const model_status = z.object({
  answering_with: z.string(),
  /**
   * `prompt_cut`: the server holds less than was sent and cut the last prompt. `no_memory_tools`: a probe found that
   * the model can't keep memory.
   */
  badge: z.enum(['offline_demo', 'provider_missing', 'prompt_cut', 'no_memory_tools']).nullable(),
  /** A sentence saying cause and cure; `null` when all is well. */
  message: z.string().nullable(),
  /** Tokens the answering model can hold. */
  context_window: z.number().int(),
});

/** An agent as the ADE sees it. Its blocks, conversations and archive have methods of their own. */
export const agent = z.object({
  id: id('agent'),
  name: z.string(),
  agent_type,
  description: z.string().nullable(),
  system: z.string(),
  /** Handle `provider/model`, e.g. `openai/gpt-4o-mini`, or `memoir/offline`. */
  model: z.string(),
  model_settings,
  /** Tokens; `null` means as large as the model allows. */
  context_window_limit: z.number().int().min(1024).nullable(),
  compaction,
  /** By tool name; a tool that is not named runs without asking. */
  tool_policies: z.record(z.string(), tool_policy),
  /** Names of attached tools, in the order the model sees them. */
  tools: z.array(z.string()),
  tags: z.array(z.string()),
  timezone: z.string(),
  metadata: json_object,
  /** Fields of the Letta formats that Memoir keeps but does not act on (tool rules, llm_config...). */
  foreign: json_object,
  version,
  created_at: timestamp,
  updated_at: timestamp,
  last_run_at: timestamp.nullable(),
  model_status,
});

/** Whether a name is a time zone of this machine (IANA), whatever its case. */
export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // Asking is the only way to know: the list of names leaves out aliases.
    return false;
  }
}

/** What can be said when an agent is made or changed; what is left out keeps its default or its value. */
export const agent_fields = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[\p{L}\p{N}_ '.-]+$/u, "may hold letters, digits, spaces and _ ' . - only"),
  agent_type,
  description: z.string().max(2000).nullable(),
  system: z.string().max(200_000),
  model: z.string().regex(/^[^/\s]+\/\S+$/, 'must be a handle such as openai/gpt-4o-mini'),
  model_settings: model_settings.partial(),
  context_window_limit: z.number().int().min(1024).max(10_000_000).nullable(),
  compaction: compaction.partial(),
  /** Replaces all of them. */
  tool_policies: z.record(z.string().max(100), tool_policy),
  tools: z.array(z.string()),
  tags: z.array(z.string().trim().min(1).max(100)),
  timezone: z.string().refine(isTimezone, 'must be one that is known, such as Europe/Lisbon or UTC'),
  metadata: json_object,
  foreign: json_object,
});

/** Characters a block may be allowed to hold at most; all of them go into every request to the model. */
export const MAX_BLOCK_LIMIT = 1_000_000;

/** A block to make together with its agent. */
export const new_block = z.object({
  label: z.string().trim().min(1).max(100),
  value: z.string().default(''),
  description: z.string().nullable().optional(),
  /** Characters. */
  limit: z.number().int().min(1).max(MAX_BLOCK_LIMIT).optional(),
  read_only: z.boolean().optional(),
  review: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  metadata: json_object.optional(),
});

/** An agent in the trash, with as much of it as tells it from others. */
export const trashed_agent = z.object({ id: id('agent'), name: z.string(), deleted_at: timestamp });

/** The methods of agents. */
export const agent_methods = {
  'agents.list': method({
    summary: 'Lists agents, the one used last first.',
    input: z.object({ query: z.string().optional(), tags: z.array(z.string()).optional() }),
    output: z.object({ agents: z.array(agent) }),
    errors: [],
  }),
  'agents.get': method({
    summary: 'Reads one agent.',
    input: z.object({ agent_id: id('agent') }),
    output: agent,
    errors: ['not_found'],
  }),
  'agents.create': method({
    summary: 'Makes an agent with its blocks, its own conversation and its archive.',
    input: agent_fields.partial().extend({
      blocks: z.array(new_block).optional(),
      block_ids: z.array(id('block')).optional(),
      /** Adds the tool set of the agent type to `tools`. Default true. */
      include_base_tools: z.boolean().optional(),
    }),
    output: agent,
    errors: ['not_found', 'model_missing', 'conflict', 'limit_exceeded'],
  }),
  'agents.update': method({
    summary: 'Changes an agent; a new version of its configuration is kept.',
    input: agent_fields.partial().extend({ agent_id: id('agent'), base_version: version.optional() }),
    output: agent,
    errors: ['not_found', 'conflict', 'model_missing'],
  }),
  'agents.delete': method({
    summary:
      'Moves an agent, its conversations and archive to the trash. Shared blocks stay with the others.',
    input: z.object({ agent_id: id('agent') }),
    output: z.object({ agent_id: id('agent') }),
    errors: ['not_found', 'busy'],
  }),
  'agents.trash': method({
    summary: 'Lists the agents in the trash, the last deleted first. Nothing leaves it by itself.',
    input: z.object({}),
    output: z.object({ agents: z.array(trashed_agent) }),
    errors: [],
  }),
  'agents.restore': method({
    summary: 'Takes an agent back out of the trash.',
    input: z.object({ agent_id: id('agent') }),
    output: agent,
    errors: ['not_found'],
  }),
};

export type ModelSettings = z.infer<typeof model_settings>;
export type Compaction = z.infer<typeof compaction>;
export type ToolPolicy = z.infer<typeof tool_policy>;
export type AgentType = z.infer<typeof agent_type>;
export type ModelStatus = z.infer<typeof model_status>;
export type Agent = z.infer<typeof agent>;
export type NewBlock = z.infer<typeof new_block>;
export type TrashedAgent = z.infer<typeof trashed_agent>;
