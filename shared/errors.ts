/**
 * Every way a call can fail, by a stable code. The message beside it is for a person: what happened, what was kept,
 * what to do.
 */
export const ERROR_CODES = [
  'invalid_input',
  'not_found',
  'conflict',
  'read_only',
  'limit_exceeded',
  'busy',
  'cancelled',
  'unsupported',
  'tool_failed',
  'model_missing',
  'model_auth',
  'model_rate_limit',
  'model_timeout',
  'model_unreachable',
  'model_bad_response',
  'model_overflow',
  'model_error',
  'store_locked',
  'store_corrupt',
  'store_newer',
  'store_full',
  'store_read_only',
  'port_taken',
  'internal',
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Facts about a failure that a program can use: the offending value, the numbers, the current text of a conflict. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** What crosses a process or HTTP boundary in place of an {@link AppError}. */
export type WireError = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: ErrorDetails;
};

/** An expected failure: a stable `code`, a `message` a person can act on, and `details` for programs. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** Turns anything thrown into its wire form. Unknown failures become `internal` with their message kept. */
export function toWire(error: unknown): WireError {
  if (error instanceof AppError) {
    return error.details === undefined
      ? { code: error.code, message: error.message }
      : { code: error.code, message: error.message, details: error.details };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `Something unexpected went wrong: ${message}` };
}

/** Whether a value read from a wire is a {@link WireError}. */
export function isWireError(value: unknown): value is WireError {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message } = value as { code?: unknown; message?: unknown };
  return typeof message === 'string' && ERROR_CODES.some((known) => known === code);
}

/** Makes the {@link AppError} a wire error stands for. */
export function fromWire(wire: WireError): AppError {
  return new AppError(wire.code, wire.message, wire.details === undefined ? {} : { details: wire.details });
}
