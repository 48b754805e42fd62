import { sql } from 'kysely';
import type { Read } from '../database.ts';
import { toJson } from '../encoding.ts';

/** Which messages count. Bounds are UTC text of fixed width. */
export type MessageFilter = {
  readonly agent_id: string;
  readonly roles: readonly string[];
  /** Results of these tools are left out. */
  readonly without_tools: readonly string[];
  readonly without_ids: readonly string[];
  readonly from: string | null;
  readonly before: string | null;
};

/** A message found; `score` is greater for better, 0 without a query. */
export type FoundMessage = {
  readonly id: string;
  readonly conversation_id: string;
  readonly seq: number;
  readonly role: string;
  readonly name: string | null;
  readonly text: string;
  readonly created_at: string;
  readonly score: number;
};

/** Messages of an index expression that pass the filter, best first. The filter applies before the limit. */
export async function searchMessages(
  read: Read,
  match: string,
  filter: MessageFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<FoundMessage[]> {
  // A cross join keeps SQLite from walking the agent's messages and asking the index about every one.
  const found = await sql<FoundMessage>`select ${columns}, -bm25(message_fts, 0.0, 1.0) as score
    from message_fts cross join message on message.ord = message_fts.rowid
    where message_fts match ${match} and ${condition(filter)}
    order by score desc, message.ord desc limit ${page.limit} offset ${page.offset}`.execute(read);
  return found.rows;
}

/** Messages that pass the filter, newest first. */
export async function listMessagesByFilter(
  read: Read,
  filter: MessageFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<FoundMessage[]> {
  const found = await sql<FoundMessage>`select ${columns}, 0 as score from message
    where message.text <> '' and ${condition(filter)}
    order by message.ord desc limit ${page.limit} offset ${page.offset}`.execute(read);
  return found.rows;
}

const columns = sql`message.id, message.conversation_id, message.seq, message.role, message.name, message.text,
  message.created_at`;

/** Whether a talk outside the trash holds the message: its own, or a branch that begins with it. */
const is_told = sql<boolean>`(exists (
    select 1 from conversation where conversation.id = message.conversation_id and deleted_at is null
  ) or exists (
    with recursive branch(id, deleted_at) as (
      select id, deleted_at from conversation where parent_id = message.conversation_id and fork_seq >= message.seq
      union
      select child.id, child.deleted_at from branch join conversation as child on child.parent_id = branch.id
        where child.fork_seq >= message.seq
    )
    select 1 from branch where deleted_at is null
  ))`;

function condition(filter: MessageFilter): ReturnType<typeof sql<boolean>> {
  const parts = [
    sql`message.agent_id = ${filter.agent_id}`,
    sql`message.role in (select value from json_each(${toJson(filter.roles)}))`,
    sql`(message.role <> 'tool' or coalesce(message.name, '') not in (select value from json_each(${toJson(filter.without_tools)})))`,
    sql`message.id not in (select value from json_each(${toJson(filter.without_ids)}))`,
    is_told,
  ];
  if (filter.from !== null) parts.push(sql`message.created_at >= ${filter.from}`);
  if (filter.before !== null) parts.push(sql`message.created_at < ${filter.before}`);
  return sql<boolean>`${sql.join(parts, sql` and `)}`;
}
