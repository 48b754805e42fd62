import { type RawBuilder, sql } from 'kysely';
import type { AgentState } from '../../shared/contract/agent-states.ts';
import { listBlocksOfAgents } from './blocks.ts';
import type { Read } from './database.ts';
import { fromJson, toJson } from './encoding.ts';

/**
 * Reads what lies outside the configuration of agents, in the order asked for; those that are not here are left out.
 * The number of statements does not grow with that of the agents.
 */
export async function listAgentStates(read: Read, agent_ids: readonly string[]): Promise<AgentState[]> {
  const blocks = await listBlocksOfAgents(read, agent_ids);
  const rows = await read
    .selectFrom('agent')
    .innerJoin('conversation', (join) =>
      join.onRef('conversation.agent_id', '=', 'agent.id').on('conversation.is_default', '=', 1),
    )
    .select(['agent.id', windowIds.as('message_ids'), lastStop.as('stop_reason')])
    .where('agent.id', 'in', sql<string>`(select value from json_each(${toJson(agent_ids)}))`)
    .where('agent.deleted_at', 'is', null)
    .execute();
  const known = new Map(rows.map((row) => [row.id, row]));
  return agent_ids.flatMap((agent_id): AgentState[] => {
    const row = known.get(agent_id);
    if (row === undefined) return [];
    const message_ids = fromJson<string[]>(row.message_ids);
    const stop_reason = row.stop_reason as AgentState['stop_reason'];
    return [{ agent_id, blocks: blocks.get(agent_id) ?? [], message_ids, stop_reason }];
  });
}

/** Lists the messages in the window of a conversation, oldest first. */
export async function listWindowIds(read: Read, conversation_id: string): Promise<string[]> {
  const row = await read
    .selectFrom('conversation')
    .select(windowIds.as('message_ids'))
    .where('id', '=', conversation_id)
    .executeTakeFirst();
  return row === undefined ? [] : fromJson<string[]>(row.message_ids);
}

const windowIds: RawBuilder<string> = sql<string>`(select json_group_array(message.id order by entry.ord)
  from window_entry as entry join message on message.id = entry.ref
  where entry.conversation_id = conversation.id and entry.kind = 'message')`;

// Order of opening; times may tie or jump.
const lastStop: RawBuilder<string | null> = sql<string | null>`(select stop_reason from run
  where run.rowid = (select max(other.rowid) from run as other where other.conversation_id = conversation.id))`;
