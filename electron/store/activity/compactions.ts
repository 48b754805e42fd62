import type { Activity } from '../../../shared/contract/activity.ts';
import type { Read } from '../database.ts';
import { listSummariesAt } from '../summaries.ts';

type Compaction = Pick<Extract<Activity, { kind: 'compaction' }>, 'summary' | 'agent_id' | 'step_id'>;

/** Reads compactions by the rows of their summaries: whose window it was, and the step that asked for the summary. */
export async function listCompactionsAt(
  db: Read,
  rowids: readonly number[],
): Promise<Map<number, Compaction>> {
  const summaries = await listSummariesAt(db, rowids);
  const compactions = new Map<number, Compaction>();
  for (const [rowid, { text: _text, prompt_hash: _hash, ...summary }] of summaries) {
    const home = await db
      .selectFrom('conversation')
      .select('agent_id')
      .where('id', '=', summary.conversation_id)
      .executeTakeFirst();
    if (home === undefined) continue;
    const step_id = summary.run_id === null || summary.model === null ? null : await writerOf(db, summary);
    compactions.set(rowid, { summary, agent_id: home.agent_id, step_id });
  }
  return compactions;
}

// Kept in one transaction with the summary, after it; a run may be compacted more than once.
async function writerOf(
  db: Read,
  { run_id, created_at }: Pick<Compaction['summary'], 'run_id' | 'created_at'>,
): Promise<string | null> {
  const step = await db
    .selectFrom('step')
    .select('id')
    .where('run_id', '=', run_id ?? '')
    .where('kind', '=', 'compaction')
    .where('error', 'is', null)
    .where('created_at', '>=', created_at)
    .orderBy('ord')
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  return step?.id ?? null;
}
