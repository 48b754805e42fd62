import type { Read, Write } from '../database.ts';
import { fromJson, toJson } from '../encoding.ts';
import { readSetting, writeSetting } from '../settings.ts';

const KEY = 'doctor_mended';

/** What stood in columns before they were mended, by the id of the row. */
type MendedRows = Readonly<
  Record<string, { readonly at: string; readonly was: Readonly<Record<string, string>> }>
>;

/** Keeps what stood in a column before it was mended. Digests of such rows differ from then on, for a known reason. */
export async function noteMended(
  tx: Write,
  note: { readonly id: string; readonly column: string; readonly was: string; readonly now: string },
): Promise<void> {
  const { id, column, was, now } = note;
  const kept = await readMended(tx);
  // What stood there first is what the row was written with.
  const columns = { [column]: was, ...kept[id]?.was };
  await writeSetting(tx, KEY, toJson({ ...kept, [id]: { at: now, was: columns } }));
}

/** Reads which rows were mended, and what they held. */
export async function readMended(db: Read): Promise<MendedRows> {
  const kept = await readSetting(db, KEY);
  return kept === null ? {} : fromJson<MendedRows>(kept);
}
