import { AppError } from '../../shared/errors.ts';
import { type Accumulated, createAccumulator } from './accumulate.ts';
import { chatBody } from './chat-body.ts';
import {
  badResponse,
  connectionFailure,
  type Endpoint,
  type Failure,
  final,
  readRetryAfter,
  refusal,
} from './faults.ts';
import { DEFAULT_LIMITS, type ModelLimits } from './limits.ts';
import type { Model, ModelEvent, ModelRequest, ModelResponse } from './model.ts';
import { type Attempt, withRetries } from './retry.ts';
import { cancelledError, system_timers, type Timers } from './timers.ts';
import { createWall, type Wall } from './wall.ts';

/** What a model behind an OpenAI-compatible endpoint is made of. */
export type OpenAIModelOptions = {
  readonly handle: string;
  /** For messages: who it is and which settings lead there. */
  readonly provider: { readonly label: string; readonly key_env: string | null; readonly url_env: string };
  readonly base_url: string;
  /** `null` sends no key (local servers). */
  readonly api_key: string | null;
  /** Tokens. */
  readonly context_window: number;
  readonly fetch?: typeof fetch;
  readonly timers?: Timers;
  readonly limits?: Partial<ModelLimits>;
};

/** The library's own timer is not ours to steer; the wall's timers end a request long before. */
const NEVER_MS = 2_000_000_000;

/**
 * Makes a model that answers through an OpenAI-compatible endpoint. Nothing is loaded or contacted before the first
 * answer. Failures are those {@link Model} names.
 */
export function createOpenAIModel(options: OpenAIModelOptions): Model {
  const limits: ModelLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const timers = options.timers ?? system_timers;
  return {
    handle: options.handle,
    context_window: options.context_window,
    answer: (request, { signal, onEvent }) => {
      const endpoint = endpointOf(options, request.model);
      const asking: Asking = { options, request, endpoint, limits, timers, signal, onEvent };
      return withRetries(() => attempt(asking), asking);
    },
  };
}

type Asking = {
  readonly options: OpenAIModelOptions;
  readonly request: ModelRequest;
  readonly endpoint: Endpoint;
  readonly limits: ModelLimits;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ModelEvent) => void;
};

function endpointOf(options: OpenAIModelOptions, model: string): Endpoint {
  const { base_url, api_key, provider } = options;
  return {
    ...provider,
    base_url,
    api_key,
    model,
    host: URL.canParse(base_url) ? new URL(base_url).host : base_url,
  };
}

async function attempt(asking: Asking): Promise<Attempt<ModelResponse>> {
  if (asking.signal.aborted) throw cancelledError();
  const accumulator = createAccumulator(asking.onEvent);
  const wall = createWall({ ...asking, fetch: asking.options.fetch ?? fetch });
  try {
    const stream = await openStream(asking, wall);
    for await (const chunk of stream) {
      accumulator.push(chunk);
      // A listener may cancel while it hears a piece; the library would end the loop as if all were well.
      if (wall.fault() !== null) break;
    }
    const fault = wall.fault();
    if (fault !== null) throw fault;
    return { kind: 'done', value: finished(accumulator.finish(), wall, asking.endpoint) };
  } catch (error) {
    asking.onEvent({ type: 'failed', raw_request: wall.sent(), raw_response: wall.received() });
    const failure = toFailure(error, wall, accumulator.started(), asking);
    // What a listener has heard can't be taken back, so a broken answer is not asked for again.
    return { kind: 'failed', failure: accumulator.started() ? final(failure.error) : failure };
  }
}

async function openStream(asking: Asking, wall: Wall): Promise<AsyncIterable<unknown>> {
  const { options, request, endpoint } = asking;
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
  const own_api = endpoint.host === 'api.openai.com';
  const body = chatBody(request, own_api ? 'max_completion_tokens' : 'max_tokens');
  // Our body has the library's shape, but for `readonly` and open-ended messages.
  return client.chat.completions.create(
    body as unknown as Parameters<typeof client.chat.completions.create>[0] & { stream: true },
    {
      signal: asking.signal,
    },
  );
}

function finished(answer: Accumulated, wall: Wall, endpoint: Endpoint): ModelResponse {
  const { finish_reason, ...rest } = answer;
  const received = wall.received();
  if (finish_reason === null && !/^data:\s*\[DONE\]/mu.test(received)) {
    throw badResponse(
      `The answer of ${endpoint.host} was cut off before its end. What had arrived is kept; try again to go on.`,
      endpoint,
    );
  }
  return {
    ...rest,
    finish_reason: finish_reason ?? (rest.tool_calls.length > 0 ? 'tool_calls' : 'stop'),
    raw_request: wall.sent(),
    raw_response: received,
  };
}

function toFailure(error: unknown, wall: Wall, started: boolean, asking: Asking): Failure {
  const fault = wall.fault();
  if (fault !== null) return final(fault);
  if (asking.signal.aborted) return final(cancelledError());
  if (error instanceof AppError) return final(error);
  if (error instanceof SyntaxError) {
    // The cause is left out: it quotes the talk.
    return final(
      badResponse(
        `${asking.endpoint.host} sent something that is not a model's answer. What had arrived is kept.`,
        asking.endpoint,
      ),
    );
  }
  if (!isProviderError(error)) return connectionFailure(error, started, asking.endpoint);
  const body =
    typeof error.error === 'object' && error.error !== null ? (error.error as Record<string, unknown>) : {};
  const code = body['code'] ?? body['type'];
  const status = error.status ?? (typeof code === 'number' ? code : null);
  return refusal(
    {
      status,
      code: [body['code'], body['type']].filter((part) => typeof part === 'string').join(' '),
      message: messageOf(body, error),
      retry_after_ms: readRetryAfter(error.headers, asking.timers.now()),
    },
    asking.endpoint,
  );
}

type LibraryError = Error & {
  readonly status?: number;
  readonly headers?: Headers;
  readonly error?: unknown;
};

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
