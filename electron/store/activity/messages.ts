import { sql } from 'kysely';
import type { Activity } from '../../../shared/contract/activity.ts';
import type { Read } from '../database.ts';
import { fromJson } from '../encoding.ts';

type Opening = Pick<Extract<Activity, { kind: 'message' }>, 'at' | 'message' | 'run'>;

const TEXT_CHARS = 300;

/** Reads the messages that runs began with, by the rows of the runs. */
export async function listOpeningsAt(db: Read, rowids: readonly number[]): Promise<Map<number, Opening>> {
  const rows = await db
    .selectFrom('run')
    .innerJoin('message', 'message.id', 'run.message_id')
    .select(['message.id', 'run.conversation_id', 'run.agent_id', 'message.role', 'message.name'])
    .select(['run.id as run_id', 'run.state', 'run.error', 'run.step_count', 'run.started_at'])
    .select(sql<string>`substr(message.text, 1, ${TEXT_CHARS})`.as('text'))
    .select(sql<number>`run.rowid`.as('place'))
    .where(sql<number>`run.rowid`, 'in', rowids)
    .execute();
  return new Map(
    rows.map((row) => [
      row.place,
      {
        at: row.started_at,
        message: {
          id: row.id,
          conversation_id: row.conversation_id,
          agent_id: row.agent_id,
          role: row.role as Opening['message']['role'],
          name: row.name,
          text: row.text,
        },
        run: {
          id: row.run_id,
          state: row.state as Opening['run']['state'],
          error: row.error === null ? null : fromJson(row.error),
          step_count: row.step_count,
        },
      },
    ]),
  );
}
