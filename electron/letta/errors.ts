import type { Context } from 'hono';
import type { z } from 'zod';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { pythonText } from './python-text.ts';

/** Statuses the V1 API answers failures with. */
export type LettaStatus = 400 | 401 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503 | 504;

/** A failure whose status and body are already in Letta's shape; the routes' error handler sends it as it is. */
export class LettaError extends Error {
  override readonly name = 'LettaError';
  readonly status: LettaStatus;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: LettaStatus, body: Readonly<Record<string, unknown>>) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

/** `{"detail": "<text>"}`, the shape of most failures. */
export function detail(status: LettaStatus, text: string): LettaError {
  return new LettaError(status, { detail: text });
}

/** 422 for input of the wrong shape. As in V1, `detail` is a text holding a list in Python's notation. */
export function validationError(
  place: 'body' | 'query' | 'path',
  error: z.ZodError,
  input: unknown,
): LettaError {
  const list = error.issues.map((issue) => ({
    type: typeOf(issue, input),
    loc: [place, ...issue.path],
    msg: isMissing(issue, input) ? 'Field required' : issue.message,
    input: isMissing(issue, input) ? input : valueAt(input, issue.path),
  }));
  return new LettaError(422, { trace_id: '', detail: pythonText(list) });
}

/** 422 for a rule that concerns the whole body. */
export function ruleError(text: string, input: unknown): LettaError {
  const list = [{ type: 'value_error', loc: ['body'], msg: `Value error, ${text}`, input }];
  return new LettaError(422, { trace_id: '', detail: pythonText(list) });
}

/** 422 for an id in the path that is not `prefix-<uuid4>`. */
export function idError(name: string, prefix: string, value: string): LettaError {
  const pattern = `^${prefix}-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`;
  const list = [
    {
      type: 'string_pattern_mismatch',
      loc: ['path', name],
      msg: `String should match pattern '${prefix}-{uuid4}'`,
      input: value,
      ctx: { pattern },
    },
  ];
  return new LettaError(422, {
    trace_id: '',
    detail: pythonText(list),
    examples: [`${prefix}-123e4567-e89b-42d3-8456-426614174000`],
  });
}

function isMissing(issue: z.core.$ZodIssue, input: unknown): boolean {
  return issue.code === 'invalid_type' && issue.path.length > 0 && valueAt(input, issue.path) === undefined;
}

function typeOf(issue: z.core.$ZodIssue, input: unknown): string {
  if (isMissing(issue, input)) return 'missing';
  return issue.code === 'invalid_type' ? `${issue.expected}_type` : 'value_error';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return value;
}

const STATUS_OF: Readonly<Partial<Record<ErrorCode, LettaStatus>>> = {
  invalid_input: 422,
  not_found: 404,
  conflict: 409,
  read_only: 409,
  limit_exceeded: 422,
  busy: 409,
  cancelled: 409,
  unsupported: 400,
  model_missing: 404,
  store_locked: 503,
  store_corrupt: 503,
  store_newer: 503,
  store_full: 503,
  store_read_only: 503,
};

/** How a failure of the model is told: `type` for programs, `message` in Letta's words, the cause in `detail`. */
export type ModelFailure = { readonly type: string; readonly message: string; readonly detail: string };

type ModelFailureKind = { readonly status: LettaStatus; readonly type: string; readonly message: string };

const LLM_ERROR: ModelFailureKind = {
  status: 500,
  type: 'llm_error',
  message: 'An error occurred with the LLM request.',
};

const MODEL_FAILURES: Readonly<Record<string, ModelFailureKind>> = {
  model_auth: {
    status: 401,
    type: 'llm_authentication',
    message: 'Authentication failed with the LLM model provider.',
  },
  model_rate_limit: {
    status: 429,
    type: 'llm_rate_limit',
    message: 'Rate limit exceeded for LLM model provider. Please wait before making another request.',
  },
  model_timeout: {
    status: 504,
    type: 'llm_timeout',
    message: 'The LLM request timed out. Please try again.',
  },
  model_missing: {
    status: 400,
    type: 'llm_bad_request',
    message: 'The request to the LLM model provider was invalid.',
  },
  model_overflow: {
    status: 400,
    type: 'llm_bad_request',
    message: 'The request to the LLM model provider was invalid.',
  },
};

const INTERNAL_ERROR = {
  type: 'internal_error',
  message: 'An unknown error occurred with the LLM streaming request.',
};

const STREAM_INCOMPLETE = {
  type: 'stream_incomplete',
  message: 'The stream ended before the answer was finished.',
};

/** Letta's name and words for a failed run. `code` is the run's error code; only those of a model blame the model. */
export function modelFailure(code: string, text: string): ModelFailure {
  const { type, message } = code.startsWith('model_')
    ? (MODEL_FAILURES[code] ?? LLM_ERROR)
    : code === 'cancelled'
      ? STREAM_INCOMPLETE
      : INTERNAL_ERROR;
  return { type, message, detail: text };
}

/** The answer to a request whose run failed. */
export function runFailed(code: string, text: string): LettaError {
  if (!code.startsWith('model_')) return detail(STATUS_OF[code as ErrorCode] ?? 500, text);
  const { status } = MODEL_FAILURES[code] ?? LLM_ERROR;
  return new LettaError(status, { error: modelFailure(code, text) });
}

/**
 * Answers a failure in Letta's shape. Official clients retry 409 and 5xx by sending again; they are told not to where
 * that would say a message twice.
 */
export function answerLettaError(context: Context, error: unknown, log: (line: string) => void): Response {
  const known = toLetta(error);
  if (known.status === 500 && !(error instanceof LettaError)) log(`${context.req.path}: ${String(error)}`);
  if (known.status === 409 || /\/messages(?:\/|$)/.test(context.req.path)) {
    context.header('x-should-retry', 'false');
  }
  return context.json(known.body, known.status);
}

function toLetta(error: unknown): LettaError {
  if (error instanceof LettaError) return error;
  // Its own words may name files of this computer.
  if (!(error instanceof AppError)) {
    return detail(500, 'An unexpected error occurred; the log of the server has the details.');
  }
  const status = STATUS_OF[error.code];
  return status === undefined ? runFailed(error.code, error.message) : detail(status, error.message);
}
