import { sql } from 'kysely';
import type { Write } from '../database.ts';
import { scopeToken } from './query.ts';
import { spaceUnspaced } from './words.ts';

/** A text for the index: `ord` is its row, `scope` the id a search stays inside. */
export type IndexedText = { readonly ord: number; readonly scope: string; readonly text: string };

/** Makes a message findable inside its agent (`scope`: the agent's id). */
export async function indexMessage(tx: Write, entry: IndexedText): Promise<void> {
  await sql`insert into message_fts(rowid, scope, text)
    values (${entry.ord}, ${scopeToken(entry.scope)}, ${spaceUnspaced(entry.text)})`.execute(tx);
}

/** Makes an entry findable inside its archive (`scope`: the archive's id). */
export async function indexPassage(tx: Write, entry: IndexedText): Promise<void> {
  await sql`insert into passage_fts(rowid, scope, text)
    values (${entry.ord}, ${scopeToken(entry.scope)}, ${spaceUnspaced(entry.text)})`.execute(tx);
}

/** Makes an entry impossible to find; one that is not in the index stays so. */
export async function unindexPassage(tx: Write, ord: number): Promise<void> {
  await sql`delete from passage_fts where rowid = ${ord}`.execute(tx);
}
