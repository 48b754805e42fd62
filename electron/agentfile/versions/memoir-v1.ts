import { z } from 'zod';
import { agent_type, model_settings } from '../../../shared/contract/agents.ts';
import { actor } from '../../../shared/contract/blocks.ts';
import { message, run, stop_reason, tool_call, usage } from '../../../shared/contract/conversations.ts';
import type { BackupTable } from '../../store/import.ts';
import {
  block_settings,
  cause,
  deflated,
  inbox_payload,
  json,
  jsonOf,
  memory_snapshot,
  object_text,
  texts,
  time,
} from './memoir-columns.ts';

/** Tables that files of the first format hold. */
type FirstTable = Exclude<BackupTable, 'approval' | 'proposal'>;

const text = z.string();
// An empty id names nothing; for that there is `null`.
const key = z.string().min(1);
const key_or_null = key.nullable();
const text_or_null = z.string().nullable();
const whole = z.number().int();
const whole_or_null = z.number().int().nullable();
const version = z.number().int().min(1);
const flag = z.union([z.literal(0), z.literal(1)]);
const time_or_null = time.nullable();
const json_or_null = json.nullable();

/** The shape of a row of each table in the first format. */
export const memoir_rows_v1 = {
  agent: z.strictObject({
    id: key,
    name: text,
    agent_type,
    description: text_or_null,
    system: text,
    model: text,
    model_settings: jsonOf(model_settings),
    context_window_limit: z.number().int().min(1024).nullable(),
    tools: texts,
    tags: texts,
    timezone: text,
    metadata: object_text,
    foreign_fields: object_text,
    version,
    created_at: time,
    updated_at: time,
    last_run_at: time_or_null,
    deleted_at: time_or_null,
  }),
  agent_version: z.strictObject({
    agent_id: key,
    version,
    config: object_text,
    actor,
    created_at: time,
  }),
  block: z.strictObject({
    id: key,
    label: text,
    value: text,
    description: text_or_null,
    char_limit: whole,
    read_only: flag,
    tags: texts,
    metadata: object_text,
    version,
    created_at: time,
    updated_at: time,
    deleted_at: time_or_null,
  }),
  agent_block: z.strictObject({ agent_id: key, block_id: key, ord: whole }),
  block_version: z.strictObject({
    ...cause,
    id: key,
    block_id: key,
    version,
    label: text,
    settings: jsonOf(block_settings),
  }),
  conversation: z.strictObject({
    id: key,
    agent_id: key,
    title: text,
    is_default: flag,
    parent_id: key_or_null,
    fork_seq: whole_or_null,
    next_seq: whole,
    digest: text,
    memory_snapshot: jsonOf(memory_snapshot).nullable(),
    version,
    created_at: time,
    updated_at: time,
    last_message_at: time_or_null,
    deleted_at: time_or_null,
  }),
  message: z.strictObject({
    ord: whole,
    id: key,
    conversation_id: key,
    agent_id: key,
    seq: whole,
    role: message.shape.role,
    name: text_or_null,
    content: jsonOf(message.shape.content),
    text,
    tool_calls: jsonOf(message.shape.tool_calls),
    tool_call_id: text_or_null,
    tool_status: message.shape.tool_status,
    otid: text_or_null,
    run_id: key_or_null,
    step_id: key_or_null,
    status: message.shape.status,
    model: text_or_null,
    session_gap_seconds: whole_or_null,
    timezone: text,
    token_count: whole,
    foreign_fields: object_text,
    digest: text,
    created_at: time,
  }),
  summary: z.strictObject({
    id: key,
    conversation_id: key,
    text,
    covers_from_seq: whole,
    covers_to_seq: whole,
    parent_id: key_or_null,
    model: text_or_null,
    prompt_hash: text_or_null,
    created_at: time,
  }),
  window_entry: z.strictObject({
    conversation_id: key,
    ord: whole,
    kind: z.enum(['message', 'summary', 'memory_delta']),
    ref: text,
    text: text_or_null,
  }),
  run: z.strictObject({
    id: key,
    agent_id: key,
    conversation_id: key,
    state: run.shape.state,
    stop_reason: stop_reason.nullable(),
    error: jsonOf(run.shape.error).nullable(),
    message_id: key_or_null,
    max_steps: whole,
    step_count: whole,
    usage: jsonOf(usage),
    instance_id: text,
    lease_until: time_or_null,
    started_at: time,
    finished_at: time_or_null,
  }),
  step: z.strictObject({
    id: key,
    run_id: key,
    agent_id: key,
    ord: whole,
    state: z.enum(['planned', 'sent', 'received', 'tools', 'closed']),
    model: text,
    request_hash: text_or_null,
    tool_schema_hash: text_or_null,
    prompt_parts: json_or_null,
    usage: json_or_null,
    timings: json_or_null,
    stop_reason: text_or_null,
    error: json_or_null,
    created_at: time,
    closed_at: time_or_null,
  }),
  tool_call: z.strictObject({
    id: key,
    step_id: key,
    run_id: key,
    conversation_id: key,
    message_id: key,
    tool_call_id: text,
    ord: whole,
    name: text,
    arguments: text,
    parsed: json_or_null,
    state: tool_call.shape.state,
    effect: z.enum(['none', 'local', 'external']),
    result: text_or_null,
    result_message_id: key_or_null,
    started_at: time_or_null,
    finished_at: time_or_null,
  }),
  inbox: z.strictObject({
    id: key,
    conversation_id: key,
    otid: text,
    role: z.enum(['user', 'system']),
    payload: jsonOf(inbox_payload),
    state: z.enum(['running', 'done', 'withdrawn']),
    run_id: key_or_null,
    message_id: key_or_null,
    instance_id: text_or_null,
    lease_until: time_or_null,
    created_at: time,
  }),
  step_trace: z.strictObject({
    step_id: key,
    request: deflated,
    response: deflated.nullable(),
    created_at: time,
  }),
  archive: z.strictObject({ id: key, name: text, created_at: time, deleted_at: time_or_null }),
  agent_archive: z.strictObject({ agent_id: key, archive_id: key }),
  passage: z.strictObject({
    ord: whole,
    id: key,
    archive_id: key,
    text,
    metadata: object_text,
    actor,
    token_count: whole,
    version,
    created_at: time,
    updated_at: time,
    deleted_at: time_or_null,
  }),
  passage_tag: z.strictObject({ passage_ord: whole, tag: text }),
  passage_version: z.strictObject({ ...cause, id: key, passage_id: key, version, tags: json }),
} satisfies Record<FirstTable, z.ZodType>;

// Files of before these tables travelled do not have them.
const LATER: readonly string[] = ['inbox', 'step_trace'];

const rows = Object.fromEntries(
  Object.entries(memoir_rows_v1).map(([name, row]) => {
    const list = z.array(row);
    return [name, LATER.includes(name) ? list.default([]) : list];
  }),
) as { [Table in FirstTable]: z.ZodArray<(typeof memoir_rows_v1)[Table]> };

/** The `memoir` key in its first format, of before a talk could branch. */
export const memoir_v1 = z.object({
  format_version: z.literal(1),
  scrubbed: z.boolean(),
  rows: z.object(rows),
});

export type MemoirV1 = z.infer<typeof memoir_v1>;
