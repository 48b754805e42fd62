import { AppError } from '../../shared/errors.ts';
import type { Accumulated, Accumulator } from './accumulate.ts';
import {
  badResponse,
  connectionFailure,
  type Endpoint,
  type Failure,
  final,
  type ProviderError,
  refusal,
} from './faults.ts';
import { DEFAULT_LIMITS, type ModelLimits } from './limits.ts';
import type { Model, ModelEvent, ModelRequest, ModelResponse } from './model.ts';
import { type Attempt, withRetries } from './retry.ts';
import { cancelledError, system_timers, type Timers } from './timers.ts';
import { createWall, type Wall, type WallOptions } from './wall.ts';

/** What a model behind an address is made of. */
export type RemoteModelOptions = {
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

/** One request on its way. */
export type Asking = {
  readonly request: ModelRequest;
  readonly endpoint: Endpoint;
  readonly limits: ModelLimits;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ModelEvent) => void;
  readonly fetch: typeof fetch;
};

/** What tells one kind of provider from another. */
export type Dialect = {
  /** Writes a request as the body that goes over the wire. */
  readonly bodyOf: (request: ModelRequest, endpoint: Endpoint) => string;
  /** Sends the request through the wall and gives what comes, piece by piece. Throws {@link ProviderFault}. */
  readonly open: (asking: Asking, wall: Wall) => Promise<AsyncIterable<unknown>>;
  readonly accumulate: (onEvent: (event: ModelEvent) => void) => Accumulator;
  /** Whether a stream that named no reason for its end was whole nonetheless. */
  readonly isWhole: (received: string) => boolean;
  /** What counts as a sign of life while the answer comes; see {@link WallOptions}. Default `pieces`. */
  readonly renews?: WallOptions['renews'];
};

/** Thrown by `open` and its stream: what the provider said instead of an answer. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';
  readonly said: ProviderError;

  constructor(said: ProviderError) {
    super('The provider refused.');
    this.said = said;
  }
}

/**
 * Makes a model that asks over the network in the dialect of its provider, behind the wall and with retries. Nothing is
 * loaded or contacted before the first answer. Failures are those {@link Model} names.
 */
export function createRemoteModel(options: RemoteModelOptions, dialect: Dialect): Model {
  const limits: ModelLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const timers = options.timers ?? system_timers;
  return {
    handle: options.handle,
    context_window: options.context_window,
    bodyOf: (request) => dialect.bodyOf(request, endpointOf(options, request.model)),
    answer: (request, { signal, onEvent }) => {
      const endpoint = endpointOf(options, request.model);
      const asking: Asking = {
        request,
        endpoint,
        limits,
        timers,
        signal,
        onEvent,
        fetch: options.fetch ?? fetch,
      };
      return withRetries(() => attempt(asking, dialect), asking);
    },
  };
}

/** Whom a request goes to, as messages name it. */
export function endpointOf(
  { base_url, api_key, provider }: Pick<RemoteModelOptions, 'base_url' | 'api_key' | 'provider'>,
  model: string,
): Endpoint {
  const host = URL.canParse(base_url) ? new URL(base_url).host : base_url;
  return { ...provider, base_url, api_key, model, host };
}

async function attempt(asking: Asking, dialect: Dialect): Promise<Attempt<ModelResponse>> {
  if (asking.signal.aborted) throw cancelledError();
  const accumulator = dialect.accumulate(asking.onEvent);
  const wall = createWall({ ...asking, renews: dialect.renews ?? 'pieces' });
  try {
    const stream = await dialect.open(asking, wall);
    for await (const chunk of stream) {
      accumulator.push(chunk);
      // A listener may cancel while it hears a piece; the stream would end as if all were well.
      if (wall.fault() !== null) break;
    }
    const fault = wall.fault();
    if (fault !== null) throw fault;
    return { kind: 'done', value: finished(accumulator.finish(), { wall, dialect, asking }) };
  } catch (error) {
    asking.onEvent({ type: 'failed', raw_request: wall.sent(), raw_response: withoutKey(wall, asking) });
    const failure = toFailure(error, accumulator.started(), { wall, asking });
    // What a listener has heard can't be taken back, so a broken answer is not asked for again.
    return { kind: 'failed', failure: accumulator.started() ? final(failure.error) : failure };
  }
}

type Attempted = { readonly wall: Wall; readonly dialect: Dialect; readonly asking: Asking };

function finished(answer: Accumulated, { wall, dialect, asking }: Attempted): ModelResponse {
  const { finish_reason, ...rest } = answer;
  const received = wall.received();
  if (finish_reason === null && !dialect.isWhole(received)) {
    throw badResponse(
      `The answer of ${asking.endpoint.host} was cut off before its end. What had arrived is kept; try again to go on.`,
      asking.endpoint,
    );
  }
  return {
    ...rest,
    finish_reason: finish_reason ?? (rest.tool_calls.length > 0 ? 'tool_calls' : 'stop'),
    raw_request: wall.sent(),
    raw_response: withoutKey(wall, asking),
  };
}

const SHORTEST_KEY = 8;

/** What was received, for the record: some providers repeat the key when they refuse it. */
function withoutKey(wall: Wall, { endpoint: { api_key } }: Asking): string {
  const received = wall.received();
  return api_key === null || api_key.length < SHORTEST_KEY ? received : received.replaceAll(api_key, '(key)');
}

function toFailure(error: unknown, started: boolean, { wall, asking }: Omit<Attempted, 'dialect'>): Failure {
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
  return error instanceof ProviderFault
    ? refusal(error.said, asking.endpoint)
    : connectionFailure(error, started, asking.endpoint);
}
