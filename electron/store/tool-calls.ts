import { type Selectable, sql } from 'kysely';
import type { ToolCall } from '../../shared/contract/conversations.ts';
import type { Read, Write } from './database.ts';
import { toJson } from './encoding.ts';
import type { Schema } from './schema.ts';
import { readTalk } from './talk.ts';

/** A call as stored: the contract's fields and what the journal needs beside them. */
export type ToolCallRecord = ToolCall &
  Pick<Selectable<Schema['tool_call']>, 'id' | 'run_id' | 'conversation_id' | 'ord' | 'effect'>;

/** Writes a call as pending, or waiting for a decision, before anything runs. */
export async function insertToolCall(
  tx: Write,
  fresh: Pick<
    Schema['tool_call'],
    | 'id'
    | 'step_id'
    | 'run_id'
    | 'conversation_id'
    | 'message_id'
    | 'tool_call_id'
    | 'ord'
    | 'name'
    | 'arguments'
    | 'effect'
  > & { readonly state?: 'pending' | 'waiting' },
): Promise<ToolCallRecord> {
  const row = {
    ...fresh,
    state: fresh.state ?? ('pending' as const),
    parsed: null,
    result: null,
    result_message_id: null,
    started_at: null,
    finished_at: null,
  };
  await tx.insertInto('tool_call').values(row).execute();
  return toRecord(row);
}

/** Notes that a call runs. Needed only for tools that reach beyond the store; the others commit with their result. */
export async function startToolCall(tx: Write, id: string, now: string): Promise<void> {
  await tx.updateTable('tool_call').set({ state: 'running', started_at: now }).where('id', '=', id).execute();
}

/** Ends a call with the result its message carries. */
export async function finishToolCall(
  tx: Write,
  end: {
    readonly id: string;
    readonly state: 'done' | 'failed' | 'unknown';
    readonly parsed: Readonly<Record<string, unknown>> | null;
    readonly result: string;
    readonly result_message_id: string;
    readonly started_at: string;
    readonly finished_at: string;
  },
): Promise<ToolCallRecord> {
  const { id, parsed, ...rest } = end;
  const row = await tx
    .updateTable('tool_call')
    .set({ ...rest, parsed: parsed === null ? null : toJson(parsed) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toRecord(row);
}

/** Lists calls of a run that have no result yet, those that wait for a decision too, in order. */
export async function listOpenToolCalls(db: Read, run_id: string): Promise<ToolCallRecord[]> {
  const rows = await db
    .selectFrom('tool_call')
    .selectAll()
    .where('run_id', '=', run_id)
    .where('state', 'in', ['pending', 'waiting', 'running'])
    .orderBy(sql`rowid`)
    .execute();
  return rows.map(toRecord);
}

/** Lists the calls of messages, for their cards. */
export async function listToolCallsOfMessages(db: Read, message_ids: readonly string[]): Promise<ToolCall[]> {
  if (message_ids.length === 0) return [];
  const rows = await db
    .selectFrom('tool_call')
    .selectAll()
    .where('message_id', 'in', message_ids)
    .orderBy(sql`rowid`)
    .execute();
  return rows.map((row) => toToolCall(toRecord(row)));
}

/** Lists the calls of a step, in order. */
export async function listToolCallsOfStep(db: Read, step_id: string): Promise<ToolCall[]> {
  const rows = await db
    .selectFrom('tool_call')
    .selectAll()
    .where('step_id', '=', step_id)
    .orderBy('ord')
    .execute();
  return rows.map((row) => toToolCall(toRecord(row)));
}

/** Which of the ids a model gave are taken in a talk. Small servers count from `call_0` in every answer. */
export async function findTakenCallIds(
  db: Read,
  conversation_id: string,
  tool_call_ids: readonly string[],
): Promise<Set<string>> {
  if (tool_call_ids.length === 0) return new Set();
  const talk = await readTalk(db, conversation_id);
  const rows = await db
    .selectFrom('tool_call')
    .select('tool_call_id')
    .where(
      'conversation_id',
      'in',
      talk.map((segment) => segment.conversation_id),
    )
    .where('tool_call_id', 'in', tool_call_ids)
    .execute();
  return new Set(rows.map((row) => row.tool_call_id));
}

/** Leaves the contract's fields of a stored call. */
export function toToolCall(record: ToolCallRecord): ToolCall {
  return {
    tool_call_id: record.tool_call_id,
    step_id: record.step_id,
    message_id: record.message_id,
    name: record.name,
    arguments: record.arguments,
    state: record.state,
    result: record.result,
    started_at: record.started_at,
    finished_at: record.finished_at,
  };
}

function toRecord(row: Selectable<Schema['tool_call']>): ToolCallRecord {
  return {
    id: row.id,
    run_id: row.run_id,
    conversation_id: row.conversation_id,
    ord: row.ord,
    effect: row.effect,
    tool_call_id: row.tool_call_id,
    step_id: row.step_id,
    message_id: row.message_id,
    name: row.name,
    arguments: row.arguments,
    state: row.state,
    result: row.result,
    started_at: row.started_at,
    finished_at: row.finished_at,
  };
}
/** Lists the calls of a run that ended well: what the run has learned from so far. */
export async function listDoneCalls(
  db: Read,
  run_id: string,
): Promise<Pick<ToolCallRecord, 'name' | 'effect' | 'step_id'>[]> {
  return db
    .selectFrom('tool_call')
    .select(['name', 'effect', 'step_id'])
    .where('run_id', '=', run_id)
    .where('state', '=', 'done')
    .orderBy(sql`rowid`)
    .execute();
}

/** A call a run made, and its result once it has one. */
export type MadeCall = Pick<ToolCallRecord, 'name' | 'arguments' | 'result' | 'step_id'>;

/** Lists all calls of a run, in order. */
export async function listCallsMade(db: Read, run_id: string): Promise<MadeCall[]> {
  return db
    .selectFrom('tool_call')
    .select(['name', 'arguments', 'result', 'step_id'])
    .where('run_id', '=', run_id)
    .orderBy(sql`rowid`)
    .execute();
}
