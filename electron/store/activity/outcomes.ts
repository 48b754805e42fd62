import { sql } from 'kysely';
import type { Activity } from '../../../shared/contract/activity.ts';
import type { Step } from '../../../shared/contract/steps.ts';
import type { Read } from '../database.ts';

type Outcome = NonNullable<Extract<Activity, { kind: 'step' }>['outcome']>;

/** Says of the steps that failed what came after each in its run, by the id of the step. */
export async function readOutcomes(db: Read, steps: readonly Step[]): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const step of steps.filter(({ error }) => error !== null)) {
    const last = await db
      .selectFrom('step')
      .innerJoin('run', 'run.id', 'step.run_id')
      .select(['step.id', 'step.error', 'run.state'])
      .where('step.run_id', '=', step.run_id)
      .orderBy(sql`step.rowid`, 'desc')
      .limit(1)
      .executeTakeFirst();
    if (last === undefined) continue;
    const isRunning = last.state === 'running' || last.state === 'waiting';
    if (last.id === step.id) outcomes.set(step.id, isRunning ? 'under_way' : 'given_up');
    else if (last.error !== null) outcomes.set(step.id, 'failed_again');
    else outcomes.set(step.id, isRunning ? 'under_way' : 'worked');
  }
  return outcomes;
}
