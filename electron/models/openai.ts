import { createAccumulator } from './accumulate.ts';
import { type ChatBody, chatBody } from './chat-body.ts';
import { type Asking, createRemoteModel, type RemoteModelOptions } from './exchange.ts';
import { type Endpoint, type ProviderError, readRetryAfter } from './faults.ts';
import type { Model, ModelRequest } from './model.ts';
import { type ChatQuirks, PLAIN_QUIRKS } from './preset.ts';
import type { Wall } from './wall.ts';

/** What a model behind an OpenAI-compatible endpoint is made of. */
export type OpenAIModelOptions = RemoteModelOptions & {
  /** Default {@link PLAIN_QUIRKS}. */
  readonly quirks?: ChatQuirks;
};

/** The library's own timer is not ours to steer; the wall's timers end a request long before. */
const NEVER_MS = 2_000_000_000;

/**
 * Makes a model that answers through an OpenAI-compatible endpoint. Nothing is loaded or contacted before the first
 * answer. Failures are those {@link Model} names.
 */
export function createOpenAIModel(options: OpenAIModelOptions): Model {
  return createRemoteModel(options, {
    bodyOf: (request, endpoint) => JSON.stringify(bodyAt(options, request, endpoint)),
    open: (asking, wall) => openStream(options, asking, wall),
    accumulate: createAccumulator,
    isWhole: (received) => /^data:\s*\[DONE\]/mu.test(received),
    readError: (error, { timers }) => readError(error, timers.now()),
  });
}

async function openStream(
  options: OpenAIModelOptions,
  { request, endpoint, signal }: Asking,
  wall: Wall,
): Promise<AsyncIterable<unknown>> {
  // Loaded late: it costs about 50 ms and 15 MB that a start without model need not pay.
  const { OpenAI } = await import('openai');
  const client = new OpenAI({
    apiKey: options.api_key ?? 'none',
    baseURL: options.base_url,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: NEVER_MS,
    fetch: wall.fetch,
    // The library prints pieces of the talk to the console when it can't read them.
    logLevel: 'off',
    ...(options.api_key === null ? { defaultHeaders: { Authorization: null } } : {}),
  });
  const body = bodyAt(options, request, endpoint);
  // Our body has the library's shape, but for `readonly` and open-ended messages.
  return client.chat.completions.create(
    body as unknown as Parameters<typeof client.chat.completions.create>[0] & { stream: true },
    { signal },
  );
}

function bodyAt({ quirks }: OpenAIModelOptions, request: ModelRequest, { host }: Endpoint): ChatBody {
  const is_fixed = host === OWN_HOST && THINKS_ALONE.test(request.model);
  const asked = is_fixed ? { ...request, temperature: null } : request;
  return chatBody(asked, quirksAt(host, request.model, quirks ?? PLAIN_QUIRKS));
}

const OWN_HOST = 'api.openai.com';
// These refuse a temperature, and the o-series refuses to be told about parallel calls.
const THINKS_ALONE = /^(?:o\d|gpt-5)/u;

function quirksAt(host: string, model: string, quirks: ChatQuirks): ChatQuirks {
  if (host !== OWN_HOST) return quirks;
  return {
    ...quirks,
    output_limit: 'max_completion_tokens',
    parallel_tool_calls: !/^o\d/u.test(model),
  };
}

type LibraryError = Error & {
  readonly status?: number;
  readonly headers?: Headers;
  readonly error?: unknown;
};

function readError(error: unknown, now_ms: number): ProviderError | null {
  if (!isProviderError(error)) return null;
  const body =
    typeof error.error === 'object' && error.error !== null ? (error.error as Record<string, unknown>) : {};
  const code = body['code'] ?? body['type'];
  return {
    status: error.status ?? (typeof code === 'number' ? code : null),
    code: [body['code'], body['type']].filter((part) => typeof part === 'string').join(' '),
    message: messageOf(body, error),
    retry_after_ms: readRetryAfter(error.headers, now_ms),
  };
}

/** An answer or an error object of the provider, told from a lost connection without loading the library's classes. */
function isProviderError(error: unknown): error is LibraryError {
  if (!(error instanceof Error)) return false;
  const { status, error: body } = error as LibraryError;
  return status !== undefined || (body !== undefined && body !== null);
}

function messageOf(body: Record<string, unknown>, error: LibraryError): string {
  if (typeof body['message'] === 'string') return body['message'];
  return typeof error.error === 'string' ? error.error : error.message;
}
