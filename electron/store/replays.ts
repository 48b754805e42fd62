import { deflateSync, inflateSync } from 'node:zlib';
import { type Selectable, sql } from 'kysely';
import type { Replay } from '../../shared/contract/steps.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';

/** Keeps a replay. Whether it was exact is seen when it is read. */
export async function insertReplay(tx: Write, fresh: Omit<Replay, 'is_exact'>): Promise<void> {
  const { request, response, edits, answer, usage, timings, error, ...rest } = fresh;
  await tx
    .insertInto('replay')
    .values({
      ...rest,
      edits: toJson(edits),
      request: deflateSync(request),
      response: response === null ? null : deflateSync(response),
      answer: answer === null ? null : toJson(answer),
      usage: usage === null ? null : toJson(usage),
      timings: toJson(timings),
      error: error === null ? null : toJson(error),
    })
    .execute();
}

/** Whether there is a replay of an id. */
export async function hasReplay(db: Read, replay_id: string): Promise<boolean> {
  const row = await db.selectFrom('replay').select('id').where('id', '=', replay_id).executeTakeFirst();
  return row !== undefined;
}

/** Lists the replays of a step, the oldest first. `recorded` is the body the step had sent. */
export async function listReplays(db: Read, step_id: string, recorded: string | null): Promise<Replay[]> {
  const rows = await db
    .selectFrom('replay')
    .selectAll()
    .where('step_id', '=', step_id)
    .orderBy(sql`rowid`)
    .execute();
  return rows.map((row) => toReplay(row, recorded));
}

function toReplay(row: Selectable<Schema['replay']>, recorded: string | null): Replay {
  const request = inflateSync(row.request).toString();
  return {
    id: row.id,
    step_id: row.step_id,
    model: row.model,
    edits: fromJson(row.edits),
    request,
    response: row.response === null ? null : inflateSync(row.response).toString(),
    is_exact: request === recorded,
    answer: row.answer === null ? null : fromJson(row.answer),
    usage: row.usage === null ? null : fromJson(row.usage),
    timings: row.timings === null ? {} : fromJson(row.timings),
    error: row.error === null ? null : fromJson(row.error),
    created_at: row.created_at,
  };
}
