import type { Checkup, Finding, Mended, Repair } from '../../shared/contract/doctor.ts';
import { AppError } from '../../shared/errors.ts';
import type { Look } from '../store/checkup/look.ts';
import { namesOfAgents } from '../store/checkup/agent-rows.ts';
import type { Database, Write } from '../store/database.ts';
import { createPause } from '../store/pause.ts';
import { inSavepoint } from '../store/savepoint.ts';
import { takeSnapshot } from '../store/snapshot.ts';
import { type CheckOptions, checkUp, examine } from './check-up.ts';
import type { Damage, DoctorDeps, Theatre } from './damage.ts';
import { mendWindow } from './window.ts';

/** One mending may bring another to light; more rounds than this mean that two undo each other. */
const MOST_ROUNDS = 6;

/** So often a repair begins again without what did not come to an end. */
const MOST_TRIES = 4;

/** Why findings could not be mended, by their ids. */
type GivenUp = Map<string, string>;

/** What a repair works on. */
type Operation = {
  readonly deps: DoctorDeps;
  readonly database: Database;
  readonly options: CheckOptions;
  readonly given_up: GivenUp;
};

/** Takes a transaction back whose mendings undo each other. */
class Endless extends Error {}

/**
 * Mends all that can be mended, in one transaction, after a checked copy of the store was made; writes nothing when
 * there is nothing to mend. What was done is kept only if a look inside the transaction finds nothing more to mend. A
 * damage that resists is given up, keeps no other from being mended, and is told in `after`. Throws `not_found`, the
 * `store_` codes, and `internal` when nothing could be mended: then nothing was changed.
 */
export async function repairStore(
  deps: DoctorDeps,
  database: Database,
  options: CheckOptions,
): Promise<Repair> {
  const before = await checkUp(deps, database, options);
  if (before.repairable === 0) return { mended: [], backup: null, after: before };
  const backup = await takeSnapshot(database, deps.clock, 'repair');
  const given_up: GivenUp = new Map();
  const mended = await tryToMend({ deps, database, options, given_up });
  return { mended, backup, after: told(await checkUp(deps, database, options), given_up) };
}

async function tryToMend(operation: Operation): Promise<Mended[]> {
  const { deps, database, options, given_up } = operation;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      const mended = await database.transaction((tx) => mendAll(tx, operation));
      if (mended.length > 0 || given_up.size === 0) return mended;
      break;
    } catch (error) {
      if (!(error instanceof Endless)) throw error;
    }
  }
  throw unmended(await checkUp(deps, database, options));
}

// The pieces of the look let others go first; those that want to write wait for the end of this transaction.
async function mendAll(tx: Write, operation: Operation): Promise<Mended[]> {
  const { deps, database, given_up } = operation;
  const look: Look = { read: tx, raw: database.raw, pause: createPause() };
  const theatre: Theatre = { tx, look, deps, now: deps.clock.now(), touched: new Set() };
  const names = namesOfAgents(look);
  const mended: Mended[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const damages = await listMendable(look, operation);
    if (damages.length === 0) return mended;
    // Damages that one mending sees to share it.
    for (const [mend, all] of Map.groupBy(damages, (each) => each.mend)) {
      await look.pause();
      const did = await attempt(theatre, all, given_up, async () => (await mend?.(theatre)) ?? null);
      if (did !== null && all[0] !== undefined) mended.push(toMended(all[0], did, names));
    }
    for (const conversation_id of theatre.touched) {
      const own = damages.filter((one) => one.conversation_id === conversation_id);
      await attempt(theatre, own, given_up, () => mendWindow(theatre, conversation_id));
    }
    theatre.touched.clear();
  }
  for (const { id } of await listMendable(look, operation)) {
    given_up.set(id, 'What was done about it did not last.');
  }
  throw new Endless();
}

async function listMendable(look: Look, { deps, options, given_up }: Operation): Promise<readonly Damage[]> {
  const { damages } = await examine(look, deps, options);
  return damages.filter(({ id, mend }) => mend !== null && !given_up.has(id));
}

/** Mends so that a failure takes back this mending alone, and is told with what it was to mend. */
async function attempt<Result>(
  { tx }: Theatre,
  damages: readonly Damage[],
  given_up: GivenUp,
  mend: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await inSavepoint(tx, mend);
  } catch (error) {
    // The disk and the file concern all of them.
    const code = error instanceof AppError ? error.code : String((error as { code?: unknown }).code);
    if (damages.length === 0 || !/^(?:SQLITE_CONSTRAINT|internal$|not_found$|conflict$)/u.test(code))
      throw error;
    for (const { id } of damages) given_up.set(id, error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** A checkup in which what was given up is no longer offered as a repair. */
function told(checkup: Checkup, given_up: GivenUp): Checkup {
  const findings = checkup.findings.map((finding): Finding => {
    const why = given_up.get(finding.id);
    if (why === undefined || finding.repair === null) return finding;
    const advice = `A repair was tried and taken back: ${why} Export your agents, then restore a backup of before.`;
    return { ...finding, repair: null, advice };
  });
  return { ...checkup, findings, repairable: findings.filter(({ repair }) => repair !== null).length };
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
