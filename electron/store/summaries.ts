import { type Selectable, sql } from 'kysely';
import type { Summary, SummaryStats } from '../../shared/contract/summaries.ts';
import { AppError } from '../../shared/errors.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';
import type { Schema } from './schema.ts';

/** A summary as it is kept; whether the model sees it is the window's to say. */
export type SummaryRecord = Omit<Summary, 'in_window'> & {
  /** Of the words that asked for it; `null` when no model wrote it. */
  readonly prompt_hash: string | null;
};

/** Keeps a summary. */
export async function insertSummary(tx: Write, summary: SummaryRecord): Promise<void> {
  await tx
    .insertInto('summary')
    .values({ ...summary, stats: toJson(summary.stats) })
    .execute();
}

/** Reads a summary. Throws `not_found`. */
export async function readSummary(db: Read, summary_id: string): Promise<SummaryRecord> {
  const found = await findSummary(db, summary_id);
  if (found !== null) return found;
  throw new AppError('not_found', 'This summary is not here.', { details: { summary_id } });
}

/** Reads a summary, `null` when it is not here: a window may name one that never was. */
export async function findSummary(db: Read, summary_id: string): Promise<SummaryRecord | null> {
  const row = await db.selectFrom('summary').selectAll().where('id', '=', summary_id).executeTakeFirst();
  return row === undefined ? null : toRecord(row);
}

/** Reads summaries by their rows, each with its row. */
export async function listSummariesAt(
  db: Read,
  rowids: readonly number[],
): Promise<Map<number, SummaryRecord>> {
  const rows = await db
    .selectFrom('summary')
    .selectAll()
    .select(sql<number>`rowid`.as('place'))
    .where(sql<number>`rowid`, 'in', rowids)
    .execute();
  return new Map(rows.map((row) => [row.place, toRecord(row)]));
}

/**
 * Lists the summaries of a conversation, the newest first, and says which of them the model sees: those made for it, and
 * those a branch brought along in its window.
 */
export async function listSummaries(db: Read, conversation_id: string): Promise<Summary[]> {
  const shown = await db
    .selectFrom('window_entry')
    .select('ref')
    .where('conversation_id', '=', conversation_id)
    .where('kind', '=', 'summary')
    .execute();
  const in_window = new Set(shown.map(({ ref }) => ref));
  const rows = await db
    .selectFrom('summary')
    .selectAll()
    .where((where) =>
      where.or([where('conversation_id', '=', conversation_id), where('id', 'in', [...in_window, ''])]),
    )
    .orderBy('created_at', 'desc')
    .orderBy('covers_to_seq', 'desc')
    .execute();
  return rows.map((row) => toSummary(toRecord(row), in_window.has(row.id)));
}

/** A summary as callers see it. */
export function toSummary({ prompt_hash: _hash, ...summary }: SummaryRecord, in_window: boolean): Summary {
  return { ...summary, in_window };
}

function toRecord(row: Selectable<Schema['summary']>): SummaryRecord {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    text: row.text,
    covers_from_seq: row.covers_from_seq,
    covers_to_seq: row.covers_to_seq,
    parent_id: row.parent_id,
    model: row.model,
    mode: row.mode as Summary['mode'],
    stats: { ...NO_STATS, ...fromJson<Partial<SummaryStats>>(row.stats) },
    run_id: row.run_id,
    created_at: row.created_at,
    prompt_hash: row.prompt_hash,
  };
}

// A summary of an older Memoir or another program tells less of itself.
const NO_STATS: SummaryStats = {
  trigger: 'manual',
  tokens_before: 0,
  tokens_after: 0,
  messages_before: 0,
  messages_after: 0,
  window: 0,
  fallback: null,
};
