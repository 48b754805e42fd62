/** What a column of JSON has to be, by SQL that is true for a value that holds something else; reading that would fail. */
type Flaw = (value: string) => string;

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

const TEXT = ['text'];
const texts = entries("entry.type <> 'text'");

const FLAWS: Readonly<Record<string, Flaw>> = {
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
