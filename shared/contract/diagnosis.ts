import { z } from 'zod';
import { id, method, timestamp } from './method.ts';

/** What can be wrong, one a row of the troubleshooting table; the ids are stable. */
export const check_id = z.enum([
  'no_answer',
  'memory_not_kept',
  'context_exceeded',
  'empty_search',
  'slow_answers',
  'tool_failures',
  'connection',
]);

/** `trouble` keeps something from working now; `attention` may, or did lately. */
export const check_state = z.enum(['ok', 'attention', 'trouble']);

/** Where in Memoir the cure is. */
export const cure_place = z.enum([
  'connect_model',
  'model_settings',
  'tool_settings',
  'memory',
  'archive',
  'conversation',
  'log',
]);

/**
 * What was measured. The end of a name is its unit: `_ms`, `_bytes`, `_tokens`, `_at` (a timestamp), `_percent`; other
 * numbers are counts.
 */
export const fact_name = z.enum([
  'model',
  'answering_model',
  'provider',
  'provider_address',
  'last_run_at',
  'last_run_state',
  'last_error',
  'last_error_at',
  'failed_runs',
  'looked_at_runs',
  'store_path',
  'store_bytes',
  'free_bytes',
  'store_writable',
  'store_synchronous',
  'store_integrity',
  'last_commit_at',
  'last_memory_change_at',
  'window_tokens',
  'used_tokens',
  'used_percent',
  'system_tokens',
  'tools_tokens',
  'memory_tokens',
  'memory_percent',
  'index_tokens',
  'summary_tokens',
  'messages_tokens',
  'largest_part',
  'largest_block',
  'largest_block_tokens',
  'entries',
  'search_method',
  'searches',
  'empty_searches',
  'last_empty_search_at',
  'last_empty_search_reason',
  'steps',
  'step_median_ms',
  'step_slowest_ms',
  'model_median_ms',
  'tools_median_ms',
  'own_median_ms',
  'tokens_per_second',
  'prompt_median_tokens',
  'searches_per_turn',
  'waiting_ms',
  'calls',
  'failed_calls',
  'failed_tool',
  'failed_at',
  'failure_kind',
  'failure',
  'missing_tools',
  'address',
  'data_dir',
  'log_path',
  'version',
]);

/** One thing that was measured. */
export const fact = z.object({
  name: fact_name,
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  /** True when it may hold what people or agents wrote; such facts are in no report. */
  is_private: z.boolean(),
});

/** What was found of one row. */
export const check = z.object({
  id: check_id,
  state: check_state,
  /** A stable word for what was found, e.g. `model_auth` or `read_only`; `fine` when nothing was. */
  reason: z.string(),
  /** A sentence or two for a person: what is so, and why. */
  cause: z.string(),
  /** What to do about it; `null` when there is nothing to do. */
  cure: z.string().nullable(),
  facts: z.array(fact),
  /** `item_id` is the block, conversation or provider it is about. */
  action: z.object({ place: cure_place, item_id: z.string().nullable() }).nullable(),
});

/** What was found, row by row. */
export const diagnosis = z.object({
  at: timestamp,
  /** The agent looked at; `null` when there is none. */
  agent_id: z.string().nullable(),
  agent_name: z.string().nullable(),
  /** The worst state among the rows. */
  state: check_state,
  /** Every row, in the order of {@link check_id}. */
  checks: z.array(check),
  /** The same as plain text to pass on: no keys, nothing of talk or memory, no name of the home folder. */
  report: z.string(),
});

/** The methods of diagnosis. */
export const diagnosis_methods = {
  'system.diagnose': method({
    summary:
      'Looks for the usual troubles and says cause and cure of each, for the agent or the one used last. Asks no other computer.',
    input: z.object({ agent_id: id('agent').optional() }),
    output: diagnosis,
    errors: ['not_found'],
  }),
};

export type CheckId = z.infer<typeof check_id>;
export type CheckState = z.infer<typeof check_state>;
export type CurePlace = z.infer<typeof cure_place>;
export type FactName = z.infer<typeof fact_name>;
export type Fact = z.infer<typeof fact>;
export type Check = z.infer<typeof check>;
export type Diagnosis = z.infer<typeof diagnosis>;
