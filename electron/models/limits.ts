/** How much patience and room a provider gets. Times in milliseconds, sizes in bytes. */
export type ModelLimits = {
  /** Until the first bytes of an answer; local servers load the model in that time. */
  readonly first_byte_ms: number;
  /** Between two pieces of an answer. */
  readonly idle_ms: number;
  readonly answer_bytes: number;
  readonly line_bytes: number;
  /** Requests in all, the first included. */
  readonly attempts: number;
  /** The first wait between requests; it doubles each time. */
  readonly retry_base_ms: number;
  /** The longest wait; a provider that asks for more ends the run. */
  readonly retry_cap_ms: number;
};

/** The limits in use unless a test injects others. */
export const DEFAULT_LIMITS: ModelLimits = {
  first_byte_ms: 120_000,
  idle_ms: 60_000,
  answer_bytes: 8 * 1024 * 1024,
  line_bytes: 4 * 1024 * 1024,
  attempts: 4,
  retry_base_ms: 500,
  retry_cap_ms: 60_000,
};
