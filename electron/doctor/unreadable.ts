import { findUnreadable, replaceUnreadable } from '../store/checkup/json-columns.ts';
import type { Look } from '../store/checkup/look.ts';
import { type Damage, damage } from './damage.ts';

/** Rows of which a part is no JSON: whoever reads them fails, lists included. */
export async function checkReadable(look: Look): Promise<Damage[]> {
  const values = await findUnreadable(look);
  return values.map((value) => {
    const { table, column, id, agent_id, words } = value;
    const where = `${column} of ${table} ${id}`;
    return damage({
      kind: 'unreadable_row',
      severity: 'error',
      ref: `${table} ${id} ${column}`,
      agent_id,
      what: `A stored value can not be read, so everything that needs it fails: ${where}.`,
      where,
      repair: `It is ${words}; the unreadable text is kept beside it.`,
      mend: async ({ tx, now }) =>
        (await replaceUnreadable(tx, value, now))
          ? `The ${where} could not be read and is ${words} now.`
          : null,
    });
  });
}
