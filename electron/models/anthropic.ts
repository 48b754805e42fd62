import { createAnthropicAccumulator } from './anthropic-accumulate.ts';
import { anthropicBody } from './anthropic-body.ts';
import { fieldsOf, textOf } from './ask-json.ts';
import { type Asking, createRemoteModel, ProviderFault, type RemoteModelOptions } from './exchange.ts';
import { type ProviderError, readRetryAfter } from './faults.ts';
import type { Model } from './model.ts';
import { readSse } from './sse.ts';
import type { Thoughts } from './thoughts.ts';
import type { Wall } from './wall.ts';

/** What a model behind the Messages API is made of. */
export type AnthropicModelOptions = RemoteModelOptions & {
  /** Shared by all models of a provider, so that a turn finds its thoughts again. */
  readonly thoughts: Thoughts;
};

/** Version of the Messages API that requests are written for. */
export const ANTHROPIC_VERSION = '2023-06-01';

/**
 * Makes a model that answers through Anthropic's own API: its prompts are marked for the provider's cache, and it may
 * think. Nothing is contacted before the first answer. Failures are those {@link Model} names.
 */
export function createAnthropicModel(options: AnthropicModelOptions): Model {
  return createRemoteModel(options, {
    bodyOf: (request) => JSON.stringify(anthropicBody(request, options.thoughts)),
    open: (asking, wall) => openStream(options, asking, wall),
    accumulate: (onEvent) => createAnthropicAccumulator(onEvent, options.thoughts),
    isWhole: () => false,
    renews: 'events',
  });
}

async function openStream(
  { base_url, api_key, thoughts }: AnthropicModelOptions,
  { request, timers }: Asking,
  wall: Wall,
): Promise<AsyncIterable<unknown>> {
  const response = await wall.fetch(`${base_url}/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'anthropic-version': ANTHROPIC_VERSION,
      ...(api_key === null ? {} : { 'x-api-key': api_key }),
    },
    body: JSON.stringify(anthropicBody(request, thoughts)),
  });
  if (response.ok) return events(response, wall);
  const body = readJson(await response.text());
  const retry_after_ms = readRetryAfter(response.headers, timers.now());
  throw new ProviderFault({ ...saidIn(body), status: response.status, retry_after_ms });
}

async function* events(response: Response, wall: Wall): AsyncGenerator<unknown> {
  for await (const event of readSse(response.body)) {
    const { type } = fieldsOf(event) as { readonly type?: unknown };
    if (type === 'error') throw new ProviderFault(saidIn(event));
    // A ping keeps the line warm; it is no sign that the answer goes on.
    if (type === 'ping') continue;
    wall.alive();
    yield event;
    if (type === 'message_stop') return;
  }
}

/** Statuses that errors inside a stream stand for. */
const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

function saidIn(body: unknown): ProviderError {
  const error = fieldsOf(fieldsOf(body)['error']);
  const code = textOf(error['type']);
  return {
    status: STATUS_OF[code] ?? null,
    code,
    message: textOf(error['message']),
    retry_after_ms: null,
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, for example; the status says enough.
    return null;
  }
}
