import { z } from 'zod';
import { context_part } from './context.ts';
import { message_tool_call, run, stop_reason, tool_call, usage } from './conversations.ts';
import { id, method, nothing, timestamp } from './method.ts';

/** One question to a model and what came of it. Its exact request and answer are read with `steps.get`. */
export const step = z.object({
  id: id('step'),
  run_id: id('run'),
  agent_id: id('agent'),
  conversation_id: id('conv'),
  /** Place in its run, from 1. */
  ord: z.number().int(),
  /** `compaction`: it asked for a summary of what left the window. */
  kind: z.enum(['answer', 'compaction']),
  state: z.enum(['planned', 'sent', 'received', 'tools', 'closed']),
  /** Handle of the model that answered. */
  model: z.string(),
  /** Tokens as the provider reported them; `null` when no answer came. */
  usage: usage.nullable(),
  /** Milliseconds from sending, by name: `model_ms` to the end of the answer, `first_token_ms` to its first piece. */
  timings: z.record(z.string(), z.number()),
  /** What the request was made of, in tokens, in prompt order. */
  parts: z.array(context_part.pick({ kind: true, tokens: true })),
  /** What had to be mended so that a provider takes the request: kind and what it concerns. */
  repairs: z.array(z.string()),
  stop_reason: stop_reason.nullable(),
  error: run.shape.error,
  /** Names of the tools it called, in order. */
  tools: z.array(z.string()),
  /** Whether its request and answer are still kept. */
  has_trace: z.boolean(),
  created_at: timestamp,
  closed_at: timestamp.nullable(),
});

/** What is put in place of the recorded request before a step is asked again. */
export const replay_edits = z.object({
  /** The whole system prompt, memory included. */
  system: z.string().max(1_000_000).optional(),
  /** Values of memory blocks by label, as the prompt shows them. */
  blocks: z.record(z.string(), z.string().max(1_000_000)).optional(),
});

/** What a model answered, as read from what was received. */
const answer = z.object({
  text: z.string(),
  reasoning: z.string(),
  tool_calls: z.array(message_tool_call),
});

/** A step asked again, apart from its conversation: no tool ran, nothing was said in the talk. */
export const replay = z.object({
  id: id('replay'),
  step_id: id('step'),
  model: z.string(),
  edits: replay_edits,
  /** The exact body that was sent. */
  request: z.string(),
  /** The answer as received; `null` when none came. */
  response: z.string().nullable(),
  /** Whether the body was, byte for byte, the recorded one. */
  is_exact: z.boolean(),
  answer: answer.nullable(),
  usage: usage.nullable(),
  timings: z.record(z.string(), z.number()),
  error: run.shape.error,
  created_at: timestamp,
});

const LIMIT = z.number().int().min(1).max(200).default(50);

/** The methods of steps: what was asked of models, and asking it again. */
export const step_methods = {
  'steps.list': method({
    summary: 'Lists steps of an agent, a conversation or a run, or all; the newest first.',
    input: z.object({
      agent_id: id('agent').optional(),
      conversation_id: id('conv').optional(),
      run_id: id('run').optional(),
      /** Only those that failed. */
      failed: z.boolean().optional(),
      /** Steps older than this one. */
      before: id('step').optional(),
      limit: LIMIT,
    }),
    output: z.object({ steps: z.array(step), has_more: z.boolean() }),
    errors: ['not_found'],
  }),
  'steps.get': method({
    summary: 'Reads a step with the exact request and answer, its tool calls and its replays.',
    input: z.object({ step_id: id('step') }),
    output: z.object({
      step,
      /** The body as it was sent; `null` when it is no longer kept, or nothing was sent. */
      request: z.string().nullable(),
      /** The answer as received. */
      response: z.string().nullable(),
      /** What of the request a replay can be asked with edited; `null` when the request can't be asked again. */
      prompt: z
        .object({
          /** The whole system prompt, memory included. */
          system: z.string(),
          /** The memory blocks it shows, in its order. */
          blocks: z.array(z.object({ label: z.string(), value: z.string() })),
        })
        .nullable(),
      /** What the talk keeps of the answer, a cut one too; `null` when there was none. */
      answer: answer.nullable(),
      tool_calls: z.array(tool_call),
      replays: z.array(replay),
      run,
      /** What the model said in it, or the message its run began with; `null` when neither is in the talk. */
      message_id: z.string().nullable(),
      /** The steps of the same run before and after it. */
      previous_id: z.string().nullable(),
      next_id: z.string().nullable(),
    }),
    errors: ['not_found'],
  }),
  'steps.replay': method({
    summary: 'Asks the recorded request again, of the same or another model, with or without edits.',
    input: z.object({
      step_id: id('step'),
      /** Handle; the model of the step when left out. */
      model: z
        .string()
        .regex(/^[^/\s]+\/\S+$/, 'must be a handle such as openai/gpt-4o-mini')
        .optional(),
      edits: replay_edits.default({}),
      /** Made by the caller, who can stop it under this id; the backend makes one when left out. */
      replay_id: id('replay').optional(),
    }),
    output: replay,
    errors: ['not_found', 'model_missing', 'conflict', 'unsupported', 'cancelled'],
  }),
  'steps.stop_replay': method({
    summary: 'Stops a replay that is under way; nothing of it is kept.',
    input: z.object({ replay_id: id('replay') }),
    output: nothing,
    errors: ['not_found'],
  }),
};

export type Step = z.infer<typeof step>;
export type ReplayEdits = z.infer<typeof replay_edits>;
export type Replay = z.infer<typeof replay>;
