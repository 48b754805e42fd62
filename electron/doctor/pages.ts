import type { Look } from '../store/checkup/look.ts';
import { findIntegrityFaults, type IntegrityFault, remakeIndex } from '../store/checkup/integrity.ts';
import { type Damage, damage } from './damage.ts';
import { rebuildIndex } from './search-index.ts';

/** The file itself: pages, indexes and the inside of the search indexes. Takes a moment for each 100 MB. */
export async function checkPages(look: Look): Promise<Damage[]> {
  const faults = await findIntegrityFaults(look);
  const byPlace = Map.groupBy(faults, ({ table, index }) => index ?? table);
  return [...byPlace].map(([place, [first]]) => toDamage(place, first));
}

function toDamage(place: string, fault: IntegrityFault | undefined): Damage {
  const { table = place, index = null, words = '' } = fault ?? {};
  const common = { ref: place, severity: 'error', where: place } as const;
  if (table === 'message_fts' || table === 'passage_fts') {
    const kind = table === 'message_fts' ? 'message' : 'passage';
    return damage({
      ...common,
      kind: 'damaged_index',
      what: `The search index ${table} is damaged inside: ${words}.`,
      repair: 'It is made anew from the texts.',
      mend: (theatre) => rebuildIndex(theatre, kind),
    });
  }
  if (index !== null) {
    return damage({
      ...common,
      kind: 'damaged_index',
      what: `The index ${index} does not fit its table ${table}: ${words}.`,
      repair: 'It is made anew from the table.',
      mend: async ({ tx }) => {
        await remakeIndex(tx, index);
        return `The index ${index} was made anew.`;
      },
    });
  }
  return damage({
    ...common,
    kind: 'damaged_pages',
    what: `The file of the store is damaged in ${table}: ${words}.`,
    advice: 'Export your agents now, then restore a backup. Nothing is deleted.',
  });
}
