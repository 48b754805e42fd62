import { z } from 'zod';
import type { BackupTable } from '../../store/import.ts';

/** The newest format of the `memoir` key this version reads and the one it writes. */
export const MEMOIR_FORMAT_VERSION = 1;

const text = z.string();
const text_or_null = z.string().nullable();
const whole = z.number().int();
const whole_or_null = z.number().int().nullable();
const flag = z.union([z.literal(0), z.literal(1)]);
const json = z.string().refine(isJson, 'not JSON text');
const json_or_null = json.nullable();

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

const cause = {
  agent_id: text_or_null,
  operation: text,
  before: text_or_null,
  after: text_or_null,
  actor: text,
  run_id: text_or_null,
  step_id: text_or_null,
  tool_call_id: text_or_null,
  message_id: text_or_null,
  conversation_id: text_or_null,
  reason: text_or_null,
  trust: text,
  undoes: text_or_null,
  undone_by: text_or_null,
  digest: text,
  created_at: text,
};

const tables = {
  agent: z.strictObject({
    id: text,
    name: text,
    agent_type: text,
    description: text_or_null,
    system: text,
    model: text,
    model_settings: json,
    context_window_limit: whole_or_null,
    tools: json,
    tags: json,
    timezone: text,
    metadata: json,
    foreign_fields: json,
    version: whole,
    created_at: text,
    updated_at: text,
    last_run_at: text_or_null,
    deleted_at: text_or_null,
  }),
  agent_version: z.strictObject({
    agent_id: text,
    version: whole,
    config: json,
    actor: text,
    created_at: text,
  }),
  block: z.strictObject({
    id: text,
    label: text,
    value: text,
    description: text_or_null,
    char_limit: whole,
    read_only: flag,
    tags: json,
    metadata: json,
    version: whole,
    created_at: text,
    updated_at: text,
    deleted_at: text_or_null,
  }),
  agent_block: z.strictObject({ agent_id: text, block_id: text, ord: whole }),
  block_version: z.strictObject({
    ...cause,
    id: text,
    block_id: text,
    version: whole,
    label: text,
    settings: json,
  }),
  conversation: z.strictObject({
    id: text,
    agent_id: text,
    title: text,
    is_default: flag,
    parent_id: text_or_null,
    fork_seq: whole_or_null,
    next_seq: whole,
    digest: text,
    memory_snapshot: text_or_null,
    version: whole,
    created_at: text,
    updated_at: text,
    last_message_at: text_or_null,
    deleted_at: text_or_null,
  }),
  message: z.strictObject({
    ord: whole,
    id: text,
    conversation_id: text,
    agent_id: text,
    seq: whole,
    role: text,
    name: text_or_null,
    content: json,
    text,
    tool_calls: json,
    tool_call_id: text_or_null,
    tool_status: text_or_null,
    otid: text_or_null,
    run_id: text_or_null,
    step_id: text_or_null,
    status: text,
    model: text_or_null,
    session_gap_seconds: whole_or_null,
    timezone: text,
    token_count: whole,
    foreign_fields: json,
    digest: text,
    created_at: text,
  }),
  summary: z.strictObject({
    id: text,
    conversation_id: text,
    text,
    covers_from_seq: whole,
    covers_to_seq: whole,
    parent_id: text_or_null,
    model: text_or_null,
    prompt_hash: text_or_null,
    created_at: text,
  }),
  window_entry: z.strictObject({
    conversation_id: text,
    ord: whole,
    kind: z.enum(['message', 'summary', 'memory_delta']),
    ref: text,
    text: text_or_null,
  }),
  run: z.strictObject({
    id: text,
    agent_id: text,
    conversation_id: text,
    state: text,
    stop_reason: text_or_null,
    error: json_or_null,
    message_id: text_or_null,
    max_steps: whole,
    step_count: whole,
    usage: json,
    instance_id: text,
    lease_until: text_or_null,
    started_at: text,
    finished_at: text_or_null,
  }),
  step: z.strictObject({
    id: text,
    run_id: text,
    agent_id: text,
    ord: whole,
    state: text,
    model: text,
    request_hash: text_or_null,
    tool_schema_hash: text_or_null,
    prompt_parts: json_or_null,
    usage: json_or_null,
    timings: json_or_null,
    stop_reason: text_or_null,
    error: json_or_null,
    created_at: text,
    closed_at: text_or_null,
  }),
  tool_call: z.strictObject({
    id: text,
    step_id: text,
    run_id: text,
    conversation_id: text,
    message_id: text,
    tool_call_id: text,
    ord: whole,
    name: text,
    arguments: text,
    parsed: json_or_null,
    state: text,
    effect: text,
    result: text_or_null,
    result_message_id: text_or_null,
    started_at: text_or_null,
    finished_at: text_or_null,
  }),
  archive: z.strictObject({ id: text, name: text, created_at: text, deleted_at: text_or_null }),
  agent_archive: z.strictObject({ agent_id: text, archive_id: text }),
  passage: z.strictObject({
    ord: whole,
    id: text,
    archive_id: text,
    text,
    metadata: json,
    actor: text,
    token_count: whole,
    version: whole,
    created_at: text,
    updated_at: text,
    deleted_at: text_or_null,
  }),
  passage_tag: z.strictObject({ passage_ord: whole, tag: text }),
  passage_version: z.strictObject({ ...cause, id: text, passage_id: text, version: whole, tags: json }),
} satisfies Record<BackupTable, z.ZodType>;

const rows = Object.fromEntries(Object.entries(tables).map(([name, row]) => [name, z.array(row)])) as {
  [Table in BackupTable]: z.ZodArray<(typeof tables)[Table]>;
};

/**
 * The `memoir` key: what Memoir's store holds of the agent and the Letta format has no place for. `rows` are the rows
 * of its tables as they were; JSON columns are text.
 */
export const memoir_v1 = z.object({
  format_version: z.literal(MEMOIR_FORMAT_VERSION),
  scrubbed: z.boolean(),
  rows: z.object(rows),
});

export type MemoirSection = z.infer<typeof memoir_v1>;
