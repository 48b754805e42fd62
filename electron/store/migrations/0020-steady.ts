import type { Migration } from './migration.ts';

/**
 * What keeps an agent going: how its window is compacted, drafts of streamed text, approvals that outlive a restart,
 * proposed memory edits, replays of a step, branches of a talk. All additions; nothing written before changes.
 */
export const steady: Migration = {
  version: 20,
  name: 'steady',
  sql: `
alter table agent add column compaction text not null default '{}';
alter table agent add column policies text not null default '{}';
alter table block add column review integer not null default 0;
alter table conversation add column archived_at text;
alter table run add column options text not null default '{}';
alter table step add column kind text not null default 'answer';
alter table summary add column mode text not null default 'sliding_window';
alter table summary add column stats text not null default '{}';
alter table summary add column run_id text;

create index conversation_parent on conversation(parent_id) where parent_id is not null;
create index run_waiting on run(conversation_id) where state = 'waiting';
create index step_agent on step(agent_id, created_at);
create index summary_conversation on summary(conversation_id, covers_to_seq);

create table draft (
  run_id text primary key references run(id), message_id text not null, step_id text not null, text text not null,
  reasoning text not null, updated_at text not null
) strict;

create table approval (
  id text primary key, agent_id text not null, conversation_id text not null references conversation(id),
  run_id text not null references run(id), step_id text not null, call_id text not null references tool_call(id),
  tool_call_id text not null, kind text not null, name text not null, arguments text not null, state text not null,
  edited_arguments text, reason text, result text, result_status text, decided_by text, created_at text not null,
  expires_at text, decided_at text
) strict;
create index approval_run on approval(run_id);
create index approval_pending on approval(agent_id) where state = 'pending';
create unique index approval_call on approval(call_id);

create table proposal (
  id text primary key, agent_id text not null, conversation_id text, kind text not null, target_id text not null,
  label text not null, operation text not null, base_version integer not null, before text, after text, edited text,
  state text not null, actor text not null, run_id text, step_id text, tool_call_id text, message_id text,
  reason text, trust text not null, answer text, change_id text, created_at text not null, decided_at text,
  tags text not null default '[]', told_at text
) strict;
create index proposal_pending on proposal(agent_id) where state = 'pending';
create index proposal_target on proposal(target_id);
create index proposal_untold on proposal(conversation_id) where decided_at is not null and told_at is null;

create table replay (
  id text primary key, step_id text not null references step(id), model text not null, edits text not null,
  request blob not null, response blob, answer text, usage text, timings text, error text, created_at text not null
) strict;
create index replay_step on replay(step_id);

-- Which blocks an agent had between which messages, by \`message.ord\`: the one clock that never jumps.
create table block_attachment (
  agent_id text not null, block_id text not null, ord integer not null, from_ord integer not null, to_ord integer
) strict;
-- The newest message there was when a version of a block or entry was made; none for versions that came with a file.
create table version_moment (version_id text primary key, ord integer not null) strict, without rowid;
create index block_attachment_agent on block_attachment(agent_id, block_id);
insert into block_attachment select agent_id, block_id, ord, 0, null from agent_block;
create trigger block_attached after insert on agent_block begin
  insert into block_attachment
    values (new.agent_id, new.block_id, new.ord, (select coalesce(max(ord), 0) from message), null);
end;
create trigger block_detached after delete on agent_block begin
  update block_attachment set to_ord = (select coalesce(max(ord), 0) from message)
    where agent_id = old.agent_id and block_id = old.block_id and to_ord is null;
end;
`,
};
