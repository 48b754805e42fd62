import type { Selectable } from 'kysely';
import type { Read, Write } from './database.ts';
import type { Schema } from './schema.ts';

/** Streamed text as it was last saved, before its answer was whole. */
export type DraftRow = Selectable<Schema['draft']>;

/** Saves how far an answer has come, over what was saved of its run before. */
export async function putDraft(tx: Write, draft: DraftRow): Promise<void> {
  const { run_id: _, ...fields } = draft;
  await tx
    .insertInto('draft')
    .values(draft)
    .onConflict((conflict) => conflict.column('run_id').doUpdateSet(fields))
    .execute();
}

/** Takes the draft of a run away, for its answer is kept or becomes a message now; `null` when none was saved. */
export async function takeDraft(tx: Write, run_id: string): Promise<DraftRow | null> {
  const row = await tx.deleteFrom('draft').where('run_id', '=', run_id).returningAll().executeTakeFirst();
  return row ?? null;
}

/** A saved draft and what its message will need beside it. */
export type DraftOfAgent = DraftRow & Pick<Schema['run'], 'conversation_id'> & Pick<Schema['step'], 'model'>;

/** Lists the drafts of an agent. */
export async function listDraftsOfAgent(db: Read, agent_id: string): Promise<readonly DraftOfAgent[]> {
  return db
    .selectFrom('draft')
    .innerJoin('run', 'run.id', 'draft.run_id')
    .innerJoin('step', 'step.id', 'draft.step_id')
    .selectAll('draft')
    .select(['run.conversation_id', 'step.model'])
    .where('run.agent_id', '=', agent_id)
    .execute();
}
