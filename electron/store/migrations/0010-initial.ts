import type { Migration } from './migration.ts';

/**
 * The first schema. JSON values are TEXT; times are UTC text of fixed width; `deleted_at` marks the trash.
 * Columns whose use comes later (leases, digests, trust, import ids) are here because they can't be added afterwards
 * for rows already written.
 */
export const initial: Migration = {
  version: 10,
  name: 'initial',
  sql: `
create table setting (key text primary key, value text not null) strict;

create table agent (
  id text primary key, name text not null, agent_type text not null, description text, system text not null,
  model text not null, model_settings text not null, context_window_limit integer, tools text not null,
  tags text not null, timezone text not null, metadata text not null, foreign_fields text not null,
  version integer not null, created_at text not null, updated_at text not null, last_run_at text, deleted_at text
) strict;
create table agent_version (
  agent_id text not null references agent(id), version integer not null, config text not null, actor text not null,
  created_at text not null, primary key (agent_id, version)
) strict;

create table block (
  id text primary key, label text not null, value text not null, description text, char_limit integer not null,
  read_only integer not null, tags text not null, metadata text not null, version integer not null,
  created_at text not null, updated_at text not null, deleted_at text
) strict;
create table agent_block (
  agent_id text not null references agent(id), block_id text not null references block(id), ord integer not null,
  primary key (agent_id, block_id)
) strict;
create index agent_block_block on agent_block(block_id);
create table block_version (
  id text primary key, block_id text not null references block(id), version integer not null, agent_id text,
  operation text not null, label text not null, before text, after text, settings text not null, actor text not null,
  run_id text, step_id text, tool_call_id text, message_id text, conversation_id text, reason text,
  trust text not null, undoes text, undone_by text, digest text not null, created_at text not null,
  unique (block_id, version)
) strict;
create index block_version_agent on block_version(agent_id, created_at);
create index block_version_conversation on block_version(conversation_id, message_id);

create table conversation (
  id text primary key, agent_id text not null references agent(id), title text not null, is_default integer not null,
  parent_id text, fork_seq integer, next_seq integer not null, digest text not null, memory_snapshot text,
  version integer not null, created_at text not null, updated_at text not null, last_message_at text, deleted_at text
) strict;
create index conversation_agent on conversation(agent_id, last_message_at);
create unique index conversation_default on conversation(agent_id) where is_default = 1;

create table message (
  ord integer primary key, id text not null unique, conversation_id text not null references conversation(id),
  agent_id text not null, seq integer not null, role text not null, name text, content text not null,
  text text not null, tool_calls text not null, tool_call_id text, tool_status text, otid text, run_id text,
  step_id text, status text not null, model text, session_gap_seconds integer, timezone text not null,
  token_count integer not null, foreign_fields text not null, digest text not null, created_at text not null,
  unique (conversation_id, seq)
) strict;
create index message_agent on message(agent_id, ord);
create index message_run on message(run_id);

create table summary (
  id text primary key, conversation_id text not null references conversation(id), text text not null,
  covers_from_seq integer not null, covers_to_seq integer not null, parent_id text, model text, prompt_hash text,
  created_at text not null
) strict;
create table window_entry (
  conversation_id text not null references conversation(id), ord integer not null, kind text not null,
  ref text not null, text text, primary key (conversation_id, ord)
) strict;

create table inbox (
  id text primary key, conversation_id text not null references conversation(id), otid text not null,
  role text not null, payload text not null, state text not null, run_id text, message_id text,
  instance_id text, lease_until text, created_at text not null, unique (conversation_id, otid)
) strict;
create index inbox_state on inbox(conversation_id, state);
create index inbox_run on inbox(run_id);
create table run (
  id text primary key, agent_id text not null references agent(id),
  conversation_id text not null references conversation(id), state text not null, stop_reason text,
  error text, message_id text, max_steps integer not null, step_count integer not null, usage text not null,
  instance_id text not null, lease_until text, started_at text not null, finished_at text
) strict;
create index run_conversation on run(conversation_id, started_at);
create index run_open on run(state) where state = 'running';
create table step (
  id text primary key, run_id text not null references run(id), agent_id text not null, ord integer not null,
  state text not null, model text not null, request_hash text, tool_schema_hash text, prompt_parts text,
  usage text, timings text, stop_reason text, error text, created_at text not null, closed_at text
) strict;
create index step_run on step(run_id, ord);
create table step_trace (
  step_id text primary key references step(id), request blob not null, response blob, created_at text not null
) strict;
create table tool_call (
  id text primary key, step_id text not null references step(id), run_id text not null,
  conversation_id text not null, message_id text not null, tool_call_id text not null, ord integer not null,
  name text not null, arguments text not null, parsed text, state text not null, effect text not null, result text,
  result_message_id text, started_at text, finished_at text
) strict;
create index tool_call_step on tool_call(step_id, ord);
create index tool_call_message on tool_call(message_id);
create index tool_call_run on tool_call(run_id);
create index tool_call_open on tool_call(state) where state in ('pending', 'running');

create table archive (
  id text primary key, name text not null, created_at text not null, deleted_at text
) strict;
create table agent_archive (
  agent_id text not null references agent(id), archive_id text not null references archive(id),
  primary key (agent_id, archive_id)
) strict;
create table passage (
  ord integer primary key, id text not null unique, archive_id text not null references archive(id),
  text text not null, metadata text not null, actor text not null, token_count integer not null,
  version integer not null, created_at text not null, updated_at text not null, deleted_at text
) strict;
create index passage_archive on passage(archive_id, created_at, ord) where deleted_at is null;
create table passage_tag (
  passage_ord integer not null references passage(ord), tag text not null, primary key (passage_ord, tag)
) strict, without rowid;
create index passage_tag_tag on passage_tag(tag);
create table passage_version (
  id text primary key, passage_id text not null, version integer not null, agent_id text, operation text not null,
  before text, after text, tags text not null, actor text not null, run_id text, step_id text, tool_call_id text,
  message_id text, conversation_id text, reason text, trust text not null, undoes text, undone_by text,
  digest text not null, created_at text not null, unique (passage_id, version)
) strict;
create index passage_version_agent on passage_version(agent_id, created_at);
create index passage_version_conversation on passage_version(conversation_id, message_id);

create table import_id (
  source text not null, foreign_id text not null, local_id text not null, created_at text not null,
  primary key (source, foreign_id, local_id)
) strict;
create table blob (sha256 text primary key, media_type text not null, bytes blob not null) strict;

create virtual table message_fts using fts5(
  scope, text, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');
create virtual table passage_fts using fts5(
  scope, text, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');
`,
};
