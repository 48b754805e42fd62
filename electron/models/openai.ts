import { createAccumulator } from './accumulate.ts';
import { type ChatBody, chatBody } from './chat-body.ts';
import { fieldsOf } from './ask-json.ts';
import { type Asking, createRemoteModel, ProviderFault, type RemoteModelOptions } from './exchange.ts';
import { type Endpoint, type ProviderError, readRetryAfter } from './faults.ts';
import type { Model, ModelRequest } from './model.ts';
import { type ChatQuirks, PLAIN_QUIRKS } from './preset.ts';
import { readSse } from './sse.ts';
import type { Wall } from './wall.ts';

/** What a model behind an OpenAI-compatible endpoint is made of. */
export type OpenAIModelOptions = RemoteModelOptions & {
  /** Default {@link PLAIN_QUIRKS}. */
  readonly quirks?: ChatQuirks;
};

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
  });
}

async function openStream(
  options: OpenAIModelOptions,
  { request, endpoint, timers }: Asking,
  wall: Wall,
): Promise<AsyncIterable<unknown>> {
  const { base_url, api_key } = options;
  const response = await wall.fetch(`${base_url.replace(/\/+$/u, '')}/chat/completions`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...(api_key === null ? {} : { authorization: `Bearer ${api_key}` }),
    },
    body: JSON.stringify(bodyAt(options, request, endpoint)),
  });
  if (response.ok) return chunks(response);
  const retry_after_ms = readRetryAfter(response.headers, timers.now());
  throw new ProviderFault({
    ...saidIn(readJson(await response.text())),
    status: response.status,
    retry_after_ms,
  });
}

async function* chunks(response: Response): AsyncGenerator<unknown> {
  for await (const chunk of readSse(response.body, '[DONE]')) {
    const { error = null } = fieldsOf(chunk);
    if (error !== null) throw new ProviderFault(saidIn(chunk));
    yield chunk;
  }
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

/** What an error object says, in whichever of the usual places. */
function saidIn(body: unknown): ProviderError {
  const { error, message, detail } = fieldsOf(body);
  const fields = fieldsOf(error);
  const code = fields['code'] ?? fields['type'];
  const said = [fields['message'], error, message, detail, body].find((words) => typeof words === 'string');
  return {
    status: typeof code === 'number' ? code : null,
    code: [fields['code'], fields['type']].filter((part) => typeof part === 'string').join(' '),
    message: typeof said === 'string' ? said : '',
    retry_after_ms: null,
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Some refuse in plain words, and a proxy with a page of its own.
    return text;
  }
}
