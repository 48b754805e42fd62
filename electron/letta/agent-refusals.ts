import { detail } from './errors.ts';

/** Fields of a V1 agent that would change what it is or knows, and that Memoir can't act on. */
const UNSUPPORTED = [
  'from_template',
  'template',
  'folder_ids',
  'source_ids',
  'include_multi_agent_tools',
] as const;

/** What V1 keeps as secrets; here they would lie in the open in the store and in every export. */
const SECRETS = ['secrets', 'tool_exec_environment_variables'] as const;

/** Embedders a client may name, by provider; those of other providers can be named freely. */
const EMBEDDERS: Readonly<Record<string, readonly string[]>> = {
  openai: ['text-embedding-3-small', 'text-embedding-3-large', 'text-embedding-ada-002'],
  letta: ['letta-free'],
  memoir: [],
};
const OTHER_PROVIDERS =
  /^(?:azure|bedrock|gemini|google_ai|google_vertex|hugging-face|lmstudio(?:_openai)?|mistral|ollama|openrouter|together|vllm)$/;

/**
 * Refuses the fields of an agent that Memoir would have to pass over without a word: 422 with the field's name, or V1's
 * 400 for an embedder it does not know. An embedder that is known is kept and given back; archives are searched by
 * words.
 */
export function refuseUnsupported(body: Readonly<Record<string, unknown>>): void {
  const secret = SECRETS.find((field) => isAsked(body[field]));
  if (secret !== undefined) {
    throw detail(
      422,
      `${secret}: this version of Memoir keeps no secrets; leave the field out. Nothing was changed.`,
    );
  }
  const field = UNSUPPORTED.find((name) => isAsked(body[name]));
  if (field !== undefined) {
    throw detail(
      422,
      `${field} is not supported by this version of Memoir; leave it out. Nothing was changed.`,
    );
  }
  const { embedding } = body;
  if (typeof embedding === 'string' && !isEmbedder(embedding)) {
    throw detail(400, `INVALID_ARGUMENT: Embedding model ${embedding} not found`);
  }
}

function isAsked(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** Guides name embedders without a provider. */
function isEmbedder(handle: string): boolean {
  const slash = handle.indexOf('/');
  if (slash === -1) return Object.values(EMBEDDERS).some((names) => names.includes(handle));
  const provider = handle.slice(0, slash);
  return EMBEDDERS[provider]?.includes(handle.slice(slash + 1)) ?? OTHER_PROVIDERS.test(provider);
}
