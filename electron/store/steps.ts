import { hash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { sql } from 'kysely';
import type { ContextPart } from '../../shared/contract/context.ts';
import type { Usage } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import { ONE, type Read, type Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';

/** A part of a prompt by size alone; its text is in the trace. */
export type PromptPart = Pick<ContextPart, 'kind' | 'tokens'>;

/** Writes a step as planned: what it will ask, before anything is sent. */
export async function insertStep(
  tx: Write,
  fresh: Pick<
    Schema['step'],
    'id' | 'run_id' | 'agent_id' | 'ord' | 'model' | 'tool_schema_hash' | 'created_at'
  > & {
    readonly prompt_parts: readonly PromptPart[];
    /** What the compiler mended, in words; kept with the parts. */
    readonly repairs: readonly string[];
  },
): Promise<void> {
  const { prompt_parts, repairs, ...rest } = fresh;
  await tx
    .insertInto('step')
    .values({
      ...rest,
      kind: 'answer',
      state: 'planned',
      request_hash: null,
      prompt_parts: toJson({ parts: prompt_parts, repairs }),
      usage: null,
      timings: null,
      stop_reason: null,
      error: null,
      closed_at: null,
    })
    .execute();
}

/** Writes down a call of a model that made no answer of the talk, such as one for a summary: a step that is over. */
export async function insertClosedStep(
  tx: Write,
  done: Pick<Schema['step'], 'id' | 'run_id' | 'agent_id' | 'ord' | 'model' | 'kind' | 'created_at'> & {
    readonly usage: Usage;
    readonly timings: Readonly<Record<string, number>>;
    readonly error: { readonly code: string; readonly message: string } | null;
    readonly request: string;
    readonly response: string;
  },
): Promise<void> {
  const { usage, timings, error, request, response, ...rest } = done;
  await tx
    .insertInto('step')
    .values({
      ...rest,
      state: 'closed',
      request_hash: null,
      tool_schema_hash: null,
      prompt_parts: null,
      usage: toJson(usage),
      timings: toJson(timings),
      stop_reason: null,
      error: error === null ? null : toJson(error),
      closed_at: rest.created_at,
    })
    .execute();
  await insertTrace(tx, { step_id: rest.id, request, response, now: rest.created_at });
}

/** Reads what the newest request of a conversation was made of, by part; `null` before the first. */
export async function readLastParts(db: Read, conversation_id: string): Promise<PromptPart[] | null> {
  const row = await db
    .selectFrom('step')
    .innerJoin('run', 'run.id', 'step.run_id')
    .select('step.prompt_parts')
    .where('run.conversation_id', '=', conversation_id)
    .where('step.kind', '=', 'answer')
    .orderBy(sql`run.rowid`, 'desc')
    .orderBy('step.ord', 'desc')
    .limit(ONE)
    .executeTakeFirst();
  return row === undefined ? null : readPlan(row.prompt_parts).parts;
}

/** Reads what a step was planned with: the parts of its prompt, and what was mended; a file of another program may lack either. */
export function readPlan(text: string | null): { parts: PromptPart[]; repairs: string[] } {
  const kept = fromJson<Partial<ReturnType<typeof readPlan>> | null>(text ?? '{}');
  return { parts: kept?.parts ?? [], repairs: kept?.repairs ?? [] };
}

/** Moves a step along its arrow: sent, tools. */
export async function moveStep(tx: Write, step_id: string, state: 'sent' | 'tools'): Promise<void> {
  await tx.updateTable('step').set({ state }).where('id', '=', step_id).execute();
}

/** Marks a step as received and keeps its trace and what it cost. `timings` are milliseconds by name. */
export async function receiveStep(
  tx: Write,
  trace: Trace,
  cost: { readonly usage: Usage; readonly timings: Readonly<Record<string, number>> },
): Promise<void> {
  const request_hash = await putTrace(tx, trace);
  await tx
    .updateTable('step')
    .set({ state: 'received', request_hash, usage: toJson(cost.usage), timings: toJson(cost.timings) })
    .where('id', '=', trace.step_id)
    .execute();
}

/** Adds what was mended to a step's own list, in words. */
export async function addStepRepairs(tx: Write, step_id: string, repairs: readonly string[]): Promise<void> {
  if (repairs.length === 0) return;
  const row = await tx
    .selectFrom('step')
    .select('prompt_parts')
    .where('id', '=', step_id)
    .executeTakeFirstOrThrow();
  const kept = readPlan(row.prompt_parts);
  const prompt_parts = toJson({ ...kept, repairs: [...kept.repairs, ...repairs] });
  await tx.updateTable('step').set({ prompt_parts }).where('id', '=', step_id).execute();
}

/** Ends the steps of a run that are still open: one, unless a process died between two. */
export async function closeOpenSteps(
  tx: Write,
  close: {
    readonly run_id: string;
    readonly stop_reason: string | null;
    readonly error: { readonly code: string; readonly message: string } | null;
    readonly now: string;
  },
): Promise<void> {
  await tx
    .updateTable('step')
    .set({
      state: 'closed',
      stop_reason: close.stop_reason,
      error: close.error === null ? null : toJson(close.error),
      closed_at: close.now,
    })
    .where('run_id', '=', close.run_id)
    .where('state', '!=', 'closed')
    .execute();
}

// A third of the time for a tenth more room; requests come with every step.
const FAST = { level: 1 };

/** The exact request and answer of a step. */
export type Trace = {
  readonly step_id: string;
  readonly request: string;
  readonly response: string;
  readonly now: string;
};

/** Keeps the trace of a step that has no answer of the talk, with the hash of its request. Once per step. */
export async function insertTrace(tx: Write, trace: Trace): Promise<void> {
  const request_hash = await putTrace(tx, trace);
  await tx.updateTable('step').set({ request_hash }).where('id', '=', trace.step_id).execute();
}

/** Keeps a trace compressed; the hash of its request. */
async function putTrace(tx: Write, trace: Trace): Promise<string> {
  await tx
    .insertInto('step_trace')
    .values({
      step_id: trace.step_id,
      request: deflateSync(trace.request, FAST),
      response: deflateSync(trace.response, FAST),
      created_at: trace.now,
    })
    .execute();
  return hash('sha256', trace.request);
}

/** Reads the exact request and answer of a step. Throws `not_found`. */
export async function readTrace(
  db: Read,
  step_id: string,
): Promise<{ request: string; response: string | null }> {
  const row = await db.selectFrom('step_trace').selectAll().where('step_id', '=', step_id).executeTakeFirst();
  if (row === undefined)
    throw new AppError('not_found', 'This step left no trace.', { details: { step_id } });
  return {
    request: inflateSync(row.request).toString(),
    response: row.response === null ? null : inflateSync(row.response).toString(),
  };
}
