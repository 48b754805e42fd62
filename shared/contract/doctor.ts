import { z } from 'zod';
import { id, method, timestamp } from './method.ts';

/** What the Doctor can find; the words are stable. */
export const finding_kind = z.enum([
  'damaged_pages',
  'damaged_index',
  'unreadable_row',
  'dangling_link',
  'missing_messages',
  'changed_row',
  'wrong_end_of_talk',
  'stuck_run',
  'left_open',
  'open_call',
  'window_missing',
  'window_stray',
  'window_order',
  'window_behind',
  'lost_summary',
  'refused_request',
  'prompt_floor',
  'oversize_message',
  'block_differs',
  'entry_differs',
  'version_hole',
  'block_over_limit',
  'not_searchable',
  'stray_index_row',
  'stale_proposal',
  'no_own_conversation',
  'model_missing',
  'tool_missing',
]);

/** `error` keeps an agent from working or means that something is lost; `warning` may; `ok` is a note. */
export const severity = z.enum(['ok', 'warning', 'error']);

/** One thing that is not as it should be. */
export const finding = z.object({
  /** The same for the same damage at every check. */
  id: z.string(),
  kind: finding_kind,
  severity,
  /** Whose it is; `null` for the store as a whole. */
  agent_id: z.string().nullable(),
  agent_name: z.string().nullable(),
  conversation_id: z.string().nullable(),
  /** A sentence for a person: what is wrong. */
  what: z.string(),
  /** The row or rows it concerns, e.g. `message message-123...`. */
  where: z.string(),
  /** What a repair does about it; `null` when it does nothing. */
  repair: z.string().nullable(),
  /** What a person can do, where no repair does it: why it is left, and the cure. */
  advice: z.string().nullable(),
});

/** What a look at the store, or at one agent in it, found. */
export const checkup = z.object({
  at: timestamp,
  agent_id: z.string().nullable(),
  /** The worst first. Empty for a sound store. */
  findings: z.array(finding),
  /** Findings a repair does something about. */
  repairable: z.number().int(),
  /** How much was looked at. */
  looked_at: z.object({
    agents: z.number().int(),
    conversations: z.number().int(),
    messages: z.number().int(),
    blocks: z.number().int(),
    entries: z.number().int(),
  }),
  /** Sentences on what could not be looked at now; empty as a rule. */
  not_looked_at: z.array(z.string()),
  took_ms: z.number(),
});

/** What was done about one finding. */
export const mended = z.object({
  finding_id: z.string(),
  kind: finding_kind,
  agent_id: z.string().nullable(),
  agent_name: z.string().nullable(),
  /** A sentence for a person: what was done. */
  did: z.string(),
});

/** What a repair did. */
export const repair = z.object({
  /** Empty when there was nothing to mend; then nothing was written. */
  mended: z.array(mended),
  /** Copy of the store as it was before; `null` when nothing was mended. */
  backup: z.string().nullable(),
  /** A look after the repair: what is left is what no repair can mend. */
  after: checkup,
});

const which = z.object({ agent_id: id('agent').optional() });

/** The methods of the Doctor. */
export const doctor_methods = {
  'doctor.check': method({
    summary:
      'Looks whether an agent, or everything in the store, is sound: pairing, references, windows, versions, indexes, digests. Changes nothing.',
    input: which,
    output: checkup,
    errors: ['not_found'],
  }),
  'doctor.repair': method({
    summary:
      'Mends what doctor.check finds and can be mended, in one transaction after a backup, and says what it did. History is never rewritten.',
    input: which,
    output: repair,
    errors: ['not_found', 'busy', 'store_full', 'store_read_only', 'store_corrupt'],
  }),
};

export type FindingKind = z.infer<typeof finding_kind>;
export type Severity = z.infer<typeof severity>;
export type Finding = z.infer<typeof finding>;
export type Checkup = z.infer<typeof checkup>;
export type Mended = z.infer<typeof mended>;
export type Repair = z.infer<typeof repair>;
