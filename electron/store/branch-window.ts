import { ONE, type Read } from './database.ts';
import type { Schema } from './schema.ts';
import type { Segment } from './talk.ts';

/** What a window shows at a place. */
export type WindowEntry = Pick<Schema['window_entry'], 'kind' | 'ref' | 'text'>;

/** The window to look at, and the message at which. */
export type WindowHome = {
  readonly conversation_id: string;
  readonly seq: number;
  /** How a window shows a summary that stands for so many messages. */
  readonly summaryText: (summary: { readonly text: string; readonly covers: number }) => string;
};

/**
 * The window of a talk as it was with a message: the entries up to it that are still there, or, where they were taken
 * out since, the newest summary of before it and the history after that. Notes about memory are left out.
 */
export async function windowAt(
  db: Read,
  talk: readonly Segment[],
  home: WindowHome,
): Promise<readonly WindowEntry[]> {
  const rows = await readEntries(db, home.conversation_id);
  const last = rows.findLastIndex((row) => row.seq !== null && row.seq <= home.seq);
  const kept = rows.slice(0, last + 1).filter((row) => isBefore(row, home.seq));
  const is_evicted = rows.some((row) => row.covers_to_seq !== null && row.covers_to_seq > home.seq);
  if (is_evicted || (last === -1 && home.seq > 0)) return rebuilt(db, talk, home);
  return kept.map(({ kind, ref, text }) => ({ kind, ref, text }));
}

type EntryRow = WindowEntry & { readonly seq: number | null; readonly covers_to_seq: number | null };

function readEntries(db: Read, conversation_id: string): Promise<EntryRow[]> {
  return db
    .selectFrom('window_entry')
    .leftJoin('message', 'message.id', 'window_entry.ref')
    .leftJoin('summary', 'summary.id', 'window_entry.ref')
    .select(['window_entry.kind', 'window_entry.ref', 'window_entry.text'])
    .select(['message.seq', 'summary.covers_to_seq'])
    .where('window_entry.conversation_id', '=', conversation_id)
    .orderBy('window_entry.ord')
    .execute();
}

function isBefore(row: EntryRow, seq: number): boolean {
  if (row.kind === 'memory_delta') return false;
  return row.seq === null || row.seq <= seq;
}

async function rebuilt(db: Read, talk: readonly Segment[], home: WindowHome): Promise<WindowEntry[]> {
  const summary = await newestSummary(db, talk, home.seq);
  const entries: WindowEntry[] = [];
  if (summary !== null) {
    const covers = summary.covers_to_seq - summary.covers_from_seq + 1;
    const text = home.summaryText({ text: summary.text, covers });
    entries.push({ kind: 'summary', ref: summary.id, text });
  }
  const from_seq = summary?.covers_to_seq ?? 0;
  for (const segment of talk) {
    const to_seq = Math.min(segment.to_seq ?? home.seq, home.seq);
    const rows = await db
      .selectFrom('message')
      .select(['id', 'foreign_fields'])
      .where('conversation_id', '=', segment.conversation_id)
      .where('seq', '>', Math.max(segment.after_seq, from_seq))
      .where('seq', '<=', to_seq)
      .orderBy('seq')
      .execute();
    for (const { id, foreign_fields } of rows) {
      if (!isHidden(foreign_fields)) entries.push({ kind: 'message', ref: id, text: null });
    }
  }
  return entries;
}

// What an imported file kept out of its agent's sight never was in the window.
function isHidden(foreign_fields: string): boolean {
  if (foreign_fields === '{}') return false;
  const { agent_file } = JSON.parse(foreign_fields) as { agent_file?: { hidden?: boolean; kind?: string } };
  return agent_file?.hidden === true;
}

type SummaryRow = Pick<Schema['summary'], 'id' | 'text' | 'covers_from_seq' | 'covers_to_seq'>;

async function newestSummary(db: Read, talk: readonly Segment[], seq: number): Promise<SummaryRow | null> {
  let newest: SummaryRow | null = null;
  for (const segment of talk) {
    const row = await db
      .selectFrom('summary')
      .select(['id', 'text', 'covers_from_seq', 'covers_to_seq'])
      .where('conversation_id', '=', segment.conversation_id)
      .where('covers_to_seq', '<=', Math.min(segment.to_seq ?? seq, seq))
      .orderBy('covers_to_seq', 'desc')
      .limit(ONE)
      .executeTakeFirst();
    if (row !== undefined && (newest === null || row.covers_to_seq >= newest.covers_to_seq)) newest = row;
  }
  return newest;
}
