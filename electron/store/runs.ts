import { type Selectable, sql } from 'kysely';
import type { Run, StopReason, Usage } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';

/** A usage of nothing. */
export const no_usage: Usage = {
  prompt_tokens: 0,
  completion_tokens: 0,
  total_tokens: 0,
  cached_input_tokens: 0,
  reasoning_tokens: 0,
};

/** How a run ended. */
export type RunEnd = {
  readonly state: Exclude<Run['state'], 'running'>;
  readonly stop_reason: StopReason;
  readonly error: Run['error'];
};

/** Opens a run. */
export async function insertRun(
  tx: Write,
  fresh: {
    readonly id: string;
    readonly agent_id: string;
    readonly conversation_id: string;
    readonly message_id: string | null;
    readonly max_steps: number;
    readonly instance_id: string;
    readonly now: string;
  },
): Promise<Run> {
  const { now, ...rest } = fresh;
  const row = {
    ...rest,
    state: 'running',
    stop_reason: null,
    error: null,
    step_count: 0,
    usage: toJson(no_usage),
    options: '{}',
    lease_until: null,
    started_at: now,
    finished_at: null,
  };
  await tx.insertInto('run').values(row).execute();
  return toRun(row);
}

/** Reads a run. Throws `not_found`. */
export async function readRun(db: Read, run_id: string): Promise<Run> {
  return toRun(await readRow(db, run_id));
}

/** Reads how many steps a run may take. Throws `not_found`. */
export async function readMaxSteps(db: Read, run_id: string): Promise<number> {
  return (await readRow(db, run_id)).max_steps;
}

/** Reads the newest run of a conversation, `null` before the first. */
export async function readLastRun(db: Read, conversation_id: string): Promise<Run | null> {
  const row = await db
    .selectFrom('run')
    .selectAll()
    .where('conversation_id', '=', conversation_id)
    .orderBy(sql`rowid`, 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toRun(row);
}

/** Lists runs of a conversation, the newest first: `states` keeps only those that are so, `limit` how many. */
export async function listRuns(
  db: Read,
  query: {
    readonly conversation_id: string;
    readonly states?: readonly Run['state'][] | undefined;
    readonly limit: number;
  },
): Promise<Run[]> {
  const ofTalk = db.selectFrom('run').selectAll().where('conversation_id', '=', query.conversation_id);
  const chosen = query.states === undefined ? ofTalk : ofTalk.where('state', 'in', query.states);
  const rows = await chosen
    .orderBy(sql`rowid`, 'desc')
    .limit(query.limit)
    .execute();
  return rows.map(toRun);
}

/** Lists runs left open by other instances: dead ones, since this instance holds the data folder. */
export async function listAbandonedRuns(db: Read, instance_id: string): Promise<Run[]> {
  const rows = await db
    .selectFrom('run')
    .selectAll()
    .where('state', '=', 'running')
    .where('instance_id', '!=', instance_id)
    .execute();
  return rows.map(toRun);
}

/** Adds a finished step to a run. */
export async function addStepToRun(tx: Write, run_id: string, usage: Usage): Promise<void> {
  const run = await readRun(tx, run_id);
  await tx
    .updateTable('run')
    .set({ step_count: run.step_count + 1, usage: toJson(addUsage(run.usage, usage)) })
    .where('id', '=', run_id)
    .execute();
}

/** Ends a run. */
export async function finishRun(tx: Write, run_id: string, end: RunEnd, now: string): Promise<Run> {
  const row = await tx
    .updateTable('run')
    .set({
      state: end.state,
      stop_reason: end.stop_reason,
      error: end.error === null ? null : toJson(end.error),
      finished_at: now,
      lease_until: null,
    })
    .where('id', '=', run_id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toRun(row);
}

/** Opens an ended run again, with room for as many steps as it had. Throws `not_found`. */
export async function reopenRun(tx: Write, run_id: string, instance_id: string): Promise<Run> {
  const row = await readRow(tx, run_id);
  await tx
    .updateTable('run')
    .set({
      state: 'running',
      stop_reason: null,
      error: null,
      finished_at: null,
      instance_id,
      max_steps: row.step_count + row.max_steps,
    })
    .where('id', '=', run_id)
    .execute();
  return readRun(tx, run_id);
}

async function readRow(db: Read, run_id: string): Promise<Selectable<Schema['run']>> {
  const row = await db.selectFrom('run').selectAll().where('id', '=', run_id).executeTakeFirst();
  if (row === undefined) throw new AppError('not_found', 'This run is not here.', { details: { run_id } });
  return row;
}

function addUsage(left: Usage, right: Usage): Usage {
  return {
    prompt_tokens: left.prompt_tokens + right.prompt_tokens,
    completion_tokens: left.completion_tokens + right.completion_tokens,
    total_tokens: left.total_tokens + right.total_tokens,
    cached_input_tokens: left.cached_input_tokens + right.cached_input_tokens,
    reasoning_tokens: left.reasoning_tokens + right.reasoning_tokens,
  };
}

function toRun(row: Selectable<Schema['run']>): Run {
  return {
    id: row.id,
    agent_id: row.agent_id,
    conversation_id: row.conversation_id,
    state: row.state as Run['state'],
    stop_reason: row.stop_reason as Run['stop_reason'],
    error: row.error === null ? null : fromJson(row.error),
    message_id: row.message_id,
    step_count: row.step_count,
    usage: fromJson(row.usage),
    started_at: row.started_at,
    finished_at: row.finished_at,
  };
}
