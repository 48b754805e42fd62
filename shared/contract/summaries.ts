import { z } from 'zod';
import { compaction } from './agents.ts';
import { compaction_effect } from './context.ts';
import { message } from './conversations.ts';
import { id, method, timestamp } from './method.ts';

/** What a compaction did, in tokens of the whole request and in messages of the window. */
export const summary_stats = z.object({
  /** `window_full`: before a request; `provider_overflow`: the server refused its length; `manual`: asked for. */
  trigger: z.enum(['window_full', 'provider_overflow', 'manual']),
  tokens_before: z.number().int(),
  tokens_after: z.number().int(),
  messages_before: z.number().int(),
  messages_after: z.number().int(),
  /** Tokens of the window it was made for. */
  window: z.number().int(),
  /** Why no model wrote it, in a sentence; `null` when one did. */
  fallback: z.string().nullable(),
});

/** What stands in the window for messages that left it. The messages themselves stay in the history. */
export const summary = z.object({
  id: id('summary'),
  conversation_id: id('conv'),
  text: z.string(),
  /** First and last message it stands for, with the summary it absorbed. */
  covers_from_seq: z.number().int(),
  covers_to_seq: z.number().int(),
  /** The summary it absorbed. */
  parent_id: id('summary').nullable(),
  /** Handle of the model that wrote it; `null`: made from first and last words, without one. */
  model: z.string().nullable(),
  mode: compaction.shape.mode,
  stats: summary_stats,
  run_id: z.string().nullable(),
  /** Whether the model sees it now; one that was absorbed or put back is not. */
  in_window: z.boolean(),
  created_at: timestamp,
});

const conversation_ref = z.object({ conversation_id: id('conv') });
const summary_ref = z.object({ summary_id: id('summary') });
const settings = conversation_ref.extend({
  mode: compaction.shape.mode.optional(),
  /** Instead of the agent's own, for this once. */
  settings: compaction.partial().optional(),
});

/** The methods of compaction: making the window smaller, looking at what left it, putting it back. */
export const summary_methods = {
  'conversations.compact': method({
    summary: 'Makes the window of a conversation smaller now: its oldest part becomes a summary.',
    input: settings,
    output: z.object({ summary: summary.nullable(), effect: compaction_effect }),
    errors: ['not_found', 'conflict', 'model_missing', 'model_overflow', 'cancelled'],
  }),
  'conversations.cancel_compaction': method({
    summary:
      'Stops a compaction that a person asked for; then nothing is changed. One of a run stops with its run.',
    input: conversation_ref,
    output: z.object({ cancelled: z.boolean() }),
    errors: ['not_found'],
  }),
  'conversations.compact_preview': method({
    summary: 'Says what compacting a conversation now would do. `null`: there is nothing to make smaller.',
    input: settings,
    output: z.object({ effect: compaction_effect.nullable() }),
    errors: ['not_found', 'model_missing'],
  }),
  'summaries.list': method({
    summary: 'Lists the summaries of a conversation, the newest first.',
    input: conversation_ref,
    output: z.object({ summaries: z.array(summary) }),
    errors: ['not_found'],
  }),
  'summaries.messages': method({
    summary: 'Reads the messages a summary stands for: the newest page, or the page before `before_seq`.',
    input: summary_ref.extend({
      before_seq: z.number().int().optional(),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    output: z.object({ messages: z.array(message), has_more: z.boolean() }),
    errors: ['not_found'],
  }),
  'summaries.expand': method({
    summary: 'Takes a summary out of the window and puts its messages back, if they fit.',
    input: summary_ref.extend({
      /** Whose window: a branch shows summaries of the talk it began in. Default: the one it was made for. */
      conversation_id: id('conv').optional(),
    }),
    output: z.object({
      messages: z.number().int(),
      tokens_before: z.number().int(),
      tokens_after: z.number().int(),
    }),
    errors: ['not_found', 'conflict', 'limit_exceeded', 'model_missing'],
  }),
};

export type SummaryStats = z.infer<typeof summary_stats>;
export type Summary = z.infer<typeof summary>;
