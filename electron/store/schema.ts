import type { Generated } from 'kysely';
import type { TalkSchema } from './schema-talk.ts';
import type { Flag, Json, Time } from './schema-types.ts';

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
export type Schema = TalkSchema & {
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
  /** The `ord` of the newest message before a version of a block or entry; none for versions that came with a file. */
  version_moment: { version_id: string; ord: number };
  /** What `agent_block` held, by the `ord` of the newest message before and at the end. */
  block_attachment: {
    agent_id: string;
    block_id: string;
    ord: number;
    from_ord: number;
    to_ord: number | null;
  };
  block_version: Cause & { id: string; block_id: string; version: number; label: string; settings: Json };
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
    /** Of an entry of the archive. */
    tags: Json;
    /** When its decision came into the window of its conversation. */
    told_at: Time | null;
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
