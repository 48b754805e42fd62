import type { MemoryChange } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import { getStoredBlock } from '../store/blocks.ts';
import type { Clock } from '../store/clock.ts';
import type { Write } from '../store/database.ts';
import { firstWords } from '../store/memory-changes.ts';
import { insertBlockVersion, insertPassageVersion } from '../store/memory-versions.ts';
import { getStoredPassage } from '../store/passages.ts';
import { indexPassage, unindexPassage } from '../store/search/full-text.ts';
import { settingsOf } from './block-versions.ts';
import { directCause } from './cause.ts';
import { estimateTokens } from './passage-versions.ts';

/** A block or entry that differs from the newest of its versions. */
export type Differing = {
  readonly id: string;
  /** Text of the row, and of the newest version (`null`: in the trash, or there is no version). */
  readonly text: string;
  readonly after: string | null;
  readonly version: number;
  readonly newest: number | null;
  readonly is_deleted: boolean;
  readonly agent_id: string | null;
};

const REASON = 'The Doctor made memory and its versions agree.';

/**
 * Makes a block or entry and its versions agree: what the newest version says counts, and a new version by `system`
 * says so and keeps the other text. A row whose version was lost keeps its text, and gets that version.
 */
export async function straighten(
  tx: Write,
  kind: 'block' | 'passage',
  { differing, clock }: { readonly differing: Differing; readonly clock: Clock },
): Promise<'text' | 'version'> {
  const { text, after, version, newest, is_deleted } = differing;
  const is_lost = newest === null || newest < version;
  const wanted = is_deleted ? null : is_lost ? text : (after ?? text);
  const change: MemoryChange = {
    ...directCause('system', differing.agent_id, REASON),
    id: clock.newId('change'),
    kind,
    target_id: differing.id,
    label: '',
    // A lost version gets its number; else one is added.
    version: is_lost ? version : newest + 1,
    operation: is_deleted ? 'delete' : newest === null ? 'create' : 'restore',
    before: is_lost ? after : text,
    after: wanted,
    undoes: null,
    undone_by: null,
    created_at: clock.now(),
  };
  if (kind === 'block') await writeBlock(tx, change);
  else await writePassage(tx, change);
  return is_lost ? 'version' : 'text';
}

async function writeBlock(tx: Write, change: MemoryChange): Promise<void> {
  const block = await getStoredBlock(tx, change.target_id);
  if (block === null) throw gone(change);
  await insertBlockVersion(tx, { change: { ...change, label: block.label }, settings: settingsOf(block) });
  await tx
    .updateTable('block')
    .set({ value: change.after ?? block.value, version: change.version, updated_at: change.created_at })
    .where('id', '=', change.target_id)
    .execute();
}

async function writePassage(tx: Write, change: MemoryChange): Promise<void> {
  const passage = await getStoredPassage(tx, change.target_id);
  if (passage === null) throw gone(change);
  const text = change.after ?? passage.text;
  await insertPassageVersion(tx, { change: { ...change, label: firstWords(text) }, tags: passage.tags });
  await tx
    .updateTable('passage')
    .set({ text, version: change.version, token_count: estimateTokens(text), updated_at: change.created_at })
    .where('id', '=', change.target_id)
    .execute();
  await unindexPassage(tx, passage.ord);
  if (change.after !== null) await indexPassage(tx, { ord: passage.ord, scope: passage.archive_id, text });
}

function gone({ target_id }: MemoryChange): AppError {
  return new AppError('not_found', `There is no memory ${target_id} any more. Nothing was changed.`);
}
