import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../../helpers/chance.ts';
import { between, chanceAt } from '../chance.ts';
import type { Stage } from '../stage/stage.ts';
import type { createNursery } from '../stage/start-child.ts';
import { addTally, no_tally, type Tally, tallyOf } from '../tally.ts';
import type { Ack } from '../verify/acks.ts';
import { type Finding, findingsOf } from '../verify/findings.ts';
import { inspectFolder } from '../verify/rows.ts';
import { type Client, connectClient, Gone } from './client.ts';
import { reviveAndInspect } from './point-run.ts';
import { makeTraffic } from './traffic.ts';

/** Kills in a row that one store has to live through. */
export const KILLS_PER_STORE = 10;

const MOST_MS = 60;
const MOST_ACKS = 60;

/**
 * Kills a server of one store at random moments, `count` times: while it starts, or 1 to 60 ms into traffic of every
 * kind. After each death what it left is looked at, and somebody starts it again and asks everybody.
 */
export async function killAtRandom(
  stage: Stage,
  nursery: ReturnType<typeof createNursery>,
  { seed, store, count }: { readonly seed: number; readonly store: number; readonly count: number },
  again: (kill: number) => string,
): Promise<Tally> {
  const folder = stage.folder();
  const acks: Ack[] = [];
  let tally = no_tally;
  for (let kill = 0; kill < count; kill += 1) {
    const chance = chanceAt(seed, store, kill);
    const before = acks.length;
    const findings = await killOnce({ stage, nursery, folder, acks, chance });
    findings.push(...inspectFolder(folder, stage.scratch, acks, 'dead'));
    findings.push(...(await reviveAndInspect(stage, folder, acks, stage.talks)));
    tally = addTally(tally, tallyOf(acks.length - before, findings, again(store * KILLS_PER_STORE + kill)));
  }
  return tally;
}

type Kill = {
  readonly stage: Stage;
  readonly nursery: ReturnType<typeof createNursery>;
  readonly folder: string;
  readonly acks: Ack[];
  readonly chance: Chance;
};

async function killOnce({ stage, nursery, folder, acks, chance }: Kill): Promise<Finding[]> {
  const child = nursery.take();
  const { base_url } = stage.model;
  const dies_early = chance.next() < 0.1;
  const wait_ms = between(chance, 1, MOST_MS);
  child.order({ folder, base_url, cast: stage.cast, work: 'serve', point: null });
  if (dies_early) {
    await wait(wait_ms);
    child.kill();
    await child.gone;
    return [];
  }
  const url = await child.ready;
  if (url === null) return findingsOf('silent', [`the server did not start: ${(await child.gone).errors}`]);
  const client = await connectClient(url).catch(() => null);
  if (client === null) return findingsOf('silent', ['the server was gone before its first request']);
  const traffic = makeTraffic(client, stage.cast, chance);
  await heard(client, between(chance, 1, MOST_ACKS));
  await wait(wait_ms);
  child.kill();
  await child.gone;
  await traffic;
  acks.push(...client.acks);
  return findingsOf('other', client.faults);
}

/** The random moment counts from some acknowledgement, the first or a later one: a server is fast only after a while. */
async function heard(client: Client, count: number): Promise<void> {
  try {
    while (client.acks.length < count) await client.next(() => true);
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
  }
}
