import type { Look } from '../store/checkup/look.ts';
import {
  emptyIndex,
  findStrayIndexRows,
  findUnindexed,
  type IndexKind,
  indexRow,
  unindexRow,
} from '../store/checkup/search-rows.ts';
import { formatCount } from '../memory/text.ts';
import { type Damage, damage, type Theatre } from './damage.ts';

const KINDS: readonly IndexKind[] = ['message', 'passage'];
const NAMES: Readonly<Record<IndexKind, string>> = { message: 'messages', passage: 'archive entries' };

/** The indexes of search beside what they are about. */
export async function checkSearchIndex(look: Look): Promise<Damage[]> {
  const found: Damage[] = [];
  for (const kind of KINDS) {
    const missing = await findUnindexed(look, kind);
    const stray = await findStrayIndexRows(look, kind);
    if (missing.length > 0) {
      found.push(
        damage({
          kind: 'not_searchable',
          severity: 'warning',
          ref: kind,
          what: `No search finds ${formatCount(missing.length)} of the ${NAMES[kind]}.`,
          where: `${kind}_fts`,
          repair: 'They are put into the index.',
          mend: (theatre) => fill(theatre, kind),
        }),
      );
    }
    if (stray.length > 0) {
      found.push(
        damage({
          kind: 'stray_index_row',
          severity: 'warning',
          ref: kind,
          what: `The index of ${NAMES[kind]} names ${formatCount(stray.length)} that are not there.`,
          where: `${kind}_fts`,
          repair: 'They are taken out of the index.',
          mend: (theatre) => clear(theatre, kind),
        }),
      );
    }
  }
  return found;
}

async function fill({ tx, look }: Theatre, kind: IndexKind): Promise<string | null> {
  const missing = await findUnindexed(look, kind);
  for (const ord of missing) {
    await look.pause();
    await indexRow(tx, kind, ord);
  }
  return missing.length === 0 ? null : `${formatCount(missing.length)} ${NAMES[kind]} can be searched again.`;
}

async function clear({ tx, look }: Theatre, kind: IndexKind): Promise<string | null> {
  const stray = await findStrayIndexRows(look, kind);
  for (const ord of stray) {
    await look.pause();
    await unindexRow(tx, kind, ord);
  }
  return stray.length === 0 ? null : `${formatCount(stray.length)} rows left the index of ${NAMES[kind]}.`;
}

/** Makes an index anew from the texts. */
export async function rebuildIndex(theatre: Theatre, kind: IndexKind): Promise<string> {
  await emptyIndex(theatre.tx, kind);
  await fill(theatre, kind);
  return `The index of ${NAMES[kind]} was made anew.`;
}
