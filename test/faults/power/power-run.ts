import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { between, chanceAt } from '../chance.ts';
import { reviveAndInspect } from '../kill/point-run.ts';
import type { SceneName } from '../stage/scenes.ts';
import type { Stage } from '../stage/stage.ts';
import { addTally, no_tally, type Tally, tallyOf } from '../tally.ts';
import { inspectFolder } from '../verify/rows.ts';
import { createVolatileDisk, type Disk } from './power-cut.ts';
import { type DiskEvent, recordDisk } from './trace.ts';

/** What a process does while the power is cut. */
export type Scenario = 'chat' | 'import' | 'migration' | 'backup' | 'compaction';

/** Where a scenario begins, and which scene it is. */
const SCENES: Readonly<Record<Scenario, { readonly scene: SceneName; readonly store: 'lived in' | 'old' }>> =
  {
    chat: { scene: 'chat', store: 'lived in' },
    import: { scene: 'import', store: 'lived in' },
    migration: { scene: 'start', store: 'old' },
    backup: { scene: 'import', store: 'lived in' },
    compaction: { scene: 'compaction', store: 'lived in' },
  };

/** What was recorded of a scenario. */
export type Recording = {
  readonly scenario: Scenario;
  readonly folder: string;
  readonly before: Disk;
  readonly events: readonly DiskEvent[];
};

/** Plays a scenario once in a process of its own and records what that did to its files. */
export async function recordScenario(stage: Stage, scenario: Scenario): Promise<Recording> {
  const { scene, store } = SCENES[scenario];
  const folder = stage.folder(store);
  const before = readDisk(folder);
  const { base_url } = stage.model;
  const order = { folder, base_url, cast: stage.cast, work: scene, point: null };
  return { scenario, folder, before, events: await recordDisk(order, `${folder}.trace`) };
}

/** Which cuts to try: numbers `from` up to, not including, `to`; every `revive_each`-th also starts again. */
export type Cuts = {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly revive_each: number;
};

/** Cuts the power at random places of a recording, and looks each time at what the disk is left with. */
export async function cutPower(
  stage: Stage,
  recording: Recording,
  { seed, from, to, revive_each }: Cuts,
  again: (cut: number) => string,
): Promise<Tally> {
  const { scenario, events, before } = recording;
  const [low, high] = rangeOf(recording);
  const cuts = Array.from({ length: to - from }, (_one, index) => {
    const chance = chanceAt(seed, from + index);
    return { number: from + index, place: between(chance, low, high), chance };
  }).toSorted((a, b) => a.place - b.place);
  const disk = createVolatileDisk(before);
  let tally = no_tally;
  let applied = 0;
  for (const { number, place, chance } of cuts) {
    for (; applied < place; applied += 1) {
      const event = events[applied];
      if (event !== undefined) disk.apply(event);
    }
    const folder = join(dirname(recording.folder), 'cut');
    writeDisk(disk.cut(chance), recording.folder, folder);
    const findings = inspectFolder(folder, stage.scratch, disk.acks, 'dead');
    if (number % revive_each === 0) {
      const talks = scenario === 'migration' ? [] : stage.talks;
      findings.push(...(await reviveAndInspect(stage, folder, disk.acks, talks)));
    }
    tally = addTally(tally, tallyOf(disk.acks.length, findings, again(number)));
  }
  return tally;
}

/** A backup is cut while it is made; everything else from the first event to the last. */
function rangeOf({ scenario, events }: Recording): [number, number] {
  if (scenario !== 'backup') return [0, events.length];
  const is_backup = (event: DiskEvent): boolean => 'path' in event && event.path.includes('/backups/');
  return [events.findIndex(is_backup), events.findLastIndex(is_backup) + 1];
}

function readDisk(folder: string): Disk {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  return new Map(
    names
      .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path)]),
  );
}

function writeDisk(disk: Disk, from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const [path, bytes] of disk) {
    const target = join(to, path.slice(from.length));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
}
