import { cureLink, type DanglingLink, findDanglingLinks } from '../store/checkup/links.ts';
import type { Look } from '../store/checkup/look.ts';
import { type Damage, damage } from './damage.ts';

/** References to rows that are not there. Those of history stay: what they name is evidence. */
export async function checkLinks(look: Look): Promise<Damage[]> {
  return (await findDanglingLinks(look)).map(toDamage);
}

function toDamage(link: DanglingLink): Damage {
  const { table, column, target, cure, key, ref, agent_id } = link;
  const where = `${column} of ${table} row ${key}`;
  const common = {
    kind: 'dangling_link',
    ref: `${table} ${key} ${column}`,
    agent_id,
    what: `A ${table} row names the ${target} ${ref}, which is not there.`,
    where,
  } as const;
  if (cure === 'none') {
    return damage({
      ...common,
      severity: 'error',
      advice: `It is kept as it is: the ${target} can not be made up. A backup of before may hold it.`,
    });
  }
  const did = cure === 'drop' ? 'The row is taken out' : 'The reference is emptied';
  return damage({
    ...common,
    severity: 'warning',
    repair: `${did}; it leads nowhere.`,
    mend: async ({ tx }) =>
      (await cureLink(tx, link)) ? `${did}: ${where} named ${ref}, which is not there.` : null,
  });
}
