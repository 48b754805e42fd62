import type { Selectable } from 'kysely';
import { readCompaction } from '../../shared/compaction-settings.ts';
import { type Agent, default_compaction, type TrashedAgent } from '../../shared/contract/agents.ts';
import type { Actor } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import { toListed } from './listed-agent.ts';
import type { Schema } from './schema.ts';

/** An agent as stored: all but the state of its model, which only the model registry knows. */
export type AgentRecord = Omit<Agent, 'model_status'>;

/** The fields of an agent an edit may replace. */
export type AgentChanges = Partial<
  Omit<AgentRecord, 'id' | 'version' | 'created_at' | 'updated_at' | 'last_run_at'>
>;

/** Writes a new agent and the first version of its configuration. `version` must be 1. */
export async function insertAgent(tx: Write, agent: AgentRecord, actor: Actor): Promise<AgentRecord> {
  await tx
    .insertInto('agent')
    .values({
      id: agent.id,
      ...columns(agent),
      version: agent.version,
      created_at: agent.created_at,
      updated_at: agent.updated_at,
      last_run_at: agent.last_run_at,
      deleted_at: null,
    })
    .execute();
  await insertVersion(tx, agent, actor, agent.created_at);
  return agent;
}

/** Reads an agent that is not in the trash. Throws `not_found`. */
export async function readAgent(db: Read, agent_id: string): Promise<AgentRecord> {
  const row = await db
    .selectFrom('agent')
    .selectAll()
    .where('id', '=', agent_id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw agentNotFound(agent_id);
  return toAgent(row);
}

/** Reads the agent of a conversation; `null` when one of the two is in the trash. */
export async function findAgentOfTalk(db: Read, conversation_id: string): Promise<AgentRecord | null> {
  const row = await db
    .selectFrom('conversation')
    .innerJoin('agent', 'agent.id', 'conversation.agent_id')
    .selectAll('agent')
    .where('conversation.id', '=', conversation_id)
    .where('conversation.deleted_at', 'is', null)
    .where('agent.deleted_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : toAgent(row);
}

/**
 * Lists agents outside the trash, the one used last first. `query` matches inside the name; `tags` must all be there. Of
 * an agent of which a value can not be read, the default stands in its place: reading that agent itself fails.
 */
export async function listAgents(
  db: Read,
  filter: { readonly query?: string | undefined; readonly tags?: readonly string[] | undefined } = {},
): Promise<AgentRecord[]> {
  const rows = await db.selectFrom('agent').selectAll().where('deleted_at', 'is', null).execute();
  const wanted = filter.query?.toLowerCase() ?? '';
  const used = (agent: AgentRecord): string => agent.last_run_at ?? agent.created_at;
  return rows
    .map((row) => toListed(row, toAgent))
    .filter((agent) => agent.name.toLowerCase().includes(wanted))
    .filter((agent) => (filter.tags ?? []).every((tag) => agent.tags.includes(tag)))
    .toSorted((left, right) => (used(left) < used(right) ? 1 : used(left) > used(right) ? -1 : 0));
}

/** Changes an agent and keeps the new configuration as a version. Throws `not_found`, `conflict` (stale base). */
export async function updateAgent(
  tx: Write,
  edit: {
    readonly agent_id: string;
    readonly changes: AgentChanges;
    readonly base_version?: number | undefined;
    readonly actor: Actor;
    readonly now: string;
  },
): Promise<AgentRecord> {
  const current = await readAgent(tx, edit.agent_id);
  if (edit.base_version !== undefined && edit.base_version !== current.version) {
    throw new AppError(
      'conflict',
      'The agent was changed elsewhere meanwhile. Look at it again, then save.',
      {
        details: { current, base_version: edit.base_version },
      },
    );
  }
  const agent = { ...current, ...edit.changes, version: current.version + 1, updated_at: edit.now };
  await tx
    .updateTable('agent')
    .set({ ...columns(agent), version: agent.version, updated_at: agent.updated_at })
    .where('id', '=', agent.id)
    .execute();
  await insertVersion(tx, agent, edit.actor, edit.now);
  return agent;
}

/** Moves an agent to the trash. Throws `not_found`. */
export async function deleteAgent(tx: Write, agent_id: string, now: string): Promise<void> {
  await readAgent(tx, agent_id);
  await tx
    .updateTable('agent')
    .set({ deleted_at: now, updated_at: now })
    .where('id', '=', agent_id)
    .execute();
}

/** Takes an agent out of the trash; one that is not in it stays as it is. Throws `not_found`. */
export async function restoreAgent(tx: Write, agent_id: string, now: string): Promise<AgentRecord> {
  await tx
    .updateTable('agent')
    .set({ deleted_at: null, updated_at: now })
    .where('id', '=', agent_id)
    .where('deleted_at', 'is not', null)
    .execute();
  return readAgent(tx, agent_id);
}

/** Lists the agents in the trash, the last deleted first. */
export async function listTrashedAgents(db: Read): Promise<TrashedAgent[]> {
  const rows = await db
    .selectFrom('agent')
    .select(['id', 'name', 'deleted_at'])
    .where('deleted_at', 'is not', null)
    .orderBy('deleted_at', 'desc')
    .execute();
  return rows.map(({ id, name, deleted_at }) => ({ id, name, deleted_at: deleted_at ?? '' }));
}

/** Notes that an agent was used; this makes no new version. */
export async function touchAgent(tx: Write, agent_id: string, now: string): Promise<void> {
  await tx.updateTable('agent').set({ last_run_at: now }).where('id', '=', agent_id).execute();
}

async function insertVersion(tx: Write, agent: AgentRecord, actor: Actor, now: string): Promise<void> {
  await tx
    .insertInto('agent_version')
    .values({ agent_id: agent.id, version: agent.version, config: toJson(agent), actor, created_at: now })
    .execute();
}

function agentNotFound(agent_id: string): AppError {
  return new AppError('not_found', 'This agent is not here; it may be in the trash.', {
    details: { agent_id },
  });
}

type ConfigColumn =
  | 'name'
  | 'agent_type'
  | 'description'
  | 'system'
  | 'model'
  | 'model_settings'
  | 'context_window_limit'
  | 'compaction'
  | 'policies'
  | 'tools'
  | 'tags'
  | 'timezone'
  | 'metadata'
  | 'foreign_fields';

function columns(agent: AgentRecord): Pick<Schema['agent'], ConfigColumn> {
  return {
    name: agent.name,
    agent_type: agent.agent_type,
    description: agent.description,
    system: agent.system,
    model: agent.model,
    model_settings: toJson(agent.model_settings),
    context_window_limit: agent.context_window_limit,
    compaction: toJson(agent.compaction),
    policies: toJson(agent.tool_policies),
    tools: toJson(agent.tools),
    tags: toJson(agent.tags),
    timezone: agent.timezone,
    metadata: toJson(agent.metadata),
    foreign_fields: toJson(agent.foreign),
  };
}

function toAgent(row: Selectable<Schema['agent']>): AgentRecord {
  return {
    id: row.id,
    name: row.name,
    agent_type: row.agent_type as AgentRecord['agent_type'],
    description: row.description,
    system: row.system,
    model: row.model,
    model_settings: fromJson(row.model_settings),
    context_window_limit: row.context_window_limit,
    compaction: compactionOf(row),
    tool_policies: fromJson(row.policies),
    tools: fromJson(row.tools),
    tags: fromJson(row.tags),
    timezone: row.timezone,
    metadata: fromJson(row.metadata),
    foreign: fromJson(row.foreign_fields),
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
    last_run_at: row.last_run_at,
  };
}

// Before this was acted on, it was kept among the fields of other formats.
function compactionOf({
  compaction,
  foreign_fields,
}: Selectable<Schema['agent']>): AgentRecord['compaction'] {
  const kept = fromJson<{ compaction_settings?: unknown }>(foreign_fields).compaction_settings;
  const earlier = typeof kept === 'object' && kept !== null ? readCompaction({ ...kept }) : {};
  return { ...default_compaction, ...earlier, ...fromJson<object>(compaction) };
}
