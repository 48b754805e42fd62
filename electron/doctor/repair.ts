import type { Checkup, Mended, Repair } from '../../shared/contract/doctor.ts';
import { AppError } from '../../shared/errors.ts';
import type { Look } from '../store/checkup/look.ts';
import { namesOfAgents } from '../store/checkup/agent-rows.ts';
import type { Database, Write } from '../store/database.ts';
import { createPause } from '../store/pause.ts';
import { takeSnapshot } from '../store/snapshot.ts';
import { type CheckOptions, checkUp, examine } from './check-up.ts';
import type { Damage, DoctorDeps, Theatre } from './damage.ts';
import { mendWindow } from './window.ts';

/** One mending may bring another to light; more rounds than this mean that two undo each other. */
const MOST_ROUNDS = 6;

/**
 * Mends all that can be mended, in one transaction, after a checked copy of the store was made; writes nothing when
 * there is nothing to mend. What was done is kept only if a look inside the transaction finds nothing more to mend.
 * Throws `not_found`, the `store_` codes, and `internal` when that look is not satisfied: then nothing was changed.
 */
export async function repairStore(
  deps: DoctorDeps,
  database: Database,
  options: CheckOptions,
): Promise<Repair> {
  const before = await checkUp(deps, database, options);
  if (before.repairable === 0) return { mended: [], backup: null, after: before };
  const backup = await takeSnapshot(database, deps.clock, 'repair');
  const mended = await database.transaction((tx) => mendAll(tx, deps, database, options));
  return { mended, backup, after: await checkUp(deps, database, options) };
}

// The pieces of the look let others go first; those that want to write wait for the end of this transaction.
async function mendAll(
  tx: Write,
  deps: DoctorDeps,
  database: Database,
  options: CheckOptions,
): Promise<Mended[]> {
  const look: Look = { read: tx, raw: database.raw, pause: createPause() };
  const theatre: Theatre = { tx, look, deps, now: deps.clock.now(), touched: new Set() };
  const names = namesOfAgents(look);
  const mended: Mended[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { damages, checkup } = await examine(look, deps, options);
    if (checkup.repairable === 0) return mended;
    // Damages that one mending sees to share it.
    for (const [mend, [one]] of Map.groupBy(damages, (each) => each.mend)) {
      await look.pause();
      const did = (await mend?.(theatre)) ?? null;
      if (did !== null && one !== undefined) mended.push(toMended(one, did, names));
    }
    for (const conversation_id of theatre.touched) await mendWindow(theatre, conversation_id);
    theatre.touched.clear();
  }
  throw unmended((await examine(look, deps, options)).checkup);
}

function toMended({ id, kind, agent_id }: Damage, did: string, names: ReadonlyMap<string, string>): Mended {
  const agent_name = agent_id === null ? null : (names.get(agent_id) ?? null);
  return { finding_id: id, kind, agent_id, agent_name, did };
}

function unmended({ findings }: Checkup): AppError {
  const left = findings.filter(({ repair }) => repair !== null);
  return new AppError(
    'internal',
    `The repair did not come to an end (${left[0]?.what ?? ''}). Nothing was changed. Export your agents, then restore a backup.`,
    { details: { findings: left.map(({ id }) => id) } },
  );
}
