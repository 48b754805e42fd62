import { type Selectable, sql } from 'kysely';
import type { Step } from '../../shared/contract/steps.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import { fromJson } from './encoding.ts';
import type { Schema } from './schema.ts';
import { readPlan } from './steps.ts';

/** Which steps to list, the newest first. */
export type StepFilter = {
  readonly agent_id?: string | undefined;
  readonly conversation_id?: string | undefined;
  readonly run_id?: string | undefined;
  readonly failed?: boolean | undefined;
  /** Id of a step: only older ones. */
  readonly before?: string | undefined;
  /** Only those that began before this moment. */
  readonly began_before?: string | undefined;
  readonly limit: number;
};

/** Lists steps and says whether there are older ones. Throws `not_found` for an unknown `before`. */
export async function listSteps(db: Read, filter: StepFilter): Promise<{ steps: Step[]; has_more: boolean }> {
  let query = select(db);
  if (filter.agent_id !== undefined) query = query.where('step.agent_id', '=', filter.agent_id);
  if (filter.run_id !== undefined) query = query.where('step.run_id', '=', filter.run_id);
  if (filter.conversation_id !== undefined) {
    query = query.where('run.conversation_id', '=', filter.conversation_id);
  }
  if (filter.failed === true) query = query.where('step.error', 'is not', null);
  if (filter.began_before !== undefined) query = query.where('step.created_at', '<', filter.began_before);
  if (filter.before !== undefined) {
    const row = await rowidOf(db, filter.before);
    query = query.where(sql<number>`step.rowid`, '<', row);
  }
  const rows = await query
    .orderBy(sql`step.rowid`, 'desc')
    .limit(filter.limit + 1)
    .execute();
  return { steps: rows.slice(0, filter.limit).map(toStep), has_more: rows.length > filter.limit };
}

/** Reads one step. Throws `not_found`. */
export async function readStep(db: Read, step_id: string): Promise<Step> {
  const row = await select(db).where('step.id', '=', step_id).executeTakeFirst();
  if (row === undefined) throw stepMissing(step_id);
  return toStep(row);
}

/** Reads steps by their rows, each with its row. */
export async function listStepsAt(db: Read, rowids: readonly number[]): Promise<Map<number, Step>> {
  const rows = await select(db)
    .select(sql<number>`step.rowid`.as('place'))
    .where(sql<number>`step.rowid`, 'in', rowids)
    .execute();
  return new Map(rows.map((row) => [row.place, toStep(row)]));
}

/** Reads the ids of the steps of the same run before and after a step. */
export async function readNeighbours(
  db: Read,
  { id, run_id }: Pick<Step, 'id' | 'run_id'>,
): Promise<{ previous_id: string | null; next_id: string | null }> {
  const rows = await db
    .selectFrom('step')
    .select('id')
    .where('run_id', '=', run_id)
    .orderBy('ord')
    .orderBy(sql`rowid`)
    .execute();
  const at = rows.findIndex((row) => row.id === id);
  return { previous_id: rows[at - 1]?.id ?? null, next_id: rows[at + 1]?.id ?? null };
}

/** Deletes requests and answers of steps that began before a moment; says how many. The steps themselves stay. */
export async function deleteTraces(tx: Write, before: string): Promise<number> {
  const result = await tx.deleteFrom('step_trace').where('created_at', '<', before).executeTakeFirst();
  return Number(result.numDeletedRows);
}

async function rowidOf(db: Read, step_id: string): Promise<number> {
  const row = await db
    .selectFrom('step')
    .select(sql<number>`rowid`.as('place'))
    .where('id', '=', step_id)
    .executeTakeFirst();
  if (row === undefined) throw stepMissing(step_id);
  return row.place;
}

function stepMissing(step_id: string): AppError {
  return new AppError('not_found', 'This step is not here.', { details: { step_id } });
}

const toolNames = sql<string>`(select coalesce(json_group_array(name order by ord), '[]') from tool_call
  where tool_call.step_id = step.id)`;
const hasTrace = sql<number>`exists (select 1 from step_trace where step_trace.step_id = step.id)`;

function select(db: Read) {
  return db
    .selectFrom('step')
    .innerJoin('run', 'run.id', 'step.run_id')
    .selectAll('step')
    .select(['run.conversation_id', toolNames.as('tools'), hasTrace.as('has_trace')]);
}

type StepRow = Selectable<Schema['step']> & {
  readonly conversation_id: string;
  readonly tools: string;
  readonly has_trace: number;
};

function toStep(row: StepRow): Step {
  return {
    id: row.id,
    run_id: row.run_id,
    agent_id: row.agent_id,
    conversation_id: row.conversation_id,
    ord: row.ord,
    kind: row.kind,
    state: row.state,
    model: row.model,
    usage: readJson<Step['usage']>(row.usage, null),
    timings: readJson(row.timings, {}),
    ...readPlan(row.prompt_parts),
    stop_reason: row.stop_reason as Step['stop_reason'],
    error: readJson<Step['error']>(row.error, null),
    tools: fromJson(row.tools),
    has_trace: row.has_trace === 1,
    created_at: row.created_at,
    closed_at: row.closed_at,
  };
}

function readJson<Value>(text: string | null, otherwise: Value): Value {
  return text === null ? otherwise : fromJson<Value>(text);
}
