import { type Selectable, sql } from 'kysely';
import type { Proposal } from '../../shared/contract/approvals.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';

/** Writes down a proposed edit. */
export async function insertProposal(
  tx: Write,
  fresh: Omit<Proposal, 'state' | 'edited' | 'answer' | 'change_id' | 'decided_at'>,
): Promise<Proposal> {
  const proposal: Proposal = {
    ...fresh,
    state: 'pending',
    edited: null,
    answer: null,
    change_id: null,
    decided_at: null,
  };
  await tx
    .insertInto('proposal')
    .values({ ...proposal, tags: toJson(proposal.tags), told_at: null })
    .execute();
  return proposal;
}

/** Reads a proposed edit. Throws `not_found`. */
export async function readProposal(db: Read, proposal_id: string): Promise<Proposal> {
  const row = await db.selectFrom('proposal').selectAll().where('id', '=', proposal_id).executeTakeFirst();
  if (row !== undefined) return toProposal(row);
  throw new AppError('not_found', 'There is no such proposal.', { details: { proposal_id } });
}

/** Which proposals to list; what is left out does not narrow. */
export type ProposalFilter = {
  readonly agent_id?: string | undefined;
  readonly conversation_id?: string | undefined;
  readonly block_id?: string | undefined;
  readonly states?: readonly Proposal['state'][] | undefined;
  readonly limit?: number | undefined;
  readonly newest_first?: boolean | undefined;
};

/** Lists proposed edits of agents outside the trash, in the order they came or the other way round. */
export async function listProposals(db: Read, filter: ProposalFilter): Promise<Proposal[]> {
  let query = db
    .selectFrom('proposal')
    .innerJoin('agent', 'agent.id', 'proposal.agent_id')
    .selectAll('proposal')
    .where('agent.deleted_at', 'is', null)
    .orderBy(sql`proposal.rowid`, filter.newest_first === true ? 'desc' : 'asc');
  const { agent_id, conversation_id, block_id, states, limit } = filter;
  if (agent_id !== undefined) query = query.where('proposal.agent_id', '=', agent_id);
  if (conversation_id !== undefined) query = query.where('proposal.conversation_id', '=', conversation_id);
  if (block_id !== undefined) query = query.where('proposal.target_id', '=', block_id);
  if (states !== undefined) query = query.where('proposal.state', 'in', states);
  if (limit !== undefined) query = query.limit(limit);
  return (await query.execute()).map(toProposal);
}

/** Reads proposals by their rows, each with its row. */
export async function listProposalsAt(db: Read, rowids: readonly number[]): Promise<Map<number, Proposal>> {
  const rows = await db
    .selectFrom('proposal')
    .selectAll()
    .select(sql<number>`rowid`.as('place'))
    .where(sql<number>`rowid`, 'in', rowids)
    .execute();
  return new Map(rows.map((row) => [row.place, toProposal(row)]));
}

/** Lists the edits that the calls of messages proposed. */
export async function listProposalsOfMessages(db: Read, message_ids: readonly string[]): Promise<Proposal[]> {
  if (message_ids.length === 0) return [];
  const rows = await db
    .selectFrom('tool_call')
    .innerJoin('proposal', (join) =>
      join
        .onRef('proposal.step_id', '=', 'tool_call.step_id')
        .onRef('proposal.tool_call_id', '=', 'tool_call.tool_call_id'),
    )
    .selectAll('proposal')
    .where('tool_call.message_id', 'in', message_ids)
    .orderBy(sql`proposal.rowid`)
    .execute();
  return rows.map(toProposal);
}

/** Lists decided proposals of a conversation whose model has not heard of it. */
export async function listUntoldProposals(db: Read, conversation_id: string): Promise<Proposal[]> {
  const rows = await db
    .selectFrom('proposal')
    .selectAll()
    .where('conversation_id', '=', conversation_id)
    .where('decided_at', 'is not', null)
    .where('told_at', 'is', null)
    .execute();
  // Sorted here: SQLite would set up a table to sort in for every request, and there is hardly ever one to tell.
  return rows
    .toSorted((left, right) => ((left.decided_at ?? '') < (right.decided_at ?? '') ? -1 : 1))
    .map(toProposal);
}

/** Notes that the model of the conversation was told. */
export async function markProposalsTold(
  tx: Write,
  proposal_ids: readonly string[],
  now: string,
): Promise<void> {
  if (proposal_ids.length === 0) return;
  await tx.updateTable('proposal').set({ told_at: now }).where('id', 'in', proposal_ids).execute();
}

/** Keeps what was decided. Throws `not_found`. */
export async function decideProposal(
  tx: Write,
  proposal_id: string,
  end: Pick<Proposal, 'state' | 'edited' | 'answer' | 'change_id' | 'decided_at'>,
): Promise<Proposal> {
  await tx.updateTable('proposal').set(end).where('id', '=', proposal_id).execute();
  return readProposal(tx, proposal_id);
}

function toProposal(row: Selectable<Schema['proposal']>): Proposal {
  const { told_at: _, tags, operation, actor, trust, ...rest } = row;
  return {
    ...rest,
    tags: fromJson(tags),
    operation: operation as Proposal['operation'],
    actor: actor as Proposal['actor'],
    trust: trust as Proposal['trust'],
  };
}
