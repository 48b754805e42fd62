import type { Chance } from '../helpers/chance.ts';
import { chanceAt } from './chance.ts';
import { jumpClock } from './clock-run.ts';
import { KILLS_PER_STORE, killAtRandom } from './kill/kill-run.ts';
import { killAtPoint } from './kill/point-run.ts';
import { points } from './kill/points.ts';
import { cutPower, type Recording, recordScenario, type Scenario } from './power/power-run.ts';
import { fillDisk } from './refuse/full-run.ts';
import { countStatements, REFUSALS, refuseStatement } from './refuse/io-run.ts';
import type { Stage } from './stage/stage.ts';
import type { createNursery } from './stage/start-child.ts';
import type { Tally } from './tally.ts';
import { countTogether, writeTogether } from './writers/writers-run.ts';

/** Name of a part. */
export type PartName = 'kill' | 'points' | 'power' | 'io' | 'full' | 'clock' | 'writers' | 'counters';

/** What a part works with. */
export type Theatre = {
  readonly stage: Stage;
  readonly nursery: ReturnType<typeof createNursery>;
  readonly seed: number;
  /** What was recorded so far for power cuts. */
  readonly recordings: Map<Scenario, Promise<Recording>>;
  /** The command by which a case can be had again. */
  readonly again: (part: PartName, number: number) => string;
};

/** A part of the harness: numbered cases, worked on in batches. */
export type Part = {
  /** How many cases there are; asked once. */
  readonly count: (theatre: Theatre) => Promise<number>;
  /** Cases that belong together, so that one of them can't be had without those before it in its batch. */
  readonly batch: number;
  /** Works on cases `from` up to, not including, `to`, all of one batch. */
  readonly work: (theatre: Theatre, from: number, to: number) => Promise<Tally>;
};

const TIMES_EACH_POINT = 5;
const REVIVE_EACH = 5;

/** How many cuts of each scenario, in this order. */
const CUTS: readonly (readonly [Scenario, number])[] = [
  ['chat', 800],
  ['import', 300],
  ['migration', 300],
  ['backup', 300],
  ['compaction', 300],
];

const fixed =
  (count: number): Part['count'] =>
  () =>
    Promise.resolve(count);

function chanceOf({ seed }: Theatre, number: number): Chance {
  return chanceAt(seed, number);
}

/** The parts, in the order they run. */
export const parts: Readonly<Record<PartName, Part>> = {
  kill: {
    count: fixed(1000),
    batch: KILLS_PER_STORE,
    work: ({ stage, nursery, seed, again }, from, to) => {
      const store = Math.floor(from / KILLS_PER_STORE);
      const count = to - store * KILLS_PER_STORE;
      return killAtRandom(stage, nursery, { seed, store, count }, (number) => again('kill', number));
    },
  },
  points: {
    count: fixed(points.length * TIMES_EACH_POINT),
    batch: 1,
    work: ({ stage, nursery, again }, from) => {
      const point = points[from % points.length];
      if (point === undefined) throw new Error('There are no points.');
      return killAtPoint(stage, nursery, point, again('points', from));
    },
  },
  power: {
    count: fixed(CUTS.reduce((sum, [, count]) => sum + count, 0)),
    batch: 100,
    work: async (theatre, from, to) => {
      const scenario = scenarioOf(from);
      const recording = await recordingOf(theatre, scenario);
      const cuts = { seed: theatre.seed, from, to, revive_each: REVIVE_EACH };
      return cutPower(theatre.stage, recording, cuts, (number) => theatre.again('power', number));
    },
  },
  io: {
    count: async ({ stage }) => (await countStatements(stage)) * REFUSALS.length,
    batch: 1,
    work: ({ stage, again }, from) => {
      const number = Math.floor(from / REFUSALS.length) + 1;
      const code = REFUSALS[from % REFUSALS.length] ?? 'SQLITE_FULL';
      return refuseStatement(stage, { number, code }, again('io', from), from % 20 === 0);
    },
  },
  full: {
    count: fixed(50),
    batch: 1,
    work: (theatre, from) => fillDisk(theatre.stage, chanceOf(theatre, from), theatre.again('full', from)),
  },
  clock: {
    count: fixed(50),
    batch: 1,
    work: (theatre, from) =>
      jumpClock(theatre.stage, theatre.nursery, chanceOf(theatre, from), theatre.again('clock', from)),
  },
  writers: {
    count: fixed(5),
    batch: 1,
    work: ({ stage, nursery, again }, from) =>
      writeTogether(stage, nursery, { writers: 8, edits: 10 }, again('writers', from)),
  },
  counters: {
    count: fixed(10),
    batch: 1,
    work: ({ stage, again }, from) =>
      countTogether(stage, { writers: 2, edits: 50 }, again('counters', from)),
  },
};

function scenarioOf(number: number): Scenario {
  let left = number;
  for (const [scenario, count] of CUTS) {
    if (left < count) return scenario;
    left -= count;
  }
  throw new Error(`There is no power cut ${number}.`);
}

/** One recording serves all cuts of a scenario in a run. */
function recordingOf({ stage, recordings }: Theatre, scenario: Scenario): Promise<Recording> {
  const made = recordings.get(scenario) ?? recordScenario(stage, scenario);
  recordings.set(scenario, made);
  return made;
}
