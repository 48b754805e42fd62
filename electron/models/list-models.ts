import type { RemoteModel } from '../../shared/contract/providers.ts';
import { ANTHROPIC_VERSION } from './anthropic.ts';
import { askJson, fieldsOf, rowsOf, textOf, tokensOf } from './ask-json.ts';
import { listLlamaCpp, listLmStudio, listOllama, type ServerAsk } from './local-models.ts';
import type { ProviderPreset } from './preset.ts';

/** Whom to ask for its models, with what key, and for how long. */
export type Listing = {
  readonly preset: ProviderPreset;
  readonly base_url: string;
  readonly api_key: string | null;
  readonly wait_ms: number;
  readonly fetch: typeof fetch;
};

/** Headers that carry the key, in the way of the provider. */
export function keyHeaders(preset: ProviderPreset, api_key: string | null): Record<string, string> {
  const version = preset.api === 'anthropic' ? { 'anthropic-version': ANTHROPIC_VERSION } : {};
  if (api_key === null) return version;
  return preset.api === 'anthropic'
    ? { ...version, 'x-api-key': api_key }
    : { authorization: `Bearer ${api_key}` };
}

/** Asks a provider for the models that can talk. Throws {@link AskFailure}. */
export async function listRemoteModels(listing: Listing): Promise<RemoteModel[]> {
  const { preset, base_url, api_key, wait_ms, fetch } = listing;
  const headers = keyHeaders(preset, api_key);
  const names = { provider: preset.name };
  const ask: ServerAsk = { origin: base_url.replace(/\/v1$/u, ''), headers, wait_ms, fetch };
  const models = await (preset.name === 'ollama'
    ? listOllama(ask, names)
    : preset.name === 'lmstudio'
      ? listLmStudio(ask, names)
      : preset.name === 'llamacpp'
        ? listLlamaCpp(ask, names)
        : listPlain(listing, headers));
  return models.filter(({ name }) => SHOWABLE.test(name)).slice(0, MOST_MODELS);
}

const MOST_MODELS = 1000;
/** One word without signs that can not be seen, as handles are; anything else is no name to choose by. */
const SHOWABLE = /^[^\p{C}\p{Z}]{1,200}$/u;
const NO_TALK =
  /embed|whisper|tts|dall-e|moderation|image|audio|realtime|transcri|rerank|guard|sora|veo|imagen|davinci|babbage|^aqa$/iu;

async function listPlain(
  { preset, base_url, wait_ms, fetch }: Listing,
  headers: Record<string, string>,
): Promise<RemoteModel[]> {
  const query = preset.api === 'anthropic' ? '?limit=1000' : '';
  const answer = await askJson({ url: `${base_url}/models${query}`, headers, wait_ms, fetch });
  // Together answers with the list itself.
  const rows = Array.isArray(answer) ? rowsOf(answer) : rowsOf(fieldsOf(answer)['data']);
  return rows.filter(canTalk).map((row) => plainModel(row, preset));
}

function canTalk(row: Readonly<Record<string, unknown>>): boolean {
  const type = textOf(row['type']);
  const talks = fieldsOf(row['capabilities'])['chat_completion'];
  return (
    !NO_TALK.test(textOf(row['id'])) && !/^(?:embedding|image|rerank|audio)/u.test(type) && talks !== false
  );
}

function plainModel(row: Readonly<Record<string, unknown>>, preset: ProviderPreset): RemoteModel {
  const name = textOf(row['id']).replace(/^models\//u, '');
  const running = tokensOf(row['max_model_len']);
  const told =
    tokensOf(row['context_length']) ?? tokensOf(row['context_window']) ?? tokensOf(row['max_input_tokens']);
  const parameters = row['supported_parameters'];
  return {
    handle: `${preset.name}/${name}`,
    name,
    context_window: running ?? told,
    context_source: running !== null ? 'loaded' : told !== null ? 'known' : null,
    largest_window: running ?? told,
    claims_tools: Array.isArray(parameters) ? parameters.includes('tools') : null,
  };
}
