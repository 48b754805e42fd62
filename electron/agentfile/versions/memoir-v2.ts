import { z } from 'zod';
import { compaction, tool_policy } from '../../../shared/contract/agents.ts';
import { actor, trust } from '../../../shared/contract/blocks.ts';
import type { BackupTable } from '../../store/import.ts';
import { jsonOf, object_text, texts, time } from './memoir-columns.ts';
import { memoir_rows_v1, type MemoirV1 } from './memoir-v1.ts';

/** The newest format of the `memoir` key this version reads and the one it writes. */
export const MEMOIR_FORMAT_VERSION = 2;

const text = z.string();
const key = z.string().min(1);
const key_or_null = key.nullable();
const text_or_null = z.string().nullable();
const flag = z.union([z.literal(0), z.literal(1)]);
const time_or_null = time.nullable();

/** The shape of a row of each table. */
export const memoir_rows = {
  ...memoir_rows_v1,
  agent: memoir_rows_v1.agent.extend({
    compaction: jsonOf(compaction.partial()),
    policies: jsonOf(z.record(z.string(), tool_policy)),
  }),
  block: memoir_rows_v1.block.extend({ review: flag }),
  conversation: memoir_rows_v1.conversation.extend({ archived_at: time_or_null }),
  summary: memoir_rows_v1.summary.extend({
    mode: compaction.shape.mode,
    stats: object_text,
    run_id: key_or_null,
  }),
  window_entry: memoir_rows_v1.window_entry.extend({
    kind: z.enum(['message', 'summary', 'memory_delta', 'note']),
  }),
  run: memoir_rows_v1.run.extend({ options: object_text }),
  step: memoir_rows_v1.step.extend({ kind: z.enum(['answer', 'compaction']) }),
  approval: z.strictObject({
    id: key,
    agent_id: key,
    conversation_id: key,
    run_id: key,
    step_id: key,
    call_id: key,
    tool_call_id: text,
    kind: z.enum(['approval', 'client']),
    name: text,
    arguments: text,
    state: z.enum(['pending', 'approved', 'denied', 'returned', 'expired', 'cancelled']),
    edited_arguments: object_text.nullable(),
    reason: text_or_null,
    result: text_or_null,
    result_status: z.enum(['success', 'error']).nullable(),
    decided_by: actor.nullable(),
    created_at: time,
    expires_at: time_or_null,
    decided_at: time_or_null,
  }),
  proposal: z.strictObject({
    id: key,
    agent_id: key,
    conversation_id: key_or_null,
    kind: z.enum(['block', 'passage']),
    target_id: key,
    label: text,
    operation: text,
    base_version: z.number().int().min(0),
    before: text_or_null,
    after: text_or_null,
    edited: text_or_null,
    tags: texts,
    state: z.enum(['pending', 'accepted', 'rejected', 'withdrawn']),
    actor,
    run_id: key_or_null,
    step_id: key_or_null,
    tool_call_id: text_or_null,
    message_id: key_or_null,
    reason: text_or_null,
    trust,
    answer: text_or_null,
    change_id: key_or_null,
    created_at: time,
    decided_at: time_or_null,
    told_at: time_or_null,
  }),
} satisfies Record<BackupTable, z.ZodType>;

const rows = Object.fromEntries(
  Object.entries(memoir_rows).map(([name, row]) => [name, z.array(row)]),
) as unknown as { [Table in BackupTable]: z.ZodArray<(typeof memoir_rows)[Table]> };

/**
 * The `memoir` key: what Memoir's store holds of the agent and the Letta format has no place for. `rows` are the rows
 * of its tables as they were; JSON columns are text.
 */
export const memoir_v2 = z.object({
  format_version: z.literal(MEMOIR_FORMAT_VERSION),
  scrubbed: z.boolean(),
  rows: z.object(rows),
});

export type MemoirSection = z.infer<typeof memoir_v2>;

/** A section of the first format as one of this: nothing reviewed, nothing archived, no talk a branch of another. */
export function upgradeMemoir({ scrubbed, rows: came }: MemoirV1): MemoirSection {
  return {
    format_version: MEMOIR_FORMAT_VERSION,
    scrubbed,
    rows: {
      ...came,
      agent: came.agent.map((row) => ({ ...row, compaction: '{}', policies: '{}' })),
      block: came.block.map((row) => ({ ...row, review: 0 as const })),
      // Each held its whole talk then, whatever it said it came from.
      conversation: came.conversation.map((row) => ({
        ...row,
        parent_id: null,
        fork_seq: null,
        archived_at: null,
      })),
      summary: came.summary.map((row) => ({
        ...row,
        mode: 'sliding_window' as const,
        stats: '{}',
        run_id: null,
      })),
      run: came.run.map((row) => ({ ...row, options: '{}' })),
      step: came.step.map((row) => ({ ...row, kind: 'answer' as const })),
      approval: [],
      proposal: [],
    },
  };
}
