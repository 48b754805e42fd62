import { z } from 'zod';
import { compaction } from './agents.ts';
import { id, method, timestamp } from './method.ts';

/** A part of the context window, in prompt order. */
export const context_part = z.object({
  kind: z.enum(['system', 'tools', 'memory', 'index', 'summary', 'messages']),
  tokens: z.number().int(),
  text: z.string(),
});

/** What a compaction does to a window, before or after it happened. */
export const compaction_effect = z.object({
  /** Messages that leave, the ones inside of summaries not counted; 0 when only results are shortened. */
  messages: z.number().int(),
  from_seq: z.number().int().nullable(),
  to_seq: z.number().int().nullable(),
  /** Tokens those messages take in the request. */
  message_tokens: z.number().int(),
  /** The longest the summary in their place may be, in tokens. */
  summary_tokens: z.number().int(),
  /** Results of tools of the open turn that are shortened. */
  shortened_results: z.number().int(),
  /** Tokens of the whole request. A preview counts the summary at its longest. */
  tokens_before: z.number().int(),
  tokens_after: z.number().int(),
});

/** What fills an agent's window before its next request. */
export const context_overview = z.object({
  /** Tokens; the smaller of the agent's limit and the model's window. */
  window: z.number().int(),
  used: z.number().int(),
  parts: z.array(context_part),
  /** Tokens that no compaction can take away: system prompt, tools and memory. */
  floor: z.number().int(),
  /** Above this the floor leaves too little room: requests are refused then. */
  floor_limit: z.number().int(),
  /** Tokens from which the window is compacted before a request, and the aim of that. */
  trigger: z.number().int(),
  target: z.number().int(),
  /** Tokens each part may take: all fixed parts together, a summary, one result of a tool, the answer. */
  budget: z.object({
    fixed: z.number().int(),
    summary: z.number().int(),
    result: z.number().int(),
    answer: z.number().int(),
  }),
  /** What the next compaction would do, were it now; `null` when there is nothing to make smaller. */
  next_compaction: compaction_effect.nullable(),
  /** Why the next request can't be sent, with the cure; `null` when it can. */
  problem: z.string().nullable(),
  /** Tokens more or less than in the last request, by part; empty before the first. */
  change: z.array(context_part.omit({ text: true })),
  /** The largest single things in the window, the largest first. */
  largest: z.array(
    z.object({
      kind: z.enum(['tool', 'message', 'summary', 'note']),
      /** Name of the tool, or id. */
      name: z.string(),
      tokens: z.number().int(),
      /** Of a message: who said it, the tool whose result it is, its first words, when. */
      message: z
        .object({
          role: z.enum(['user', 'assistant', 'system', 'tool', 'summary']),
          tool: z.string().nullable(),
          words: z.string(),
          at: timestamp,
        })
        .nullable(),
    }),
  ),
  /** A person asked for a compaction, and it is under way. */
  is_compacting: z.boolean(),
  num_messages: z.number().int(),
  num_recall_memory: z.number().int(),
  num_archival_memory: z.number().int(),
});

/** The next request beside the last one that was sent. */
export const request_comparison = z.object({
  /** The last request that went out and is still on record; `null` before the first. */
  last: z
    .object({
      step_id: id('step'),
      created_at: timestamp,
      model: z.string(),
      /** Its tokens by our count, and as the provider reported them; `null` when it did not. */
      counted: z.number().int(),
      reported: z.number().int().nullable(),
      /** Tokens of its prompt that the provider read from its cache. */
      cached: z.number().int().nullable(),
    })
    .nullable(),
  /** Bytes from the beginning that are the same in both, and all bytes of the next one. */
  kept_bytes: z.number().int(),
  bytes: z.number().int(),
  /**
   * What of each part is the same as in the last request, as caches of providers count: tools first, then the prompt,
   * then the talk. `kept`: all; `grown`: all there was, and more; `changed`: the first place that differs is here;
   * `after_change`: behind that place, so it is read anew.
   */
  parts: z.array(
    z.object({
      kind: context_part.shape.kind,
      kept_tokens: z.number().int(),
      state: z.enum(['kept', 'grown', 'changed', 'after_change']),
    }),
  ),
  /** The text of the part that was asked for, as the last request had it. */
  before: z.string().nullable(),
});

/** The methods about what fills a window, now and with other settings. */
export const context_methods = {
  'agents.context': method({
    summary: 'Says what fills the window of a conversation, part by part, with the exact text.',
    input: z.object({ agent_id: id('agent'), conversation_id: id('conv').optional() }),
    output: context_overview,
    errors: ['not_found'],
  }),
  'agents.next_request': method({
    summary:
      'Gives the exact request that goes out when a person says `text` next; nothing is sent or saved.',
    input: z.object({
      agent_id: id('agent'),
      conversation_id: id('conv').optional(),
      text: z.string().max(1_000_000).optional(),
    }),
    output: z.object({
      /** Handle of the model that gets it. */
      model: z.string(),
      /** The body as it goes over the wire. */
      body: z.string(),
      tokens: z.number().int(),
      window: z.number().int(),
      /** What happens to the window before it is sent, which this body does not show yet. */
      compaction: compaction_effect.nullable(),
      /** Why it can't be sent; `null` when it can. */
      problem: z.string().nullable(),
    }),
    errors: ['not_found', 'model_missing'],
  }),
  'agents.compare_request': method({
    summary: 'Compares the next request of a conversation with the last one: what a cache keeps of it.',
    input: z.object({
      agent_id: id('agent'),
      conversation_id: id('conv').optional(),
      /** The part whose last text is wanted. */
      part: context_part.shape.kind.optional(),
    }),
    output: request_comparison,
    errors: ['not_found', 'model_missing'],
  }),
  'agents.simulate': method({
    summary: 'Says how a conversation would fare with another model or window, without changing anything.',
    input: z.object({
      agent_id: id('agent'),
      conversation_id: id('conv').optional(),
      model: z.string().optional(),
      context_window_limit: z.number().int().min(1024).max(10_000_000).nullable().optional(),
      compaction: compaction.partial().optional(),
    }),
    output: z.object({
      model: z.string(),
      window: z.number().int(),
      used: z.number().int(),
      parts: z.array(context_part.omit({ text: true })),
      /**
       * `fits`: as it is; `compacts`: after a compaction; `puts_back`: with more history than now; `floor`: the fixed
       * part alone is too large; `too_large`: the last message is.
       */
      verdict: z.enum(['fits', 'compacts', 'puts_back', 'floor', 'too_large']),
      compaction: compaction_effect.nullable(),
      /** Messages that come back into the window. */
      puts_back: z.number().int(),
      /** Cause and cure of what would go wrong; `null` when all is well. */
      problem: z.string().nullable(),
      /** What is known of the model that a person should know; `null` when nothing is. */
      warning: z.string().nullable(),
    }),
    errors: ['not_found', 'model_missing'],
  }),
};

export type ContextPart = z.infer<typeof context_part>;
export type CompactionEffect = z.infer<typeof compaction_effect>;
export type RequestComparison = z.infer<typeof request_comparison>;
export type ContextOverview = z.infer<typeof context_overview>;
