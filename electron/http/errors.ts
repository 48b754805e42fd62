import type { Context } from 'hono';
import { AppError, toWire, type ErrorCode } from '../../shared/errors.ts';

/** HTTP status of each failure on Memoir's own routes. */
export const STATUS_OF: Readonly<
  Record<ErrorCode, 400 | 404 | 409 | 413 | 422 | 429 | 500 | 502 | 503 | 504 | 507>
> = {
  invalid_input: 400,
  not_found: 404,
  conflict: 409,
  read_only: 409,
  limit_exceeded: 422,
  busy: 409,
  cancelled: 409,
  unsupported: 422,
  tool_failed: 502,
  model_missing: 422,
  model_auth: 502,
  model_rate_limit: 429,
  model_timeout: 504,
  model_unreachable: 502,
  model_bad_response: 502,
  model_overflow: 413,
  model_error: 502,
  store_locked: 503,
  store_corrupt: 503,
  store_newer: 503,
  store_full: 507,
  store_read_only: 503,
  port_taken: 500,
  internal: 500,
};

const UNEXPECTED =
  'Something unexpected went wrong. What was saved is kept; the log has the details. Try again, or restart Memoir.';

/**
 * Answers a failure as `{"error": {code, message, details?}}` with the status of its code. Only expected failures keep
 * their words: others may name files of this computer.
 */
export function answerError(context: Context, error: unknown): Response {
  const wire =
    error instanceof AppError ? toWire(error) : ({ code: 'internal', message: UNEXPECTED } as const);
  return context.json({ error: wire }, STATUS_OF[wire.code]);
}

/**
 * Answers a request that is refused before it reaches any route, in the shape its surface uses: `{"detail"}` under
 * `/v1`, `{"error"}` elsewhere.
 */
export function refuse(context: Context, status: 401 | 403 | 413 | 415, message: string): Response {
  context.header('x-should-retry', 'false');
  if (context.req.path.startsWith('/v1')) return context.json({ detail: message }, status);
  const code: ErrorCode = status === 413 ? 'limit_exceeded' : 'invalid_input';
  return context.json({ error: { code, message } }, status);
}
