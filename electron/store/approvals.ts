import { type Selectable, sql } from 'kysely';
import type { Approval } from '../../shared/contract/approvals.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';

/** An approval as stored: the contract's fields and the call it belongs to. */
export type ApprovalRecord = Approval & {
  /** Row of `tool_call`. */
  readonly call_id: string;
};

/** What was decided about a call. */
export type ApprovalVerdict = Pick<
  Approval,
  'state' | 'edited_arguments' | 'reason' | 'result' | 'result_status' | 'decided_by'
>;

/** A decision that decided nothing more than its state. */
export const bare_verdict: Omit<ApprovalVerdict, 'state'> = {
  edited_arguments: null,
  reason: null,
  result: null,
  result_status: null,
  decided_by: null,
};

/** Writes down that a call waits for a decision. */
export async function insertApproval(
  tx: Write,
  fresh: Omit<ApprovalRecord, 'state' | 'decided_at' | keyof ApprovalVerdict>,
): Promise<ApprovalRecord> {
  const record: ApprovalRecord = { ...fresh, ...bare_verdict, state: 'pending', decided_at: null };
  const { message_id: _, ...row } = record;
  await tx
    .insertInto('approval')
    .values({ ...row, edited_arguments: null })
    .execute();
  return record;
}

/** Reads an approval. Throws `not_found`. */
export async function readApproval(db: Read, approval_id: string): Promise<ApprovalRecord> {
  const row = await select(db).where('approval.id', '=', approval_id).executeTakeFirst();
  if (row !== undefined) return toRecord(row);
  throw new AppError('not_found', 'There is no such request for approval.', { details: { approval_id } });
}

/** Reads approvals by their rows, each with its row. */
export async function listApprovalsAt(db: Read, rowids: readonly number[]): Promise<Map<number, Approval>> {
  const rows = await select(db)
    .select(sql<number>`approval.rowid`.as('place'))
    .where(sql<number>`approval.rowid`, 'in', rowids)
    .execute();
  return new Map(rows.map((row) => [row.place, toApproval(toRecord(row))]));
}

/** Which approvals to list; what is left out does not narrow. */
export type ApprovalFilter = {
  readonly agent_id?: string | undefined;
  readonly conversation_id?: string | undefined;
  readonly run_id?: string | undefined;
  readonly states?: readonly Approval['state'][] | undefined;
  readonly limit?: number | undefined;
  readonly newest_first?: boolean | undefined;
};

/** Lists approvals in the order they came, or the other way round. */
export async function listApprovals(db: Read, filter: ApprovalFilter): Promise<ApprovalRecord[]> {
  const { agent_id, conversation_id, run_id, states, limit, newest_first = false } = filter;
  let query = select(db).orderBy(sql`approval.rowid`, newest_first ? 'desc' : 'asc');
  if (agent_id !== undefined) query = query.where('approval.agent_id', '=', agent_id);
  if (conversation_id !== undefined) query = query.where('approval.conversation_id', '=', conversation_id);
  if (run_id !== undefined) query = query.where('approval.run_id', '=', run_id);
  // By itself, so that the index of what is pending serves.
  if (states?.length === 1 && states[0] === 'pending')
    query = query.where('approval.state', '=', sql.lit('pending'));
  else if (states !== undefined) query = query.where('approval.state', 'in', states);
  if (limit !== undefined) query = query.limit(limit);
  return (await query.execute()).map(toRecord);
}

/** Lists the approvals of messages' calls, for their cards. */
export async function listApprovalsOfMessages(
  db: Read,
  message_ids: readonly string[],
): Promise<ApprovalRecord[]> {
  if (message_ids.length === 0) return [];
  const rows = await select(db)
    .where('tool_call.message_id', 'in', message_ids)
    .orderBy(sql`approval.rowid`)
    .execute();
  return rows.map(toRecord);
}

/** Keeps a decision about a call that still waits. Throws `not_found`. */
export async function decideApproval(
  tx: Write,
  approval_id: string,
  verdict: ApprovalVerdict & { readonly decided_at: string },
): Promise<ApprovalRecord> {
  const { edited_arguments } = verdict;
  await tx
    .updateTable('approval')
    .set({ ...verdict, edited_arguments: edited_arguments === null ? null : toJson(edited_arguments) })
    .where('id', '=', approval_id)
    .where('state', '=', 'pending')
    .execute();
  return readApproval(tx, approval_id);
}

/** Leaves the contract's fields. */
export function toApproval(record: ApprovalRecord): Approval {
  const { call_id: _, ...approval } = record;
  return approval;
}

function select(db: Read) {
  return db
    .selectFrom('approval')
    .innerJoin('tool_call', 'tool_call.id', 'approval.call_id')
    .selectAll('approval')
    .select('tool_call.message_id');
}

function toRecord(row: Selectable<Schema['approval']> & { readonly message_id: string }): ApprovalRecord {
  return {
    id: row.id,
    agent_id: row.agent_id,
    conversation_id: row.conversation_id,
    run_id: row.run_id,
    step_id: row.step_id,
    message_id: row.message_id,
    call_id: row.call_id,
    tool_call_id: row.tool_call_id,
    kind: row.kind,
    name: row.name,
    arguments: row.arguments,
    state: row.state,
    edited_arguments: row.edited_arguments === null ? null : fromJson(row.edited_arguments),
    reason: row.reason,
    result: row.result,
    result_status: row.result_status,
    decided_by: row.decided_by as Approval['decided_by'],
    created_at: row.created_at,
    expires_at: row.expires_at,
    decided_at: row.decided_at,
  };
}
