import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { points } from './kill/points.ts';
import { runMutants } from './mutant-run.ts';
import { mutants } from './mutants.ts';
import { type PartName, parts, type Theatre } from './parts.ts';
import { whyNoTrace } from './power/trace.ts';
import { openProgress, type Progress } from './progress.ts';
import { setFaultStage } from './stage/stage.ts';
import { createNursery } from './stage/start-child.ts';
import { addTally, lineOf, no_tally, type Tally } from './tally.ts';

// npm run prove:faults -- [--part NAME] [--seed N] [--from N] [--to N] [--point NAME] [--minutes N] [--data FOLDER] [--fresh]
const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    seed: { type: 'string', default: '7' },
    from: { type: 'string' },
    to: { type: 'string' },
    point: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '20' },
    data: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const data = values.data ?? join(tmpdir(), `memoir-prove-faults-${seed}`);
const started = Date.now();
const NAMES = Object.keys(parts) as PartName[];

function say(line: string): void {
  if (!values.json) console.log(line);
}

function hasTime(): boolean {
  return Date.now() - started < Number(values.minutes) * 60_000;
}

function again(part: PartName, number: number): string {
  return `npm run prove:faults -- --part ${part} --seed ${seed} --from ${number} --to ${number + 1}`;
}

/** Works on cases batch by batch until the end or until time is up; `keep` hears of each batch. */
async function workOn(
  theatre: Theatre,
  part: PartName,
  { from, to }: { readonly from: number; readonly to: number },
  keep: (next: number, tally: Tally) => void,
): Promise<Tally> {
  const { batch, work } = parts[part];
  let sum = no_tally;
  for (let next = from; next < to && hasTime();) {
    const end = Math.min(to, (Math.floor(next / batch) + 1) * batch);
    const tally = await work(theatre, next, end);
    for (const { kind, text, again: command } of tally.findings) say(`  ${kind}: ${text}\n    ${command}`);
    sum = addTally(sum, tally);
    next = end;
    keep(next, tally);
  }
  return sum;
}

/** Cases that were named are tried and nothing of them is kept. `--to` alone only says where to stop. */
async function tryNamed(theatre: Theatre, part: PartName): Promise<Tally> {
  const from = Number(values.from ?? 0);
  const to = Number(values.to ?? (await parts[part].count(theatre)));
  const ranges = values.point?.map(caseAt) ?? [{ from, to }];
  let sum = no_tally;
  for (const range of ranges) sum = addTally(sum, await workOn(theatre, part, range, () => undefined));
  return sum;
}

function caseAt(point: string): { readonly from: number; readonly to: number } {
  const index = points.findIndex(({ name }) => name === point);
  if (index === -1) throw new Error(`There is no point "${point}".`);
  return { from: index, to: index + 1 };
}

async function goOn(theatre: Theatre, progress: Progress, part: PartName): Promise<boolean> {
  const why_not = part === 'power' ? whyNoTrace() : null;
  if (why_not !== null) {
    say(`power    SKIPPED: ${why_not}`);
    return true;
  }
  const count = Math.min(await parts[part].count(theatre), Number(values.to ?? Infinity));
  const { next } = progress.of(part);
  await workOn(theatre, part, { from: next, to: count }, (reached, tally) => {
    progress.keep(part, { next: reached, tally: addTally(progress.of(part).tally, tally) });
  });
  const reached = progress.of(part);
  say(`${lineOf(part, reached.tally)} (${reached.next} of ${count})`);
  return reached.next >= count && reached.tally.findings.length === 0;
}

async function catchMutants(): Promise<boolean> {
  const counts = { caught: 0, missed: 0, skipped: 0 };
  for (const mutant of mutants) {
    const { name, part, finds } = mutant;
    const why_not = part === 'power' ? whyNoTrace() : null;
    const [found = null] = why_not === null ? await runMutants([mutant], seed) : [];
    counts[why_not !== null ? 'skipped' : found === null ? 'missed' : 'caught'] += 1;
    const verdict =
      found === null ? `MISSED: ${part} found nothing ${finds}` : `caught by ${part}: ${found.text}`;
    say(`mutant   ${name}: ${why_not === null ? verdict : `SKIPPED: ${why_not}`}`);
  }
  const { caught, missed, skipped } = counts;
  say(`mutants  ${caught} of ${mutants.length} caught, ${missed} missed, ${skipped} skipped`);
  return missed === 0;
}

async function runParts(chosen: readonly PartName[]): Promise<boolean> {
  const stage = await setFaultStage();
  const nursery = createNursery();
  const theatre: Theatre = { stage, nursery, seed, recordings: new Map(), again };
  try {
    const [only] = chosen;
    if (only !== undefined && (values.from !== undefined || values.point !== undefined)) {
      const tally = await tryNamed(theatre, only);
      console.log(values.json ? JSON.stringify(tally) : lineOf(only, tally));
      return tally.findings.length === 0;
    }
    const progress = openProgress(data, seed, values.fresh);
    let is_sound = true;
    for (const part of chosen) is_sound = (await goOn(theatre, progress, part)) && is_sound;
    return is_sound;
  } finally {
    await nursery.close();
    await stage.close();
  }
}

const wanted = values.part === undefined ? [...NAMES, 'mutants'] : [values.part];
const chosen = NAMES.filter((name) => wanted.includes(name));
if (chosen.length === 0 && !wanted.includes('mutants')) throw new Error(`There is no part "${values.part}".`);
say(`seed ${seed}; progress is kept in ${data}`);
let is_sound = chosen.length === 0 || (await runParts(chosen));
if (wanted.includes('mutants') && hasTime()) is_sound = (await catchMutants()) && is_sound;
if (!hasTime()) say(`Time is up; the same command goes on where it stopped.`);
process.exitCode = is_sound ? 0 : 1;
