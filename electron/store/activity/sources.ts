import { type RawBuilder, sql } from 'kysely';
import type { ActivityKind } from '../../../shared/contract/activity.ts';
import type { Actor } from '../../../shared/contract/blocks.ts';

/** What of all that happened is asked for. */
export type ActivityFilter = {
  readonly agent_id?: string | undefined;
  readonly actors?: readonly Actor[] | undefined;
  readonly failed: boolean;
  /** Only from this moment on. */
  readonly since?: string | undefined;
};

/** A table of things that happened. In its SQL the table is `t`. */
export type Source = {
  readonly kind: ActivityKind;
  /** One digit, different in each; see `Place`. */
  readonly rank: number;
  readonly table: 'step' | 'run' | 'summary' | 'approval' | 'proposal' | 'block_version' | 'passage_version';
  readonly at: 'created_at' | 'started_at';
  /** What its rows must fulfil; `null` when none can. */
  readonly conditions: (filter: ActivityFilter) => readonly RawBuilder<unknown>[] | null;
  /** Texts that words are looked for in: conditions that hold when one has the pattern. */
  readonly holds: (pattern: string) => readonly RawBuilder<unknown>[];
};

const like = (text: RawBuilder<unknown>, pattern: string): RawBuilder<unknown> =>
  sql`${text} like ${pattern} escape '\\'`;

const columns =
  (...names: readonly string[]) =>
  (pattern: string): RawBuilder<unknown>[] =>
    names.map((name) => like(sql.ref(`t.${name}`), pattern));

// A plus keeps a column from choosing the index: the one by moment gives the order, and is left at the limit.
const agentIs = (agent_id: string | undefined): RawBuilder<unknown>[] =>
  agent_id === undefined ? [] : [sql`+t.agent_id = ${agent_id}`];

const isMeant = (filter: ActivityFilter, actor: Actor): boolean => filter.actors?.includes(actor) ?? true;

const STEPS: Source = {
  kind: 'step',
  rank: 2,
  table: 'step',
  at: 'created_at',
  conditions: (filter) => {
    if (!isMeant(filter, 'agent')) return null;
    if (filter.failed) return [sql`t.error is not null`, ...agentIs(filter.agent_id)];
    // A call for a summary is told with its compaction, unless it came to nothing.
    const told = sql`(t.kind = 'answer' or t.error is not null)`;
    return filter.agent_id === undefined ? [told] : [told, sql`t.agent_id = ${filter.agent_id}`];
  },
  holds: (pattern) => [
    ...columns('id', 'run_id', 'model', 'error')(pattern),
    sql`exists (select 1 from tool_call where tool_call.step_id = t.id and tool_call.name like ${pattern} escape '\\')`,
  ],
};

const MESSAGES: Source = {
  kind: 'message',
  rank: 1,
  table: 'run',
  at: 'started_at',
  conditions: (filter) => {
    if (!isMeant(filter, 'user')) return null;
    if (!filter.failed) return [sql`t.message_id is not null`, ...agentIs(filter.agent_id)];
    // A run whose step failed is told by the step.
    return [
      sql`t.state = 'failed'`,
      sql`+t.message_id is not null`,
      sql`not exists (select 1 from step where step.run_id = t.id and step.error is not null)`,
      ...agentIs(filter.agent_id),
    ];
  },
  holds: (pattern) => [
    ...columns('id', 'message_id', 'conversation_id', 'error')(pattern),
    sql`exists (select 1 from message where message.id = t.message_id and message.text like ${pattern} escape '\\')`,
  ],
};

const COMPACTIONS: Source = {
  kind: 'compaction',
  rank: 3,
  table: 'summary',
  at: 'created_at',
  conditions: (filter) => {
    if (filter.failed || !isMeant(filter, 'agent')) return null;
    const { agent_id } = filter;
    if (agent_id === undefined) return [];
    return [
      sql`exists (select 1 from conversation where conversation.id = t.conversation_id and conversation.agent_id = ${agent_id})`,
    ];
  },
  holds: columns('id', 'run_id', 'conversation_id', 'text'),
};

const asked = (table: 'approval' | 'proposal', rank: number, names: readonly string[]): Source => ({
  kind: table,
  rank,
  table,
  at: 'created_at',
  conditions: (filter) => (filter.failed || !isMeant(filter, 'agent') ? null : agentIs(filter.agent_id)),
  holds: columns(...names),
});

const changed = (
  table: 'block_version' | 'passage_version',
  rank: number,
  words: { readonly columns: readonly string[]; readonly owned: (agent_id: string) => RawBuilder<unknown> },
): Source => ({
  kind: 'change',
  rank,
  table,
  at: 'created_at',
  conditions: ({ failed, actors, agent_id }) => {
    if (failed) return null;
    return [
      ...(actors === undefined ? [] : [sql`t.actor in (${sql.join(actors)})`]),
      ...(agent_id === undefined ? [] : [sql`(+t.agent_id = ${agent_id} or ${words.owned(agent_id)})`]),
    ];
  },
  holds: columns('id', 'step_id', 'message_id', 'run_id', 'before', 'after', 'reason', ...words.columns),
});

const BLOCK_CHANGES = changed('block_version', 6, {
  columns: ['label', 'block_id'],
  owned: (agent_id) => sql`+t.block_id in (select block_id from agent_block where agent_id = ${agent_id})`,
});

const PASSAGE_CHANGES = changed('passage_version', 7, {
  columns: ['passage_id'],
  owned: (agent_id) => sql`exists (select 1 from passage
    join agent_archive on agent_archive.archive_id = passage.archive_id
    where passage.id = t.passage_id and agent_archive.agent_id = ${agent_id})`,
});

/** Every table of things that happened. */
export const SOURCES: readonly Source[] = [
  MESSAGES,
  STEPS,
  COMPACTIONS,
  asked('approval', 4, ['id', 'name', 'arguments', 'step_id', 'run_id']),
  asked('proposal', 5, ['id', 'label', 'before', 'after', 'reason', 'step_id', 'message_id', 'target_id']),
  BLOCK_CHANGES,
  PASSAGE_CHANGES,
];
