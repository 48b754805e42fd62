import { z } from 'zod';
import { approval, proposal } from './approvals.ts';
import { actor, memory_change } from './blocks.ts';
import { message, run } from './conversations.ts';
import { id, method, timestamp } from './method.ts';
import { step } from './steps.ts';
import { summary } from './summaries.ts';

/** Something that happened: to memory, in a step, or because somebody spoke or was asked. */
export const activity = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('change'),
    at: timestamp,
    change: memory_change,
    /** Whose memory it is. */
    agent_ids: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('step'),
    at: timestamp,
    step,
    /** What came after a step that failed, in the same run; `null` for one that did not fail. */
    outcome: z.enum(['worked', 'failed_again', 'under_way', 'given_up']).nullable(),
  }),
  z.object({
    kind: z.literal('compaction'),
    at: timestamp,
    agent_id: z.string(),
    summary: summary.omit({ text: true, in_window: true }),
    /** Where a model wrote it; `null` when none did, or nobody was talking. */
    step_id: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('message'),
    at: timestamp,
    /** The message a run began with; of a long text the beginning. */
    message: message.pick({
      id: true,
      conversation_id: true,
      agent_id: true,
      role: true,
      name: true,
      text: true,
    }),
    run: run.pick({ id: true, state: true, error: true, step_count: true }),
  }),
  z.object({ kind: z.literal('approval'), at: timestamp, approval }),
  z.object({ kind: z.literal('proposal'), at: timestamp, proposal }),
]);

const kind = z.enum(['change', 'step', 'compaction', 'message', 'approval', 'proposal']);

/** Whose doings are meant. A message is its speaker's; steps, compactions and what is asked are the agent's. */
const who = {
  agent_id: id('agent').optional(),
  actors: z.array(actor).min(1).max(5).optional(),
};

/** The methods of what happened. */
export const activity_methods = {
  'activity.list': method({
    summary: 'Lists what happened to memory, in steps and in talks, of one agent or all, the newest first.',
    input: z.object({
      ...who,
      kinds: z.array(kind).max(6).optional(),
      /** Only what failed. */
      failed: z.boolean().default(false),
      /** Only from this moment on. */
      since: timestamp.optional(),
      /** Every one of these words, or the id of the thing itself or of what caused it. */
      query: z.string().max(500).optional(),
      /** Where the page before ended. */
      cursor: z
        .string()
        .regex(/^[^~]{1,40}~\d~\d{1,16}$/, 'must be the cursor of a page')
        .optional(),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    output: z.object({
      activities: z.array(activity),
      /** Where to go on; `null` at the end. A page may be short, or empty, before the end: a search looks at so many a page. */
      next: z.string().nullable(),
    }),
    errors: ['not_found'],
  }),
  'activity.get': method({
    summary:
      'Reads one thing that happened by the id of its step, change, summary, run, approval or proposal.',
    input: z.object({
      id: z
        .string()
        .regex(
          /^(?:step|change|summary|run|approval|proposal)-[0-9a-f-]{36}$/,
          'must be the id of a step, change, summary, run, approval or proposal',
        ),
    }),
    output: activity,
    errors: ['not_found'],
  }),
  'activity.count': method({
    summary: 'Counts steps, memory changes and failures in spans of time, such as days.',
    input: z.object({
      ...who,
      spans: z
        .array(z.object({ from: timestamp, to: timestamp }))
        .min(1)
        .max(100),
    }),
    output: z.object({
      /** In the order they were asked for. */
      counts: z.array(
        z.object({ steps: z.number().int(), changes: z.number().int(), failures: z.number().int() }),
      ),
    }),
    errors: ['not_found'],
  }),
};

export type Activity = z.infer<typeof activity>;
/** What kind of thing happened. */
export type ActivityKind = z.infer<typeof kind>;
