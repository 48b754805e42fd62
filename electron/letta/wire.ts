import { createHash } from 'node:crypto';
import type { Passage } from '../../shared/contract/archive.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import type { ModelInfo, ToolSummary } from '../../shared/contract/system.ts';

/** The user and organisation Letta gives a server without accounts. */
export const USER_ID = 'user-00000000-0000-4000-8000-000000000000';
/** See {@link USER_ID}. */
export const ORGANIZATION_ID = 'org-00000000-0000-4000-8000-000000000000';

/** A JSON object in Letta's shape. */
export type Wire = Record<string, unknown>;

/** A block as V1 sends it. */
export function wireBlock(block: Block): Wire {
  return {
    value: block.value,
    limit: block.limit,
    project_id: null,
    template_name: null,
    is_template: false,
    template_id: null,
    base_template_id: null,
    deployment_id: null,
    entity_id: null,
    preserve_on_migration: false,
    label: block.label,
    read_only: block.read_only,
    description: block.description,
    metadata: block.metadata,
    hidden: null,
    id: block.id,
    created_by_id: USER_ID,
    last_updated_by_id: USER_ID,
    tags: block.tags,
  };
}

/** An archive entry as V1 sends it. Without an embedder there is no embedding. */
export function wirePassage(passage: Passage): Wire {
  return {
    created_by_id: USER_ID,
    last_updated_by_id: USER_ID,
    created_at: passage.created_at,
    updated_at: passage.updated_at,
    is_deleted: false,
    organization_id: ORGANIZATION_ID,
    archive_id: passage.archive_id,
    source_id: null,
    file_id: null,
    file_name: null,
    metadata: passage.metadata,
    tags: passage.tags,
    id: passage.id,
    text: passage.text,
    embedding: null,
    embedding_config: null,
  };
}

/** Python clients tell floats from integers by the decimal point, which JSON drops; a whole score gets one. */
export function wireScore(score: number): number {
  return Number.isInteger(score) ? score + 1e-9 : score;
}

/** UTC text of fixed width as Letta's messages carry it: whole seconds and `+00:00`. */
export function wireDate(timestamp: string): string {
  return `${timestamp.slice(0, 19)}+00:00`;
}

/** The id Letta clients know a built-in tool by: made from its name, so it is the same everywhere. */
export function toolId(name: string): string {
  return `tool-${madeUuid(`tool ${name}`)}`;
}

/**
 * The id of an agent's system prompt as a message. V1 keeps the prompt as the first message of the window and clients
 * skip it there; Memoir writes it anew for each request, so its id is made from the agent's.
 */
export function systemMessageId(agent_id: string): string {
  return `message-${madeUuid(`system message of ${agent_id}`)}`;
}

function madeUuid(of: string): string {
  const hex = createHash('sha256').update(`memoir ${of}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A tool as V1 sends it; one that only has a name (it came with an imported agent) has no schema. */
export function wireTool(name: string, known: ToolSummary | undefined): Wire {
  const kind = known === undefined ? 'custom' : 'letta_core';
  return {
    id: toolId(name),
    tool_type: kind,
    description: known?.description ?? null,
    source_type: 'python',
    name,
    tags: known === undefined ? [] : [kind],
    source_code: null,
    json_schema: known?.json_schema ?? null,
    args_json_schema: null,
    return_char_limit: 50_000,
    pip_requirements: null,
    npm_requirements: null,
    default_requires_approval: null,
    enable_parallel_execution: false,
    created_by_id: USER_ID,
    last_updated_by_id: USER_ID,
    metadata_: {},
    project_id: null,
  };
}

/** The `llm_config` of a handle. `window` is in tokens. */
export function wireLlmConfig(handle: string, window: number): Wire {
  const slash = handle.indexOf('/');
  const provider = handle.slice(0, slash);
  return {
    model: handle.slice(slash + 1),
    display_name: null,
    model_endpoint_type: endpointType(provider),
    model_endpoint: null,
    provider_name: provider,
    provider_category: 'base',
    model_wrapper: null,
    context_window: window,
    put_inner_thoughts_in_kwargs: false,
    handle,
    temperature: 1.0,
    max_tokens: 16_384,
    enable_reasoner: false,
    reasoning_effort: null,
    max_reasoning_tokens: 0,
    effort: null,
    frequency_penalty: null,
    compatibility_type: null,
    verbosity: null,
    tier: null,
    parallel_tool_calls: false,
    response_format: null,
    strict: false,
    return_logprobs: false,
    top_logprobs: null,
    return_token_ids: false,
    tool_call_parser: null,
  };
}

const PROVIDER_TYPES: Readonly<Record<string, string>> = { gemini: 'google_ai', lmstudio: 'lmstudio_openai' };
const KNOWN_PROVIDERS = new Set([
  'openai',
  'openrouter',
  'groq',
  'deepseek',
  'together',
  'ollama',
  'anthropic',
]);

/** V1's word for the kind of a provider. Clients take the words V1 knows only; what speaks OpenAI's language is that. */
export function providerType(provider: string): string {
  return PROVIDER_TYPES[provider] ?? (KNOWN_PROVIDERS.has(provider) ? provider : 'openai');
}

function endpointType(provider: string): string {
  return provider === 'lmstudio' ? 'lmstudio' : providerType(provider);
}

/** A model as V1 lists it. */
export function wireModel(model: ModelInfo): Wire {
  return {
    ...wireLlmConfig(model.handle, model.context_window),
    name: model.name,
    display_name: model.name,
    provider_type: providerType(model.provider),
    provider_name: model.provider,
    model_type: 'llm',
    max_context_window: model.context_window,
  };
}
