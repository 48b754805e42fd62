import type { RemoteModel } from '../../shared/contract/providers.ts';
import { AskFailure, askJson, fieldsOf, rowsOf, textOf, tokensOf } from './ask-json.ts';

/** How to ask one server. */
export type ServerAsk = {
  /** Address without the path of the compatible API. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly wait_ms: number;
  readonly fetch: typeof fetch;
};

type Row = Readonly<Record<string, unknown>>;
type Names = { readonly provider: string };

/** Ollama starts a model with this much when nothing says otherwise. */
const OLLAMA_WINDOW = 4096;
/** LM Studio loads a model with this much when it is asked for one that is not loaded. */
const LM_STUDIO_WINDOW = 4096;
const MOST_MODELS = 60;

/**
 * Lists Ollama's models with what they hold in fact: as loaded (`/api/ps`), else as set (`num_ctx`), else its default.
 * Throws {@link AskFailure}.
 */
export async function listOllama(ask: ServerAsk, { provider }: Names): Promise<RemoteModel[]> {
  const get = (path: string, body?: unknown): Promise<unknown> =>
    askJson({ ...ask, url: `${ask.origin}${path}`, ...(body === undefined ? {} : { body }) });
  const [tags, running] = await Promise.all([get('/api/tags'), get('/api/ps').catch(whenOld)]);
  const loaded = new Map(
    rowsOf(fieldsOf(running)['models']).map((row) => [textOf(row['name']), tokensOf(row['context_length'])]),
  );
  const names = rowsOf(fieldsOf(tags)['models'])
    .map((row) => textOf(row['name'] ?? row['model']))
    .filter((name) => name !== '')
    .slice(0, MOST_MODELS);
  const shown = await Promise.all(
    names.map(async (name) => ({
      name,
      about: fieldsOf(await get('/api/show', { model: name }).catch(whenOld)),
    })),
  );
  return shown
    .filter(({ about }) => !isEmbedder(about['capabilities']))
    .map(({ name, about }) => ollamaModel(name, about, { provider, loaded: loaded.get(name) ?? null }));
}

function ollamaModel(
  name: string,
  about: Row,
  seen: Names & { readonly loaded: number | null },
): RemoteModel {
  const info = fieldsOf(about['model_info']);
  const largest = Object.entries(info).find(([key]) => key.endsWith('.context_length'))?.[1];
  const largest_window = tokensOf(largest);
  const set = /^num_ctx\s+(?<tokens>\d+)/mu.exec(textOf(about['parameters']))?.groups?.['tokens'];
  const configured = set === undefined ? null : tokensOf(Number(set));
  const capabilities = about['capabilities'];
  return {
    handle: `${seen.provider}/${name}`,
    name,
    context_window: seen.loaded ?? configured ?? Math.min(largest_window ?? OLLAMA_WINDOW, OLLAMA_WINDOW),
    context_source: seen.loaded !== null ? 'loaded' : configured !== null ? 'configured' : 'assumed',
    largest_window,
    claims_tools: Array.isArray(capabilities) ? capabilities.includes('tools') : null,
  };
}

function isEmbedder(capabilities: unknown): boolean {
  return (
    Array.isArray(capabilities) && capabilities.includes('embedding') && !capabilities.includes('completion')
  );
}

/** Lists LM Studio's models with what they are loaded with. Throws {@link AskFailure}. */
export async function listLmStudio(ask: ServerAsk, { provider }: Names): Promise<RemoteModel[]> {
  try {
    const answer = await askJson({ ...ask, url: `${ask.origin}/api/v0/models` });
    return rowsOf(fieldsOf(answer)['data'])
      .filter((row) => textOf(row['type']) !== 'embeddings')
      .map((row) => {
        const claims = row['capabilities'];
        return lmStudioModel(textOf(row['id']), {
          provider,
          loaded: row['state'] === 'not-loaded' ? null : tokensOf(row['loaded_context_length']),
          largest: tokensOf(row['max_context_length']),
          claims_tools: Array.isArray(claims) ? claims.includes('tool_use') : null,
        });
      });
  } catch (error) {
    if (!(error instanceof AskFailure) || error.status !== 404) throw error;
    return listNewLmStudio(ask, provider);
  }
}

// Its newer versions tell the same under another path.
async function listNewLmStudio(ask: ServerAsk, provider: string): Promise<RemoteModel[]> {
  const answer = await askJson({ ...ask, url: `${ask.origin}/api/v1/models` });
  return rowsOf(fieldsOf(answer)['models'])
    .filter((row) => textOf(row['type']) !== 'embedding')
    .map((row) => {
      const [instance] = rowsOf(row['loaded_instances']);
      const trained = fieldsOf(row['capabilities'])['trained_for_tool_use'];
      return lmStudioModel(textOf(row['key']), {
        provider,
        loaded: tokensOf(fieldsOf(instance?.['config'])['context_length']),
        largest: tokensOf(row['max_context_length']),
        claims_tools: typeof trained === 'boolean' ? trained : null,
      });
    });
}

function lmStudioModel(
  name: string,
  seen: Names & {
    readonly loaded: number | null;
    readonly largest: number | null;
    readonly claims_tools: boolean | null;
  },
): RemoteModel {
  return {
    handle: `${seen.provider}/${name}`,
    name,
    context_window: seen.loaded ?? Math.min(seen.largest ?? LM_STUDIO_WINDOW, LM_STUDIO_WINDOW),
    context_source: seen.loaded === null ? 'assumed' : 'loaded',
    largest_window: seen.largest,
    claims_tools: seen.claims_tools,
  };
}

/** Lists what llama.cpp runs, with the context of one talk (`/props`). Throws {@link AskFailure}. */
export async function listLlamaCpp(ask: ServerAsk, { provider }: Names): Promise<RemoteModel[]> {
  const [list, props] = await Promise.all([
    askJson({ ...ask, url: `${ask.origin}/v1/models` }),
    askJson({ ...ask, url: `${ask.origin}/props` }).catch(whenOld),
  ]);
  const settings = fieldsOf(fieldsOf(props)['default_generation_settings']);
  const window = tokensOf(settings['n_ctx']) ?? tokensOf(fieldsOf(props)['n_ctx']);
  return rowsOf(fieldsOf(list)['data']).map((row) => ({
    handle: `${provider}/${textOf(row['id'])}`,
    name: textOf(row['id']),
    context_window: window,
    context_source: window === null ? null : 'loaded',
    largest_window: tokensOf(fieldsOf(row['meta'])['n_ctx_train']),
    claims_tools: null,
  }));
}

/** Older versions do not know every path; what they can't tell stays unknown. */
function whenOld(error: unknown): null {
  if (error instanceof AskFailure && error.kind === 'status') return null;
  throw error;
}
