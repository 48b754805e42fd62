import { type Selectable, sql } from 'kysely';
import type { ClientTool } from '../../shared/contract/approvals.ts';
import type { Run, StopReason, Usage } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import { ONE, type Read, type Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import { leaseFrom } from './leases.ts';
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
  readonly state: Exclude<Run['state'], 'running' | 'waiting'>;
  readonly stop_reason: StopReason;
  readonly error: Run['error'];
};

/** What the sender of a run's message asked for beside the words. */
export type RunOptions = {
  /** Tools the sender runs itself. */
  readonly client_tools?: readonly ClientTool[];
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
    readonly options?: RunOptions;
    readonly now: string;
  },
): Promise<Run> {
  const { now, options = {}, ...rest } = fresh;
  const row = {
    ...rest,
    state: 'running',
    stop_reason: null,
    error: null,
    step_count: 0,
    usage: toJson(no_usage),
    options: toJson(options),
    lease_until: leaseFrom(now),
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

/** Reads how many steps a run may take, and what its sender asked for. Throws `not_found`. */
export async function readRunTerms(
  db: Read,
  run_id: string,
): Promise<{ readonly max_steps: number; readonly options: RunOptions }> {
  const { max_steps, options } = await readRow(db, run_id);
  return { max_steps, options: fromJson(options) };
}

/** Lets a run go on with other tools of its sender's own. */
export async function replaceClientTools(
  tx: Write,
  run_id: string,
  client_tools: readonly ClientTool[],
): Promise<void> {
  const { options } = await readRunTerms(tx, run_id);
  await tx
    .updateTable('run')
    .set({ options: toJson({ ...options, client_tools }) })
    .where('id', '=', run_id)
    .execute();
}

/** Reads the run of a conversation that is at work or waits for a decision, `null` when there is none. */
export async function readOpenRun(db: Read, conversation_id: string): Promise<Run | null> {
  const ofTalk = db.selectFrom('run').selectAll().where('conversation_id', '=', conversation_id);
  // One state at a time, in the words of the index that serves it.
  const waiting = await ofTalk.where('state', '=', sql.lit('waiting')).limit(ONE).executeTakeFirst();
  const open =
    waiting ?? (await ofTalk.where('state', '=', sql.lit('running')).limit(ONE).executeTakeFirst());
  return open === undefined ? null : toRun(open);
}

/** Lets a run wait for a decision. */
export async function pauseRun(tx: Write, run_id: string): Promise<Run> {
  const row = await tx
    .updateTable('run')
    .set({ state: 'waiting', stop_reason: 'requires_approval', lease_until: null })
    .where('id', '=', run_id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toRun(row);
}

/** Goes on with a run that waited; `null` when it does not wait any more. */
export async function unpauseRun(tx: Write, run_id: string, instance_id: string): Promise<Run | null> {
  const row = await tx
    .updateTable('run')
    .set({ state: 'running', stop_reason: null, instance_id })
    .where('id', '=', run_id)
    .where('state', '=', 'waiting')
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toRun(row);
}

/** Lists the runs that wait for a decision. */
export async function listWaitingRuns(db: Read): Promise<Run[]> {
  const rows = await db.selectFrom('run').selectAll().where('state', '=', sql.lit('waiting')).execute();
  return rows.map(toRun);
}

/** Reads the newest run of a conversation, `null` before the first. */
export async function readLastRun(db: Read, conversation_id: string): Promise<Run | null> {
  const row = await db
    .selectFrom('run')
    .selectAll()
    .where('conversation_id', '=', conversation_id)
    .orderBy(sql`rowid`, 'desc')
    .limit(ONE)
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

/**
 * Lists runs that nobody works on: those of other instances, dead ones since this instance holds the data folder, and
 * those of this one whose lease ran out.
 */
export async function listAbandonedRuns(
  db: Read,
  { instance_id, now }: { readonly instance_id: string; readonly now: string },
): Promise<Run[]> {
  const rows = await db
    .selectFrom('run')
    .selectAll()
    .where('state', '=', 'running')
    .where((where) => where.or([where('instance_id', '!=', instance_id), where('lease_until', '<', now)]))
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

/** Adds to a run what a call beside its steps cost. */
export async function addUsageToRun(tx: Write, run_id: string, usage: Usage): Promise<void> {
  const run = await readRun(tx, run_id);
  await tx
    .updateTable('run')
    .set({ usage: toJson(addUsage(run.usage, usage)) })
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
export async function reopenRun(
  tx: Write,
  run_id: string,
  { instance_id, now }: { readonly instance_id: string; readonly now: string },
): Promise<Run> {
  const row = await readRow(tx, run_id);
  await tx
    .updateTable('run')
    .set({
      state: 'running',
      stop_reason: null,
      error: null,
      finished_at: null,
      instance_id,
      lease_until: leaseFrom(now),
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

/** The sum of two usages. */
export function addUsage(left: Usage, right: Usage): Usage {
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
