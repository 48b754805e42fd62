import { type RawBuilder, sql } from 'kysely';
import type { Read } from '../database.ts';
import { type ActivityFilter, type Source, SOURCES } from './sources.ts';

/** How much happened in a span of time. */
export type ActivityCount = { steps: number; changes: number; failures: number };

/** Counts in a span, its end not included. Steps that asked for a summary are counted as steps. */
export async function countActivities(
  db: Read,
  filter: Omit<ActivityFilter, 'failed' | 'since'>,
  span: { readonly from: string; readonly to: string },
): Promise<ActivityCount> {
  const count = { steps: 0, changes: 0, failures: 0 };
  for (const source of SOURCES) {
    if (source.kind === 'step') count.steps += await countSteps(db, filter, span);
    if (source.kind === 'change') {
      count.changes += await countRows(db, source, source.conditions({ ...filter, failed: false }), span);
    }
    count.failures += await countRows(db, source, source.conditions({ ...filter, failed: true }), span);
  }
  return count;
}

// From the index alone: a day may have more steps than should be read to be counted.
async function countSteps(
  db: Read,
  { agent_id, actors }: Omit<ActivityFilter, 'failed' | 'since'>,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<number> {
  if (actors?.includes('agent') === false) return 0;
  let query = db
    .selectFrom('step')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('created_at', '>=', from)
    .where('created_at', '<', to);
  if (agent_id !== undefined) query = query.where('agent_id', '=', agent_id);
  return (await query.executeTakeFirstOrThrow()).count;
}

async function countRows(
  db: Read,
  { table, at }: Source,
  conditions: readonly RawBuilder<unknown>[] | null,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<number> {
  if (conditions === null) return 0;
  const moment = sql.ref(`t.${at}`);
  const where = sql.join([...conditions, sql`${moment} >= ${from}`, sql`${moment} < ${to}`], sql` and `);
  const { rows } = await sql<{
    count: number;
  }>`select count(*) as count from ${sql.table(table)} as t where ${where}`.execute(db);
  return rows[0]?.count ?? 0;
}
