import { agent_type } from '../../../shared/contract/agents.ts';
import { message } from '../../../shared/contract/conversations.ts';

/** What a column has to be, by SQL that is true for a value that holds something else; reading that would fail. */
type Flaw = (value: string) => string;

/** The least an agent's own limit may be, in tokens; its contract refuses less. */
const SMALLEST_WINDOW = 1024;
const SUMMARY_MODES = "'sliding_window', 'all', 'self_compact_sliding_window', 'self_compact_all'";

/** Fields of an object that are not of their types. */
function fields(types: Readonly<Record<string, readonly string[]>>): Flaw {
  return (value) =>
    Object.entries(types)
      .map(([name, own]) => `coalesce(json_type(${value}, '$.${name}'), 'none') not in (${quoted(own)})`)
      .join(' or ');
}

/** Entries of a list, or values of an object, for which `is_wrong` holds; it may use `entry.type` and `entry.value`. */
function entries(is_wrong: string): Flaw {
  return (value) => `exists (select 1 from json_each(${value}) as entry where ${is_wrong})`;
}

function objects(types: Readonly<Record<string, readonly string[]>>): Flaw {
  return entries(`case when entry.type = 'object' then ${fields(types)('entry.value')} else 1 end`);
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}

function oneOf(words: readonly string[]): Flaw {
  return (value) => `${value} not in (${quoted(words)})`;
}

const TEXT = ['text'];
const texts = entries("entry.type <> 'text'");

/** SQL for the number of the last message a branch could have of its parent; of a lost parent, of what it says itself. */
export function endOfParent(branch: string): string {
  return `coalesce((select max(0, next_seq - 1, coalesce(fork_seq, 0),
      (select coalesce(max(seq), 0) from message where conversation_id = parent.id))
    from conversation as parent where parent.id = ${branch}.parent_id), ${branch}.fork_seq)`;
}

const FLAWS: Readonly<Record<string, Flaw>> = {
  'agent.agent_type': oneOf(agent_type.options),
  'agent.context_window_limit': (value) => `${value} < ${SMALLEST_WINDOW}`,
  'conversation.fork_seq': (value) => `${value} < 0 or ${value} > ${endOfParent('conversation')}`,
  'message.role': oneOf(message.shape.role.options),
  'message.status': oneOf(message.shape.status.options),
  'message.tool_status': oneOf(['success', 'error']),
  'window_entry.kind': oneOf(['message', 'summary', 'memory_delta', 'note']),
  'agent.tools': texts,
  'agent.tags': texts,
  'agent.model_settings': fields({
    temperature: ['null', 'integer', 'real'],
    max_output_tokens: ['null', 'integer'],
    parallel_tool_calls: ['true', 'false'],
  }),
  'agent.compaction': (value) =>
    `coalesce(json_extract(${value}, '$.mode'), 'all') not in (${SUMMARY_MODES})`,
  'agent.policies': entries("entry.value not in ('automatic', 'ask')"),
  'block.tags': texts,
  'conversation.memory_snapshot': (value) =>
    `${fields({ text: TEXT, taken_at: TEXT, seen: ['array'] })(value)} or
     exists (select 1 from json_each(${value}, '$.seen') as entry where entry.type <> 'object')`,
  'message.content': objects({ type: TEXT }),
  'message.tool_calls': objects({ tool_call_id: TEXT, name: TEXT, arguments: TEXT }),
  'inbox.payload': fields({ content: ['array'], text: TEXT, max_steps: ['integer'] }),
};

/** SQL that is true for a value of the right kind that holds something else than it should. */
export function flawOf(table: string, column: string): string {
  return FLAWS[`${table}.${column}`]?.(`${table}.${column}`) ?? '0';
}
