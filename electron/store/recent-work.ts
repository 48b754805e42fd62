import { sql } from 'kysely';
import type { Run, StopReason, Usage } from '../../shared/contract/conversations.ts';
import { ONE, type Read } from './database.ts';
import { fromJson } from './encoding.ts';

/** A run as far as a diagnosis looks at it. */
export type RecentRun = Pick<
  Run,
  'id' | 'conversation_id' | 'state' | 'error' | 'started_at' | 'finished_at'
> & { readonly stop_reason: StopReason | null };

/** A step that was answered, and what it took. */
export type RecentStep = {
  readonly id: string;
  readonly run_id: string;
  readonly model: string;
  readonly created_at: string;
  /** `null` while it goes on. */
  readonly closed_at: string | null;
  /** `null` when no answer came. */
  readonly usage: Usage | null;
  /** Milliseconds until the whole answer was there; `null` when none came. */
  readonly model_ms: number | null;
};

/** A tool call and its result, whose beginning alone is read. */
export type RecentCall = {
  readonly name: string;
  readonly run_id: string;
  readonly step_id: string;
  readonly conversation_id: string;
  readonly state: 'pending' | 'waiting' | 'running' | 'done' | 'failed' | 'unknown';
  readonly result: string;
  /** Whether the arguments could be read. */
  readonly was_parsed: boolean;
  readonly started_at: string | null;
  readonly finished_at: string | null;
};

const MOST_CONVERSATIONS = 20;
const RESULT_CHARS = 4000;

/** The newest runs of an agent, the newest first; of its conversations, those used last. */
export async function listRecentRuns(db: Read, agent_id: string, limit: number): Promise<RecentRun[]> {
  const conversations = await db
    .selectFrom('conversation')
    .select('id')
    .where('agent_id', '=', agent_id)
    .orderBy('last_message_at', 'desc')
    .limit(MOST_CONVERSATIONS)
    .execute();
  const found: RecentRun[] = [];
  // One conversation at a time, so that the index gives each its newest without a walk through all.
  for (const { id } of conversations) found.push(...(await listRunsOf(db, id, limit)));
  return found.toSorted((one, other) => other.started_at.localeCompare(one.started_at)).slice(0, limit);
}

async function listRunsOf(db: Read, conversation_id: string, limit: number): Promise<RecentRun[]> {
  const rows = await db
    .selectFrom('run')
    .select(['id', 'conversation_id', 'state', 'stop_reason', 'error', 'started_at', 'finished_at'])
    .where('conversation_id', '=', conversation_id)
    .orderBy('started_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...row,
    state: row.state as Run['state'],
    stop_reason: row.stop_reason as StopReason | null,
    error: row.error === null ? null : fromJson(row.error),
  }));
}

/** Steps of runs, the newest first. */
export async function listStepsOfRuns(
  db: Read,
  run_ids: readonly string[],
  limit: number,
): Promise<RecentStep[]> {
  if (run_ids.length === 0) return [];
  const rows = await db
    .selectFrom('step')
    .select(['id', 'run_id', 'model', 'created_at', 'closed_at', 'usage', 'timings'])
    .where('run_id', 'in', run_ids)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ usage, timings, ...row }) => ({
    ...row,
    usage: usage === null ? null : fromJson<Usage>(usage),
    model_ms: timings === null ? null : (fromJson<{ model_ms?: number }>(timings).model_ms ?? null),
  }));
}

/** Tool calls of runs, the newest first. */
export async function listCallsOfRuns(
  db: Read,
  run_ids: readonly string[],
  limit: number,
): Promise<RecentCall[]> {
  if (run_ids.length === 0) return [];
  const rows = await db
    .selectFrom('tool_call')
    .select(['name', 'run_id', 'step_id', 'conversation_id', 'state', 'started_at', 'finished_at'])
    .select([
      sql<string>`coalesce(substr(result, 1, ${RESULT_CHARS}), '')`.as('result'),
      sql<number>`parsed is not null`.as('was_parsed'),
    ])
    .where('run_id', 'in', run_ids)
    .orderBy(sql`tool_call.rowid`, 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, was_parsed: row.was_parsed === 1 }));
}

/** When a block or an entry was last changed in the name of an agent; `null` when none was. */
export async function readLastMemoryChange(db: Read, agent_id: string): Promise<string | null> {
  const newest = async (table: 'block_version' | 'passage_version'): Promise<string> => {
    const row = await db
      .selectFrom(table)
      .select('created_at')
      .where('agent_id', '=', agent_id)
      .orderBy('created_at', 'desc')
      .limit(ONE)
      .executeTakeFirst();
    return row?.created_at ?? '';
  };
  const [last = ''] = [await newest('block_version'), await newest('passage_version')]
    .toSorted()
    .toReversed();
  return last === '' ? null : last;
}
