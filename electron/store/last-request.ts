import { inflateSync } from 'node:zlib';
import { sql } from 'kysely';
import type { Usage } from '../../shared/contract/conversations.ts';
import { ONE, type Read } from './database.ts';
import { fromJson } from './encoding.ts';
import { readPlan } from './steps.ts';

/** A request for an answer that went out, with what it was counted as. */
export type SentRequest = {
  readonly step_id: string;
  readonly created_at: string;
  /** Handle. */
  readonly model: string;
  /** The body as it was sent. */
  readonly request: string;
  /** Tokens of its parts as they were estimated. */
  readonly counted: number;
  /** As the provider reported it; `null` when no answer came. */
  readonly usage: Usage | null;
};

/** Reads the newest request of a conversation whose body is still kept; `null` when there is none. */
export async function readLastRequest(db: Read, conversation_id: string): Promise<SentRequest | null> {
  const row = await db
    .selectFrom('step')
    .innerJoin('run', 'run.id', 'step.run_id')
    .innerJoin('step_trace', 'step_trace.step_id', 'step.id')
    .select([
      'step.id',
      'step.created_at',
      'step.model',
      'step.prompt_parts',
      'step.usage',
      'step_trace.request',
    ])
    .where('run.conversation_id', '=', conversation_id)
    .where('step.kind', '=', 'answer')
    .orderBy(sql`run.rowid`, 'desc')
    .orderBy('step.ord', 'desc')
    .limit(ONE)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { parts } = readPlan(row.prompt_parts);
  return {
    step_id: row.id,
    created_at: row.created_at,
    model: row.model,
    request: inflateSync(row.request).toString(),
    counted: parts.reduce((total, { tokens }) => total + tokens, 0),
    usage: row.usage === null ? null : fromJson<Usage>(row.usage),
  };
}
