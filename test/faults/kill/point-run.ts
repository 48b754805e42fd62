import type { Stage } from '../stage/stage.ts';
import type { createNursery } from '../stage/start-child.ts';
import { type Tally, tallyOf } from '../tally.ts';
import type { Ack } from '../verify/acks.ts';
import { type Finding, findingsOf } from '../verify/findings.ts';
import { revive } from '../verify/revive.ts';
import { inspectFolder } from '../verify/rows.ts';
import { pointNamed, type Point } from './points.ts';

type Nursery = ReturnType<typeof createNursery>;

/** A point at which a process dies with runs at work, so that the next start has something to recover. */
const DEATH_BEFORE_START = 'calls kept: after the commit';

/** Kills a process at a point, looks at what it left, starts again and asks everybody. */
export async function killAtPoint(
  stage: Stage,
  nursery: Nursery,
  point: Point,
  again: string,
): Promise<Tally> {
  const is_migration = point.scene === 'start' && !point.name.startsWith('close a run');
  const folder = stage.folder(is_migration ? 'old' : 'lived in');
  const acks: Ack[] = [];
  const findings: Finding[] = [];
  if (point.scene === 'start' && !is_migration) {
    findings.push(...(await dieAt(pointNamed(DEATH_BEFORE_START), { stage, nursery, folder, acks })));
  }
  findings.push(...(await dieAt(point, { stage, nursery, folder, acks })));
  findings.push(...inspectFolder(folder, stage.scratch, acks, 'dead'));
  findings.push(...(await reviveAndInspect(stage, folder, acks, is_migration ? [] : stage.talks)));
  return tallyOf(acks.length, findings, again);
}

type Death = {
  readonly stage: Stage;
  readonly nursery: Nursery;
  readonly folder: string;
  readonly acks: Ack[];
};

/** Has a process play the scene of a point until it dies there; what it acknowledged is added. */
export async function dieAt(point: Point, { stage, nursery, folder, acks }: Death): Promise<Finding[]> {
  const child = nursery.take();
  const { base_url } = stage.model;
  child.order({ folder, base_url, cast: stage.cast, work: point.scene, point: point.name });
  const { how, errors } = await child.gone;
  acks.push(...child.acks);
  if (how === 'killed') return [];
  return findingsOf('other', [`"${point.name}" was not reached: the process ${how} ${errors}`.trim()]);
}

/** Starts again, lets everybody answer, and looks once more; the model must have refused nothing. */
export async function reviveAndInspect(
  { model, scratch }: Stage,
  folder: string,
  acks: readonly Ack[],
  talks: readonly string[],
): Promise<Finding[]> {
  const refused = model.refusals.length;
  const silent = await revive(folder, model.base_url, talks);
  return [
    ...silent,
    ...inspectFolder(folder, scratch, acks, 'recovered'),
    ...findingsOf('unpaired', model.refusals.slice(refused)),
  ];
}
