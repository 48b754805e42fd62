import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { isRateLimit, type Overflow, readOverflow } from './overflow.ts';
import { PROVIDERS } from './presets.ts';

/** Who answers, for messages a person reads. */
export type Endpoint = {
  readonly label: string;
  readonly host: string;
  readonly base_url: string;
  readonly key_env: string | null;
  readonly url_env: string;
  /** Name of the model at the provider. */
  readonly model: string;
  /** Never shown: cut out of everything a provider says. */
  readonly api_key: string | null;
};

/** A failed request: what to tell, and whether asking again may help. */
export type Failure = {
  readonly error: AppError;
  readonly retryable: boolean;
  /** Milliseconds the provider asked to wait; `null` when it named none. */
  readonly retry_after_ms: number | null;
  /** A few words for the countdown. */
  readonly reason: string;
};

/** What an HTTP answer or an error object in a stream says about a failure. */
export type ProviderError = {
  /** HTTP status, or the `code` of an error object when it is a number; `null` when unknown. */
  readonly status: number | null;
  readonly code: string;
  readonly message: string;
  readonly retry_after_ms: number | null;
};

const LONGEST_QUOTE = 500;

/** Makes the failure a provider's refusal stands for. */
export function refusal(said: ProviderError, endpoint: Endpoint): Failure {
  const overflow = overflowIn(said);
  if (overflow !== null) return final(overflowError(overflow, endpoint));
  const { host, base_url } = endpoint;
  const label = whoWasAsked(endpoint);
  const status = said.status === null ? '' : ` (${said.status})`;
  const fail = (code: ErrorCode, text: string): AppError => failure(code, text, said, endpoint);
  switch (kindOf(said)) {
    case 'auth':
      return final(authError(endpoint, said));
    case 'credit':
      return final(
        fail(
          'model_rate_limit',
          `${label} says that the credit of this account is used up. Add credit there or choose another model, then try again.`,
        ),
      );
    case 'rate':
      return again(
        fail(
          'model_rate_limit',
          `${label} is limiting requests right now. Your message is kept; wait a little, then try again.`,
        ),
        said,
        `${label} is limiting requests`,
      );
    case 'server':
      return again(
        fail(
          'model_error',
          `${label} has a problem of its own${status}. Your message is kept; try again later.`,
        ),
        said,
        `${label} is overloaded or has a problem`,
      );
    case 'unknown':
      return final(
        fail(
          'model_error',
          `${host} does not know the model ${endpoint.model}, or ${base_url} is not its address. Check the model and ${endpoint.url_env}.`,
        ),
      );
    case 'moved':
      return final(
        fail(
          'model_bad_response',
          `${base_url} points to another address${status}, and nothing was sent there. Set ${endpoint.url_env} to the address of the model's API itself.`,
        ),
      );
    case 'other':
      return final(fail('model_error', `${label} refused the request${status}. What had arrived is kept.`));
  }
}

/** The provider's name at its own address; at any other address someone else answers, so its host. */
function whoWasAsked({ label, host }: Endpoint): string {
  const own = PROVIDERS.find((provider) => provider.label === label)?.base_url ?? '';
  return own !== '' && new URL(own).host === host ? label : host;
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}

const BY_STATUS = {
  301: 'moved',
  302: 'moved',
  303: 'moved',
  307: 'moved',
  308: 'moved',
  401: 'auth',
  402: 'credit',
  403: 'auth',
  404: 'unknown',
  408: 'server',
} as const;

function kindOf({
  status,
  code,
  message,
}: ProviderError): 'auth' | 'credit' | 'rate' | 'server' | 'unknown' | 'moved' | 'other' {
  if (/insufficient_(?:quota|balance)|billing/iu.test(code)) return 'credit';
  if (/credit balance is too low/iu.test(message)) return 'credit';
  if (code.includes('invalid_api_key')) return 'auth';
  if (status === 429 || /rate_limit/iu.test(code)) return 'rate';
  if (status !== null && status in BY_STATUS) return BY_STATUS[status as keyof typeof BY_STATUS];
  if (status !== null && status >= 500) return 'server';
  const busy = status === null && /overloaded|server_error|unavailable/iu.test(code + message);
  return busy ? 'server' : 'other';
}

function failure(code: ErrorCode, text: string, said: ProviderError, endpoint: Endpoint): AppError {
  const words = clean(said.message, endpoint);
  const sentence = /[.!?…]$/u.test(words) ? words : `${words}.`;
  return new AppError(code, words === '' ? text : `${text} It said: ${sentence}`, {
    details: { host: endpoint.host, status: said.status, provider_code: clean(said.code, endpoint) },
  });
}

function authError(endpoint: Endpoint, said: ProviderError): AppError {
  const cure =
    endpoint.key_env === null
      ? `${whoWasAsked(endpoint)} needs no key here; check ${endpoint.url_env}.`
      : endpoint.api_key === null
        ? `No key was sent: connect ${endpoint.label} in the settings, or set ${endpoint.key_env}.`
        : `Enter the key of ${endpoint.label} again in the settings, or check ${endpoint.key_env}.`;
  // The provider's own words are left out: they quote the key.
  return new AppError(
    'model_auth',
    `${endpoint.host} refused to let us in (${said.status ?? clean(said.code, endpoint)}). ${cure} Your message is kept.`,
    {
      details: { host: endpoint.host, status: said.status, key: endpoint.key_env },
    },
  );
}

// What stands before a model says 413 of a long request in words of its own, or in none.
function overflowIn({ status, code, message }: ProviderError): Overflow | null {
  if (status === 429) return null;
  const told = `${code} ${message}`;
  return readOverflow(told) ?? (status === 413 && !isRateLimit(told) ? { limit: null, used: null } : null);
}

function overflowError(overflow: Overflow, endpoint: Endpoint): AppError {
  const { limit, used } = overflow;
  const numbers =
    limit !== null && used !== null
      ? `: it has ${counted(used)} tokens and ${endpoint.model} holds ${counted(limit)}`
      : limit !== null
        ? `: ${endpoint.model} holds ${counted(limit)} tokens`
        : '';
  return new AppError(
    'model_overflow',
    `The talk no longer fits the model${numbers}. Nothing is lost; shorten the context or choose a model with a larger window, then try again.`,
    {
      details: { limit_tokens: limit, used_tokens: used, host: endpoint.host },
    },
  );
}

/** The provider could not be reached, or the line broke. `started`: part of the answer had arrived. */
export function connectionFailure(cause: unknown, started: boolean, endpoint: Endpoint): Failure {
  const text = started
    ? `The connection to ${endpoint.host} broke in the middle of the answer. What had arrived is kept; try again to go on.`
    : `${endpoint.host} cannot be reached at ${endpoint.base_url}. Your message is kept. Check the network, that the server runs, and ${endpoint.url_env}; then try again.`;
  const error = new AppError('model_unreachable', text, { cause, details: { host: endpoint.host } });
  const reset = /ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed|socket hang up/iu.test(causes(cause));
  return {
    error,
    retryable: !started && reset,
    retry_after_ms: null,
    reason: `The connection to ${endpoint.host} broke`,
  };
}

/** An answer that cannot be used. */
export function badResponse(text: string, endpoint: Endpoint, cause?: unknown): AppError {
  return new AppError('model_bad_response', text, {
    ...(cause === undefined ? {} : { cause }),
    details: { host: endpoint.host, base_url: endpoint.base_url },
  });
}

/** A failure that asking again does not cure. */
export function final(error: AppError): Failure {
  return { error, retryable: false, retry_after_ms: null, reason: '' };
}

function again(error: AppError, said: ProviderError, reason: string): Failure {
  return { error, retryable: true, retry_after_ms: said.retry_after_ms, reason };
}

/** What a provider said, on one line, cut, and without the key it was asked with. */
export function clean(message: string, endpoint: Endpoint): string {
  const plain = message.replaceAll(/\s+/gu, ' ').trim();
  const safe = endpoint.api_key === null ? plain : plain.split(endpoint.api_key).join('(key)');
  return safe.length > LONGEST_QUOTE ? `${safe.slice(0, LONGEST_QUOTE)}…` : safe;
}

function causes(error: unknown): string {
  const parts: string[] = [];
  for (let current = error; current instanceof Error && parts.length < 5; current = current.cause) {
    const code = (current as { code?: unknown }).code;
    parts.push(current.message, typeof code === 'string' ? code : '');
  }
  return parts.join(' ');
}

/** Reads `retry-after-ms` and `retry-after` (seconds or a date) into milliseconds; `null` when absent or unreadable. */
export function readRetryAfter(headers: Headers | undefined, now_ms: number): number | null {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const text = headers?.get('retry-after') ?? null;
  if (text === null) return null;
  const wait_ms = Number.isFinite(Number(text)) ? Number(text) * 1000 : Date.parse(text) - now_ms;
  return Number.isFinite(wait_ms) ? Math.max(0, wait_ms) : null;
}
