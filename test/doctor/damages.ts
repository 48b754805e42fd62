import type { FindingKind } from '../../shared/contract/doctor.ts';

/** A damage to plant in the store of a patient. */
export type PlantedDamage = {
  readonly name: string;
  /** Statements; `$talk` is its conversation, `$agent` its agent. */
  readonly sql: readonly string[];
  /** Kinds of what is found, the worst first as they are told. */
  readonly finds: readonly FindingKind[];
  /** Kinds that no repair takes away: history is never rewritten. */
  readonly leaves?: readonly FindingKind[];
  /** A statement whose answer shows that it was mended as promised. */
  readonly shows?: readonly [sql: string, answer: unknown];
  /** What waited behind it is answered at once. */
  readonly wakes?: true;
};

const CALLS =
  "(select id from message where conversation_id = $talk and tool_calls <> '[]' order by seq desc limit 1)";
const RESULT =
  "(select id from message where conversation_id = $talk and role = 'tool' order by seq desc limit 1)";
const LAST = '(select id from message where conversation_id = $talk order by seq desc limit 1)';
const RUN = '(select id from run where conversation_id = $talk order by rowid desc limit 1)';
const HURT_BLOCK = 'select block_id from agent_block where agent_id = $agent';
const UNKNOWN = 'No result was recorded for this call; its outcome is unknown.';

function times(count: number, kind: FindingKind): FindingKind[] {
  return Array.from({ length: count }, () => kind);
}

/** Every damage the Doctor knows, one by one. */
export const DAMAGES: readonly PlantedDamage[] = [
  {
    name: 'the result of a call is not in the history any more',
    sql: [
      `delete from message_fts where rowid = (select ord from message where id = ${RESULT})`,
      `delete from window_entry where ref = ${RESULT}`,
      `update tool_call set result_message_id = null where result_message_id = ${RESULT}`,
      `delete from message where id = ${RESULT}`,
    ],
    finds: ['missing_messages', 'open_call'],
    leaves: ['missing_messages'],
    shows: [`select text from message where id = ${RESULT}`, UNKNOWN],
  },
  {
    name: 'a call of a run that is over was never answered',
    sql: [
      `update message set tool_call_id = 'call_other' where id = ${RESULT}`,
      `update tool_call set state = 'pending', result_message_id = null where message_id = ${CALLS}`,
    ],
    finds: ['open_call', 'window_stray', 'changed_row'],
    leaves: ['changed_row'],
    shows: [`select state from tool_call where message_id = ${CALLS}`, 'unknown'],
  },
  {
    name: 'the journal says that a call is open whose result is in the talk',
    sql: [`update tool_call set state = 'running', result = null where message_id = ${CALLS}`],
    finds: ['left_open'],
    shows: [`select state from tool_call where message_id = ${CALLS}`, 'unknown'],
  },
  {
    name: 'the window names a message that is not there',
    sql: [`insert into window_entry values ($talk, 900, 'message', 'message-gone', null)`],
    finds: ['window_missing'],
    shows: ["select count(*) from window_entry where ref = 'message-gone'", 0],
  },
  {
    name: 'the window shows a message twice',
    sql: [`insert into window_entry values ($talk, 900, 'message', ${LAST}, null)`],
    finds: ['window_stray'],
    shows: [`select count(*) from window_entry where conversation_id = $talk and ref = ${LAST}`, 1],
  },
  {
    name: 'the window shows a message of another talk',
    sql: [
      `insert into window_entry values ($talk, 900, 'message',
        (select id from message where conversation_id <> $talk order by seq limit 1), null)`,
    ],
    finds: ['window_stray'],
  },
  {
    name: 'the window shows a result without its call',
    sql: [`delete from window_entry where ref = ${CALLS} and conversation_id = $talk`],
    finds: ['window_stray'],
    shows: [`select count(*) from message where id = ${RESULT}`, 1],
  },
  {
    name: 'the window shows a call without the result the history has',
    sql: [`delete from window_entry where ref = ${RESULT} and conversation_id = $talk`],
    finds: ['window_missing'],
    shows: [
      `select ref = ${RESULT} from window_entry where conversation_id = $talk and ord > (select ord from window_entry
        where conversation_id = $talk and ref = ${CALLS}) order by ord limit 1`,
      1,
    ],
  },
  {
    name: 'something stands between a call and its result',
    sql: [`update window_entry set ord = 950 where ref = ${RESULT} and conversation_id = $talk`],
    finds: ['window_order'],
  },
  {
    name: 'the window is in a wrong order',
    sql: [
      `update window_entry set ord = 950 where conversation_id = $talk and kind = 'message' and ord = (select min(ord)
        from window_entry where conversation_id = $talk and kind = 'message')`,
    ],
    finds: ['window_order'],
  },
  {
    name: 'the window has lost the newest messages',
    sql: [
      `delete from window_entry where conversation_id = $talk and ref in
        (select id from message where conversation_id = $talk order by seq desc limit 2)`,
    ],
    finds: ['window_missing', 'window_behind'],
  },
  {
    name: 'the window is empty',
    sql: ['delete from window_entry where conversation_id = $talk'],
    finds: ['window_behind'],
    shows: ['select count(*) > 4 from window_entry where conversation_id = $talk', 1],
  },
  {
    name: 'a summary the window shows is not kept',
    sql: ['delete from summary where conversation_id = $talk'],
    finds: ['lost_summary'],
    shows: ['select covers_from_seq || covers_to_seq from summary', '15'],
  },
  {
    name: 'the next number of a talk is taken',
    sql: ['update conversation set next_seq = 3 where id = $talk'],
    finds: ['wrong_end_of_talk'],
    shows: [
      'select next_seq = (select max(seq) + 1 from message where conversation_id = $talk) from conversation where id = $talk',
      1,
    ],
  },
  {
    name: 'the digest a talk goes on from is not that of its last message',
    sql: ["update conversation set digest = 'a.b' where id = $talk"],
    finds: ['wrong_end_of_talk'],
  },
  {
    name: 'the words of a message were changed from outside',
    sql: [`update message set content = '[{"type":"text","text":"Other words"}]' where id = ${LAST}`],
    finds: ['changed_row'],
    leaves: ['changed_row'],
  },
  {
    name: 'a message is gone from the middle',
    sql: [
      'delete from message_fts where rowid = (select ord from message where conversation_id = $talk and seq = 5)',
      'delete from message where conversation_id = $talk and seq = 5',
    ],
    finds: ['missing_messages', 'window_missing'],
    leaves: ['missing_messages'],
  },
  {
    name: 'a run is at work that no process works on',
    sql: [
      `update run set state = 'running', finished_at = null, instance_id = 'boot-gone',
        lease_until = '2020-01-01T00:00:00.000000Z' where id = ${RUN}`,
    ],
    finds: ['stuck_run'],
    shows: [`select state || stop_reason from run where id = ${RUN}`, 'interruptedinterrupted'],
  },
  {
    name: 'a run waits for a decision nobody was asked for',
    sql: [`update run set state = 'waiting', finished_at = null where id = ${RUN}`],
    finds: ['stuck_run'],
    shows: [`select state from run where id = ${RUN}`, 'interrupted'],
  },
  {
    name: 'a step is open of a run that is over',
    sql: [`update step set state = 'sent', closed_at = null where run_id = ${RUN}`],
    finds: ['left_open', 'left_open'],
    shows: [`select count(*) from step where state <> 'closed'`, 0],
  },
  {
    name: 'a sent message counts as being answered by a run that is over',
    sql: [`update inbox set state = 'running' where run_id = ${RUN}`],
    finds: ['left_open'],
    shows: [`select state from inbox where run_id = ${RUN}`, 'done'],
  },
  {
    name: 'streamed text was left behind',
    sql: [
      `insert into draft select ${RUN}, 'message-00000000-0000-4000-8000-000000000001', id, 'Half an ans', '', 'now'
        from step where run_id = ${RUN} limit 1`,
    ],
    finds: ['left_open'],
    shows: [`select text || status from message where id = ${LAST}`, 'Half an ansinterrupted'],
  },
  {
    name: 'an approval is pending of a run that is over',
    sql: [
      `insert into approval (id, agent_id, conversation_id, run_id, step_id, call_id, tool_call_id, kind, name,
        arguments, state, created_at) select 'approval-1', $agent, $talk, run_id, step_id, id, tool_call_id, 'approval',
        name, arguments, 'pending', 'now' from tool_call where message_id = ${CALLS}`,
    ],
    finds: ['left_open'],
    shows: ['select state from approval', 'cancelled'],
  },
  {
    name: 'a block is not what its newest version says',
    sql: [`update block set value = 'Something else' where id in (${HURT_BLOCK})`],
    finds: ['block_differs'],
    shows: [
      `select before || ' ' || actor from block_version where block_id in (${HURT_BLOCK}) order by version desc limit 1`,
      'Something else system',
    ],
  },
  {
    name: 'the newest version of a block is lost',
    sql: [
      `delete from block_version where block_id in (${HURT_BLOCK}) and version = (select max(version) from block_version
        where block_id in (${HURT_BLOCK}))`,
    ],
    finds: ['block_differs'],
    shows: [`select count(*) from block_version where block_id in (${HURT_BLOCK}) and actor = 'system'`, 1],
  },
  {
    name: 'a block was set back to an earlier version number',
    sql: [`update block set version = 1 where id in (${HURT_BLOCK})`],
    finds: ['block_differs'],
  },
  {
    name: 'the versions of a block have a hole',
    sql: [
      `update block_version set version = version + 3 where block_id in (${HURT_BLOCK}) and version = 2`,
      `update block set version = 5 where id in (${HURT_BLOCK})`,
    ],
    finds: ['version_hole'],
    leaves: ['version_hole'],
  },
  {
    name: 'a version of a block was changed from outside',
    sql: [`update block_version set before = 'Nobody' where block_id in (${HURT_BLOCK}) and version = 2`],
    finds: ['changed_row'],
    leaves: ['changed_row'],
  },
  {
    name: 'a block is over its limit',
    sql: [`update block set char_limit = 3 where id in (${HURT_BLOCK})`],
    finds: ['block_over_limit'],
    leaves: ['block_over_limit'],
  },
  {
    name: 'an archive entry is not what its newest version says',
    sql: ["update passage set text = 'It was moved.'"],
    finds: ['entry_differs'],
    shows: ['select text from passage', 'The lighthouse stands in Sines.'],
  },
  {
    name: 'an entry has lost all its versions',
    sql: ['delete from passage_version'],
    finds: ['entry_differs'],
    shows: [
      'select operation || actor || after from passage_version',
      'createsystemThe lighthouse stands in Sines.',
    ],
  },
  {
    name: 'messages and entries are not in the index',
    sql: [
      'delete from message_fts where rowid in (select ord from message where conversation_id = $talk)',
      'delete from passage_fts',
    ],
    finds: ['not_searchable', 'not_searchable'],
    shows: ["select count(*) > 0 from message_fts where message_fts match 'text : lighthouse'", 1],
  },
  {
    name: 'the index names texts that are not there',
    sql: ["insert into passage_fts (rowid, scope, text) values (900, 'x', 'ghost')"],
    finds: ['stray_index_row'],
    shows: ["select count(*) from passage_fts where passage_fts match 'ghost'", 0],
  },
  {
    name: 'the inside of a search index is damaged',
    sql: ["update message_fts_data set block = x'00112233' where id > 10"],
    finds: ['damaged_index'],
    shows: ["select count(*) > 0 from message_fts where message_fts match 'text : lighthouse'", 1],
  },
  {
    name: 'a settings value of the agent can not be read',
    sql: [`update agent set model_settings = '{"temperature":' where id = $agent`],
    finds: ['unreadable_row'],
    shows: [
      'select model_settings from agent where id = $agent',
      '{"temperature":null,"max_output_tokens":null,"parallel_tool_calls":true}',
    ],
  },
  {
    name: 'the tools of the agent are no list',
    sql: [`update agent set tools = '{}' where id = $agent`],
    finds: ['unreadable_row'],
    shows: ['select json_array_length(tools) from agent where id = $agent', 5],
  },
  {
    name: 'the content of a message can not be read',
    sql: [`update message set content = '[{"type"' where id = ${LAST}`],
    finds: ['unreadable_row', 'changed_row'],
    shows: [`select json_extract(content, '$[0].text') = text from message where id = ${LAST}`, 1],
  },
  {
    name: 'the calls of a message can not be read',
    sql: [`update message set tool_calls = 'x' where id = ${CALLS}`],
    finds: ['unreadable_row', 'window_stray', 'changed_row'],
    shows: [
      `select json_extract(tool_calls, '$[0].tool_call_id') from message where id = ${CALLS}`,
      'call_search',
    ],
  },
  {
    name: 'what waits in the queue can not be read',
    sql: [
      `insert into inbox (id, conversation_id, otid, role, payload, state, created_at)
        values ('inbox-1', $talk, 'hurt', 'user', '{"text":"Remember the milk', 'queued', 'now')`,
    ],
    finds: ['unreadable_row'],
    wakes: true,
    shows: [
      "select json_extract(payload, '$.text') from inbox where id = 'inbox-1'",
      '{"text":"Remember the milk',
    ],
  },
  {
    name: 'the view of memory of a talk can not be read',
    sql: ["update conversation set memory_snapshot = 'x' where id = $talk"],
    finds: ['unreadable_row'],
  },
  {
    name: 'the view of memory of a talk is something else',
    sql: [`update conversation set memory_snapshot = '{"text":5}' where id = $talk`],
    finds: ['unreadable_row'],
  },
  {
    name: 'the calls of a message are none',
    sql: [`update message set tool_calls = '[{"a":1}]' where id = ${CALLS}`],
    finds: ['unreadable_row', 'window_stray', 'changed_row'],
    shows: [
      `select json_extract(tool_calls, '$[0].tool_call_id') from message where id = ${CALLS}`,
      'call_search',
    ],
  },
  {
    name: 'the settings of the agent are of other types',
    sql: [
      `update agent set model_settings = '{"temperature":"hot"}', compaction = '{"mode":"none"}',
        policies = '{"memory_insert":"maybe"}' where id = $agent`,
    ],
    finds: ['unreadable_row', 'unreadable_row', 'unreadable_row'],
    shows: ["select json_extract(model_settings, '$.temperature') is null from agent where id = $agent", 1],
  },
  {
    name: 'the limit of the window is no size',
    sql: ['update agent set context_window_limit = 0 where id = $agent'],
    finds: ['unreadable_row'],
    shows: ['select context_window_limit from agent where id = $agent', null],
  },
  {
    name: 'the agent is of no kind there is',
    sql: ["update agent set agent_type = 'oracle' where id = $agent"],
    finds: ['unreadable_row'],
    shows: ['select agent_type from agent where id = $agent', 'letta_v1_agent'],
  },
  {
    name: 'messages were said by nobody there is',
    sql: [`update message set role = 'ghost' where conversation_id = $talk and seq in (1, 2, 3, 5)`],
    finds: [...times(4, 'unreadable_row'), 'open_call', ...times(4, 'changed_row'), 'window_order'],
    shows: [
      "select group_concat(role, ' ' order by seq) from message where conversation_id = $talk and seq <= 5",
      'user assistant tool tool assistant',
    ],
  },
  {
    name: 'the window shows something of no kind there is',
    sql: ["update window_entry set kind = 'ghost' where conversation_id = $talk"],
    finds: [...times(7, 'unreadable_row'), 'window_behind'],
    shows: [
      "select group_concat(kind, ' ' order by ord) from window_entry where conversation_id = $talk",
      'summary message message message message message message',
    ],
  },
  {
    name: 'a branch leaves its parent behind the last message of it',
    sql: ['update conversation set fork_seq = 900 where parent_id = $talk'],
    finds: ['unreadable_row', 'missing_messages', 'window_stray', 'window_stray', 'window_behind'],
    shows: [
      `select fork_seq = (select min(seq) - 1 from message where conversation_id = this.id) from conversation as this
        where parent_id = $talk`,
      1,
    ],
  },
  {
    name: 'an empty branch leaves its parent behind the last message of it',
    sql: [
      `insert into conversation (id, agent_id, title, is_default, parent_id, fork_seq, next_seq, digest, version,
        created_at, updated_at) values ('conv-empty', $agent, '', 0, $talk, 900, 3, '', 1, 'now', 'now')`,
    ],
    finds: ['unreadable_row', 'wrong_end_of_talk'],
    shows: ["select fork_seq || ' ' || next_seq from conversation where id = 'conv-empty'", '2 3'],
  },
  {
    name: 'what waits in the queue holds no words',
    sql: [
      `insert into inbox (id, conversation_id, otid, role, payload, state, created_at)
        values ('inbox-1', $talk, 'hurt', 'user', '{"text":5}', 'queued', 'now')`,
    ],
    finds: ['unreadable_row'],
    wakes: true,
    shows: ["select json_extract(payload, '$.text') from inbox where id = 'inbox-1'", '{"text":5}'],
  },
  {
    name: 'a block is attached that is not there',
    sql: ["insert into agent_block values ($agent, 'block-gone', 9)"],
    finds: ['dangling_link'],
    shows: ["select count(*) from agent_block where block_id = 'block-gone'", 0],
  },
  {
    name: 'a run names a message that is not there',
    sql: [`update run set message_id = 'message-gone' where id = ${RUN}`],
    finds: ['dangling_link'],
    shows: [`select message_id from run where id = ${RUN}`, null],
  },
  {
    name: 'a branch has lost its parent',
    sql: ["update conversation set parent_id = 'conv-gone' where parent_id = $talk"],
    finds: ['dangling_link'],
    leaves: ['dangling_link'],
  },
  {
    name: 'the agent has no conversation of its own',
    sql: ['update conversation set is_default = 0 where agent_id = $agent'],
    finds: ['no_own_conversation'],
  },
  {
    name: 'a proposal is about a block that is gone',
    sql: [
      `insert into proposal (id, agent_id, kind, target_id, label, operation, base_version, before, after, state, actor,
        trust, created_at) values ('proposal-1', $agent, 'block', 'block-gone', 'human', 'rethink', 1, 'a', 'b', 'pending',
        'agent', 'model_inference', 'now')`,
    ],
    finds: ['stale_proposal'],
    shows: ['select state from proposal', 'withdrawn'],
  },
  {
    name: 'the model of the agent is not here',
    sql: ["update agent set model = 'anthropic/claude' where id = $agent"],
    finds: ['model_missing'],
    leaves: ['model_missing'],
  },
  {
    name: 'a tool of the agent is not here',
    sql: [`update agent set tools = '["web_search"]' where id = $agent`],
    finds: ['tool_missing'],
    leaves: ['tool_missing'],
  },
  {
    name: 'memory leaves no room to talk',
    sql: ['update agent set context_window_limit = 1024 where id = $agent'],
    finds: ['prompt_floor'],
    leaves: ['prompt_floor'],
  },
];
