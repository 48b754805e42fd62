import { z } from 'zod';
import { agent_type, type Agent } from '../../shared/contract/agents.ts';
import type { InputOf } from '../../shared/contract/index.ts';
import type { ModelInfo } from '../../shared/contract/system.ts';
import { policiesOfRules } from '../../shared/tool-rules.ts';
import { inventName } from './agent-names.ts';
import { refuseUnsupported } from './agent-refusals.ts';
import { KEPT_FIELDS } from './agent-state.ts';
import { API, type LettaBackend } from './backend.ts';
import { compaction_settings, compactionOf, keptCompaction } from './compaction-settings.ts';
import { detail } from './errors.ts';
import { said } from './input.ts';
import { toolId } from './wire.ts';

const json = z.record(z.string(), z.unknown());

const settings = z.looseObject({
  temperature: z.number().nullish(),
  max_output_tokens: z.number().int().nullish(),
  parallel_tool_calls: z.boolean().nullish(),
});

/** Fields of CreateAgent and UpdateAgent that Memoir acts on; those of `KEPT_FIELDS` pass through. */
const agent_body = z.looseObject({
  name: z.string().nullish(),
  agent_type: agent_type.nullish(),
  description: z.string().nullish(),
  system: z.string().nullish(),
  model: z.string().nullish(),
  /** The guide's name for `model`. */
  llm: z.string().nullish(),
  /** The Python client of the guide sends `{model, model_endpoint_type}` alone. */
  llm_config: z
    .looseObject({
      handle: z.string().nullish(),
      model: z.string().nullish(),
      model_endpoint_type: z.string().nullish(),
      context_window: z.number().int().nullish(),
    })
    .nullish(),
  model_settings: settings.nullish(),
  compaction_settings: compaction_settings.nullish(),
  context_window_limit: z.number().int().nullish(),
  tags: z.array(z.string()).nullish(),
  timezone: z.string().nullish(),
  metadata: json.nullish(),
  tools: z.array(z.string()).nullish(),
  tool_ids: z.array(z.string()).nullish(),
  tool_rules: z.array(json).nullish(),
  secrets: json.nullish(),
  tool_exec_environment_variables: json.nullish(),
});

/** Body of `POST /agents`. */
export const create_body = agent_body.extend({
  memory_blocks: z
    .array(
      z.object({
        label: z.string(),
        value: z.string().nullish(),
        limit: z.number().int().nullish(),
        description: z.string().nullish(),
        read_only: z.boolean().nullish(),
        tags: z.array(z.string()).nullish(),
        metadata: json.nullish(),
      }),
    )
    .nullish(),
  block_ids: z.array(z.string()).nullish(),
  include_base_tools: z.boolean().nullish(),
});

/** Body of `PATCH /agents/{id}`. */
export const update_body = agent_body;

type AgentBody = z.output<typeof agent_body>;

/** Turns a V1 body into what `agents.create` takes. */
export async function createInput(
  backend: LettaBackend,
  body: z.output<typeof create_body>,
): Promise<InputOf<'agents.create'>> {
  const blocks = body.memory_blocks?.map((block) => ({
    label: block.label,
    ...said(block),
    value: block.value ?? '',
  }));
  const model = await chooseModel(backend, body);
  return {
    ...(await commonInput(backend, body, {})),
    ...(body.tool_rules ? { tool_policies: policiesOfRules(body.tool_rules) } : {}),
    name: body.name ?? inventName(),
    // The guide's calls name no type, or no model in V1's way: they expect the tools the guide lists.
    agent_type: body.agent_type ?? (hasV1Model(body) ? 'letta_v1_agent' : 'memgpt_agent'),
    ...(model === undefined ? {} : { model }),
    ...(blocks === undefined ? {} : { blocks }),
    ...said({ block_ids: body.block_ids, include_base_tools: body.include_base_tools }),
  };
}

/** Turns a V1 body into what `agents.update` takes; what is `null` or absent stays as it is. */
export async function updateInput(
  backend: LettaBackend,
  agent: Agent,
  body: AgentBody,
): Promise<InputOf<'agents.update'>> {
  const model = await chooseModel(backend, body);
  return {
    agent_id: agent.id,
    ...(await commonInput(backend, body, agent.foreign)),
    ...(body.tool_rules ? { tool_policies: policiesOfRules(body.tool_rules, agent.tool_policies) } : {}),
    ...said({ name: body.name, agent_type: body.agent_type, model }),
  };
}

type Common = Omit<InputOf<'agents.update'>, 'agent_id' | 'base_version'>;

async function commonInput(
  backend: LettaBackend,
  body: AgentBody,
  foreign: Agent['foreign'],
): Promise<Common> {
  refuseUnsupported(body);
  const keptSettings = said(body.model_settings ?? {});
  const { temperature, max_output_tokens, parallel_tool_calls, ...otherSettings } = keptSettings;
  const kept = said(Object.fromEntries(KEPT_FIELDS.map((key) => [key, body[key]])));
  const tools = await toolNames(backend, body);
  return {
    ...said({
      description: body.description,
      system: body.system,
      context_window_limit: body.context_window_limit ?? body.llm_config?.context_window,
      tags: body.tags,
      timezone: body.timezone,
      metadata: body.metadata,
      tools,
    }),
    ...(body.model_settings
      ? { model_settings: said({ temperature, max_output_tokens, parallel_tool_calls }) }
      : {}),
    ...(body.compaction_settings ? { compaction: compactionOf(body.compaction_settings) } : {}),
    foreign: {
      ...foreign,
      ...kept,
      ...(body.compaction_settings ? { compaction_settings: keptCompaction(body.compaction_settings) } : {}),
      ...(Object.keys(otherSettings).length > 0 ? { model_settings: otherSettings } : {}),
    },
  };
}

async function toolNames({ call }: LettaBackend, body: AgentBody): Promise<string[] | undefined> {
  if (!body.tools && !body.tool_ids) return undefined;
  const { tools } = await call('tools.list', {}, API);
  const byId = (body.tool_ids ?? []).map((id) => {
    const found = tools.find((tool) => toolId(tool.name) === id);
    if (found === undefined) throw detail(404, `NOT_FOUND: Tool with ID ${id} not found`);
    return found.name;
  });
  const names = [...new Set([...(body.tools ?? []), ...byId])];
  const unknown = names.filter((name) => !tools.some((tool) => tool.name === name));
  if (unknown.length === 0) return names;
  throw detail(400, `Tools not found by name: {${unknown.map((name) => `'${name}'`).join(', ')}}`);
}

function hasV1Model(body: AgentBody): boolean {
  return typeof body.model === 'string' && body.model.includes('/');
}

/** The handle a body asks for; `undefined` leaves the choice to Memoir (its default, or what the agent has). */
async function chooseModel({ call }: LettaBackend, body: AgentBody): Promise<string | undefined> {
  const { model, llm, llm_config } = body;
  const asked = model ?? llm ?? llm_config?.handle ?? handleOf(llm_config);
  if (asked === undefined) return undefined;
  const handle = asked.replace(/^openai-proxy\//, 'openai/');
  if (model && handle.includes('/')) return handle;
  const { models, default_model } = await call('models.list', {}, API);
  return handle.includes('/')
    ? knownOr(models, handle, default_model)
    : byBareName(models, handle, default_model);
}

function handleOf(config: AgentBody['llm_config']): string | undefined {
  if (!config?.model) return undefined;
  return `${config.model_endpoint_type ?? 'openai'}/${config.model}`;
}

function knownOr(models: readonly ModelInfo[], handle: string, otherwise: string): string {
  const provider = handle.slice(0, handle.indexOf('/'));
  return models.some((known) => known.available && known.provider === provider) ? handle : otherwise;
}

function byBareName(models: readonly ModelInfo[], name: string, otherwise: string): string {
  const matches = models.filter((known) => known.available && known.name === name);
  if (matches.length === 1 && matches[0] !== undefined) return matches[0].handle;
  return knownOr(models, `openai/${name}`, otherwise);
}
