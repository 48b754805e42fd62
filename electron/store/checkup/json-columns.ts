import { sql } from 'kysely';
import type { Write } from '../database.ts';
import { type Look, type ScanRow, scanTable } from './look.ts';
import { endOfParent, flawOf } from './json-shapes.ts';
import { noteMended } from './mended.ts';

/** A column whose values have to be of a kind, and what takes the place of one that can not be read. */
type CheckedColumn = {
  readonly table: string;
  readonly column: string;
  /** `plain`: no JSON, one of a few words or a number. */
  readonly type: 'array' | 'object' | 'plain';
  /** SQL for the row's agent. */
  readonly agent: string;
  /** SQL for a value made from what is left elsewhere. */
  readonly instead: string;
  /** What that is, in words that follow "is". */
  readonly words: string;
};

/** A value that can not be read. */
export type UnreadableValue = {
  readonly table: string;
  readonly column: string;
  readonly row: number;
  /** Id of the row, or what stands for one. */
  readonly id: string;
  readonly agent_id: string | null;
  readonly words: string;
};

const OF_TALK = (table: string): string =>
  `(select agent_id from conversation where conversation.id = ${table}.conversation_id)`;
const OF_RUN = (table: string): string => `(select agent_id from run where run.id = ${table}.run_id)`;
const OF_BLOCK = (id: string): string =>
  `(select agent_id from agent_block where agent_block.block_id = ${id} limit 1)`;
const OF_ARCHIVE = (id: string): string =>
  `(select agent_id from agent_archive where agent_archive.archive_id = ${id} limit 1)`;

/** What the newest readable version of an agent says, or a default. */
function kept(field: string, fallback: string): string {
  return `coalesce((select json_extract(config, '$.${field}') from agent_version
    where agent_version.agent_id = agent.id and json_valid(config) order by version desc limit 1), '${fallback}')`;
}

/** What the newest readable version of a block says, or a default. */
function settled(field: string, fallback: string): string {
  return `coalesce((select json_extract(settings, '$.${field}') from block_version
    where block_version.block_id = block.id and json_valid(settings) order by version desc limit 1), '${fallback}')`;
}

const PLAIN_SETTINGS = '{"temperature":null,"max_output_tokens":null,"parallel_tool_calls":true}';
const NO_USAGE =
  '{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"cached_input_tokens":0,"reasoning_tokens":0}';
// What was called and answered tells the speaker; of the rest, a run begins with the person and steps are the agent's.
const ROLE = `case when tool_call_id is not null then 'tool'
  when (json_valid(tool_calls) and tool_calls <> '[]') or step_id is not null then 'assistant' else 'user' end`;
const ENTRY_KIND = `case when exists (select 1 from summary where summary.id = ref) then 'summary'
  when text is null or exists (select 1 from message where message.id = ref) then 'message' else 'note' end`;
const FORK = `min(${endOfParent('conversation')}, coalesce(
  (select min(seq) from message where conversation_id = conversation.id), conversation.next_seq) - 1)`;
const EMPTY = 'emptied';
const FROM_VERSION = 'taken from its newest readable version';

function columns(
  table: string,
  agent: string,
  list: readonly (readonly [column: string, type: CheckedColumn['type'], instead: string, words?: string])[],
): CheckedColumn[] {
  return list.map(([column, type, instead, words = EMPTY]) => ({
    table,
    column,
    type,
    agent,
    instead,
    words,
  }));
}

const COLUMNS: readonly CheckedColumn[] = [
  ...columns('agent', 'agent.id', [
    ['agent_type', 'plain', kept('agent_type', 'letta_v1_agent'), FROM_VERSION],
    ['context_window_limit', 'plain', 'null', 'as large as the model allows'],
    ['model_settings', 'object', kept('model_settings', PLAIN_SETTINGS), FROM_VERSION],
    ['tools', 'array', kept('tools', '[]'), FROM_VERSION],
    ['tags', 'array', kept('tags', '[]'), FROM_VERSION],
    ['metadata', 'object', kept('metadata', '{}'), FROM_VERSION],
    ['compaction', 'object', kept('compaction', '{}'), FROM_VERSION],
    ['policies', 'object', kept('tool_policies', '{}'), FROM_VERSION],
    ['foreign_fields', 'object', kept('foreign', '{}'), FROM_VERSION],
  ]),
  ...columns('agent_version', 'agent_version.agent_id', [['config', 'object', "'{}'"]]),
  ...columns('block', OF_BLOCK('block.id'), [
    ['tags', 'array', settled('tags', '[]'), FROM_VERSION],
    ['metadata', 'object', settled('metadata', '{}'), FROM_VERSION],
  ]),
  ...columns('block_version', OF_BLOCK('block_version.block_id'), [
    [
      'settings',
      'object',
      `json_object('label', label, 'description', null, 'limit',
        (select char_limit from block where block.id = block_id), 'read_only', json('false'), 'review', json('false'),
        'tags', json('[]'), 'metadata', json('{}'))`,
      'made from its label and the limit of its block',
    ],
  ]),
  ...columns('passage', OF_ARCHIVE('passage.archive_id'), [['metadata', 'object', "'{}'"]]),
  ...columns(
    'passage_version',
    OF_ARCHIVE('(select archive_id from passage where passage.id = passage_version.passage_id)'),
    [['tags', 'array', "'[]'"]],
  ),
  ...columns('conversation', 'conversation.agent_id', [
    ['fork_seq', 'plain', FORK, 'where its own messages begin, or where its parent ends'],
    ['memory_snapshot', 'object', 'null', 'taken anew from core memory'],
  ]),
  ...columns('message', 'message.agent_id', [
    ['role', 'plain', ROLE, 'made from what the message holds'],
    ['tool_status', 'plain', "case when role = 'tool' then 'success' end", 'set to what it is as a rule'],
    ['status', 'plain', "'complete'", 'set to what it is as a rule'],
    [
      'content',
      'array',
      "case when text = '' then '[]' else json_array(json_object('type', 'text', 'text', text)) end",
      'made from its words',
    ],
    [
      'tool_calls',
      'array',
      `(select coalesce(json_group_array(json_object('tool_call_id', tool_call_id, 'name', name, 'arguments',
        arguments) order by ord), '[]') from tool_call where tool_call.message_id = message.id)`,
      'made from the journal of calls',
    ],
    ['foreign_fields', 'object', "'{}'"],
  ]),
  ...columns('window_entry', OF_TALK('window_entry'), [
    ['kind', 'plain', ENTRY_KIND, 'made from what the entry leads to'],
  ]),
  ...columns('summary', OF_TALK('summary'), [['stats', 'object', "'{}'"]]),
  ...columns('inbox', OF_TALK('inbox'), [
    [
      'payload',
      'object',
      `json_object('content', json_array(json_object('type', 'text', 'text', payload)), 'text', payload, 'name',
        null, 'max_steps', 50)`,
      'read as plain words',
    ],
  ]),
  ...columns('run', 'run.agent_id', [
    ['error', 'object', 'null'],
    ['usage', 'object', `'${NO_USAGE}'`, 'set to nothing'],
    ['options', 'object', "'{}'"],
  ]),
  ...columns('step', 'step.agent_id', [
    ['prompt_parts', 'object', 'null'],
    ['usage', 'object', 'null'],
    ['timings', 'object', 'null'],
    ['error', 'object', 'null'],
  ]),
  ...columns('tool_call', OF_RUN('tool_call'), [['parsed', 'object', 'null']]),
  ...columns('approval', 'approval.agent_id', [['edited_arguments', 'object', 'null']]),
  ...columns('proposal', 'proposal.agent_id', [['tags', 'array', "'[]'"]]),
];

/** Tables without an id of their own are named by the row they belong to. */
const IDS: Readonly<Record<string, string>> = {
  agent_version: "agent_id || ' ' || version",
  window_entry: "conversation_id || ' ' || ord",
};

/** Finds values that are no JSON where they should be, JSON of another kind, or hold what reading them would fail on. */
export async function findUnreadable(look: Look): Promise<UnreadableValue[]> {
  const found: UnreadableValue[] = [];
  for (const [table, own] of Map.groupBy(COLUMNS, (column) => column.table)) {
    const flags = own.map((column) => `${isBad(column)} as bad_${column.column}`).join(', ');
    const rows = await scanTable(look, {
      from: table,
      columns: `rowid as row, ${IDS[table] ?? 'id'} as id, ${own[0]?.agent} as agent_id, ${flags}`,
      where: own.map(isBad).join(' or '),
    });
    found.push(...rows.flatMap((row) => valuesOf(table, own, row)));
  }
  return found;
}

function valuesOf(table: string, own: readonly CheckedColumn[], row: ScanRow): UnreadableValue[] {
  const { id, agent_id } = row as { id: string; agent_id: string | null };
  const bad = own.filter(({ column }) => row[`bad_${column}`] === 1);
  return bad.map(({ column, words }) => ({ table, column, row: Number(row['row']), id, agent_id, words }));
}

function isBad({ table, column, type }: CheckedColumn): string {
  const value = `${table}.${column}`;
  if (type === 'plain') return `(${value} is not null and (${flawOf(table, column)}))`;
  return `(${value} is not null and case when not json_valid(${value}) then 1
    when json_type(${value}) <> '${type}' then 1 else (${flawOf(table, column)}) end)`;
}

/** Puts something readable in the place of such a value; what was there is kept with what was mended. */
export async function replaceUnreadable(tx: Write, value: UnreadableValue, now: string): Promise<boolean> {
  const { table, column, row, id } = value;
  const known = COLUMNS.find((one) => one.table === table && one.column === column);
  if (known === undefined) return false;
  const here = sql`${sql.table(table)} where rowid = ${row} and ${sql.raw(isBad(known))}`;
  const { rows } = await sql<{
    was: string;
  }>`select cast(${sql.ref(column)} as text) as was from ${here}`.execute(tx);
  const was = rows[0]?.was;
  if (was === undefined) return false;
  await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.raw(known.instead)} where rowid = ${row}`.execute(
    tx,
  );
  await noteMended(tx, { id, column, was, now });
  return true;
}
