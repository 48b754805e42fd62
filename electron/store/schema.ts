import type { Generated } from 'kysely';

// Rows as SQLite holds them: JSON is text, booleans are 0 or 1, times are UTC text of fixed width.
type Json = string;
type Time = string;
type Flag = 0 | 1;

type Cause = {
  agent_id: string | null;
  operation: string;
  before: string | null;
  after: string | null;
  actor: string;
  run_id: string | null;
  step_id: string | null;
  tool_call_id: string | null;
  message_id: string | null;
  conversation_id: string | null;
  reason: string | null;
  trust: string;
  undoes: string | null;
  undone_by: string | null;
  digest: string;
  created_at: Time;
};

/** Table names and their columns, for Kysely. The SQL itself is in `migrations/`. */
export type Schema = {
  setting: { key: string; value: string };
  agent: {
    id: string;
    name: string;
    agent_type: string;
    description: string | null;
    system: string;
    model: string;
    model_settings: Json;
    context_window_limit: number | null;
    /** How the window is compacted; `{}` means the defaults. */
    compaction: Json;
    /** Which tools have to be asked for, by name. */
    policies: Json;
    tools: Json;
    tags: Json;
    timezone: string;
    metadata: Json;
    foreign_fields: Json;
    version: number;
    created_at: Time;
    updated_at: Time;
    last_run_at: Time | null;
    deleted_at: Time | null;
  };
  agent_version: { agent_id: string; version: number; config: Json; actor: string; created_at: Time };
  block: {
    id: string;
    label: string;
    value: string;
    description: string | null;
    char_limit: number;
    read_only: Flag;
    /** Whether an agent's edits wait as proposals. */
    review: Flag;
    tags: Json;
    metadata: Json;
    version: number;
    created_at: Time;
    updated_at: Time;
    deleted_at: Time | null;
  };
  agent_block: { agent_id: string; block_id: string; ord: number };
  block_version: Cause & { id: string; block_id: string; version: number; label: string; settings: Json };
  conversation: {
    id: string;
    agent_id: string;
    title: string;
    is_default: Flag;
    parent_id: string | null;
    fork_seq: number | null;
    next_seq: number;
    digest: string;
    memory_snapshot: Json | null;
    version: number;
    created_at: Time;
    updated_at: Time;
    last_message_at: Time | null;
    archived_at: Time | null;
    deleted_at: Time | null;
  };
  message: {
    ord: Generated<number>;
    id: string;
    conversation_id: string;
    agent_id: string;
    seq: number;
    role: string;
    name: string | null;
    content: Json;
    text: string;
    tool_calls: Json;
    tool_call_id: string | null;
    tool_status: string | null;
    otid: string | null;
    run_id: string | null;
    step_id: string | null;
    status: string;
    model: string | null;
    session_gap_seconds: number | null;
    timezone: string;
    token_count: number;
    foreign_fields: Json;
    digest: string;
    created_at: Time;
  };
  summary: {
    id: string;
    conversation_id: string;
    text: string;
    covers_from_seq: number;
    covers_to_seq: number;
    parent_id: string | null;
    model: string | null;
    prompt_hash: string | null;
    mode: string;
    stats: Json;
    run_id: string | null;
    created_at: Time;
  };
  window_entry: {
    conversation_id: string;
    ord: number;
    kind: 'message' | 'summary' | 'memory_delta' | 'note';
    ref: string;
    text: string | null;
  };
  inbox: {
    id: string;
    conversation_id: string;
    otid: string;
    role: string;
    payload: Json;
    state: 'queued' | 'running' | 'done' | 'withdrawn';
    run_id: string | null;
    message_id: string | null;
    instance_id: string | null;
    lease_until: Time | null;
    created_at: Time;
  };
  run: {
    id: string;
    agent_id: string;
    conversation_id: string;
    state: string;
    stop_reason: string | null;
    error: Json | null;
    message_id: string | null;
    max_steps: number;
    step_count: number;
    usage: Json;
    /** What its sender asked for beside the message: client tools and the like. */
    options: Json;
    instance_id: string;
    lease_until: Time | null;
    started_at: Time;
    finished_at: Time | null;
  };
  step: {
    id: string;
    run_id: string;
    agent_id: string;
    ord: number;
    kind: 'answer' | 'compaction';
    state: 'planned' | 'sent' | 'received' | 'tools' | 'closed';
    model: string;
    request_hash: string | null;
    tool_schema_hash: string | null;
    prompt_parts: Json | null;
    usage: Json | null;
    timings: Json | null;
    stop_reason: string | null;
    error: Json | null;
    created_at: Time;
    closed_at: Time | null;
  };
  step_trace: { step_id: string; request: Uint8Array; response: Uint8Array | null; created_at: Time };
  tool_call: {
    id: string;
    step_id: string;
    run_id: string;
    conversation_id: string;
    message_id: string;
    tool_call_id: string;
    ord: number;
    name: string;
    arguments: string;
    parsed: Json | null;
    state: 'pending' | 'waiting' | 'running' | 'done' | 'failed' | 'unknown';
    effect: 'none' | 'local' | 'external';
    result: string | null;
    result_message_id: string | null;
    started_at: Time | null;
    finished_at: Time | null;
  };
  draft: {
    run_id: string;
    message_id: string;
    step_id: string;
    text: string;
    reasoning: string;
    updated_at: Time;
  };
  approval: {
    id: string;
    agent_id: string;
    conversation_id: string;
    run_id: string;
    step_id: string;
    /** Row of `tool_call`. */
    call_id: string;
    tool_call_id: string;
    kind: 'approval' | 'client';
    name: string;
    arguments: string;
    state: 'pending' | 'approved' | 'denied' | 'returned' | 'expired' | 'cancelled';
    edited_arguments: string | null;
    reason: string | null;
    decided_by: string | null;
    created_at: Time;
    expires_at: Time | null;
    decided_at: Time | null;
  };
  proposal: {
    id: string;
    agent_id: string;
    conversation_id: string | null;
    kind: 'block' | 'passage';
    target_id: string;
    label: string;
    operation: string;
    base_version: number;
    before: string | null;
    after: string | null;
    /** What a person made of `after` before taking it. */
    edited: string | null;
    state: 'pending' | 'accepted' | 'rejected' | 'withdrawn';
    actor: string;
    run_id: string | null;
    step_id: string | null;
    tool_call_id: string | null;
    message_id: string | null;
    reason: string | null;
    trust: string;
    /** What the person said to it. */
    answer: string | null;
    /** Version of memory it became. */
    change_id: string | null;
    created_at: Time;
    decided_at: Time | null;
  };
  replay: {
    id: string;
    step_id: string;
    model: string;
    edits: Json;
    request: Uint8Array;
    response: Uint8Array | null;
    answer: Json | null;
    usage: Json | null;
    timings: Json | null;
    error: Json | null;
    created_at: Time;
  };
  archive: { id: string; name: string; created_at: Time; deleted_at: Time | null };
  agent_archive: { agent_id: string; archive_id: string };
  passage: {
    ord: Generated<number>;
    id: string;
    archive_id: string;
    text: string;
    metadata: Json;
    actor: string;
    token_count: number;
    version: number;
    created_at: Time;
    updated_at: Time;
    deleted_at: Time | null;
  };
  passage_tag: { passage_ord: number; tag: string };
  passage_version: Cause & { id: string; passage_id: string; version: number; tags: Json };
  import_id: { source: string; foreign_id: string; local_id: string; created_at: Time };
  blob: { sha256: string; media_type: string; bytes: Uint8Array };
};
