/**
 * 10,000 turns on servers of models that fail in three of ten, in parts of 1,000 with a seed each. What is done is kept in
 * a file of the system's temporary folder, so that a proof cut short goes on where it was; one call takes at most about
 * 18 minutes and says whether there is more to do. `--again` begins anew; a number takes so many turns.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { swiftDir } from '../helpers/swift-dir.ts';
import { ANTHROPIC_FAULTS } from './model-anthropic-faults.ts';
import { drillTurns } from './model-drill.ts';
import { CHAT_FAULTS } from './model-faults.ts';
import type { Cancel } from './model-turn.ts';

const PART = 1000;
const MOST_MS = 18 * 60_000;
const CANCEL_MS = 500;
const FILE = join(tmpdir(), 'memoir-prove-turns.json');

type Counts = Readonly<Record<string, number>>;
type Part = {
  readonly seed: number;
  readonly turns: number;
  readonly seconds: number;
  readonly acknowledged: number;
  readonly met: Counts;
  readonly ends: Counts;
  readonly cancels: readonly Cancel[];
  readonly counts: Counts;
  readonly findings: readonly string[];
};

const args = process.argv.slice(2);
if (args.includes('--again')) rmSync(FILE, { force: true });
const turns = Number(args.find((arg) => /^\d+$/u.test(arg)) ?? 10_000);
const parts = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Part[]) : [];
const start = performance.now();
for (let seed = parts.length + 1; (seed - 1) * PART < turns; seed += 1) {
  const longest_s = Math.max(0, ...parts.map((part) => part.seconds));
  if (performance.now() - start + longest_s * 1000 > MOST_MS) break;
  parts.push(await runPart(seed));
  writeFileSync(FILE, JSON.stringify(parts));
  print(`part ${seed}: ${lineOf(parts.slice(-1))}`);
}
print(lineOf(parts));
for (const [name, figures] of Map.groupBy(
  parts.flatMap(({ cancels }) => cancels),
  ({ during }) => during,
)) {
  print(`  stopped while ${name}: ${figures.length}, ${cancelLine(figures)}`);
}
for (const cancel of parts.flatMap(({ cancels }) => cancels)) {
  if (cancel.took_ms <= CANCEL_MS) continue;
  print(
    `  stopped while ${cancel.during} (fault: ${cancel.fault}) only after ${cancel.took_ms.toFixed(0)} ms, ` +
      `without ${cancel.starved_ms.toFixed(0)} ms in which the system let the process do nothing`,
  );
}
for (const finding of parts.flatMap(({ findings }) => findings).slice(0, 40)) print(`  ${finding}`);
const done = parts.reduce((sum, part) => sum + part.turns, 0);
if (done < turns) print(`${turns - done} turns are left; run it again to go on.`);
const is_sound =
  parts.every(({ findings }) => findings.length === 0) &&
  parts.every(({ cancels }) => cancels.every((cancel) => ownTime(cancel) <= CANCEL_MS));
process.exitCode = is_sound ? 0 : 1;

async function runPart(seed: number): Promise<Part> {
  const from = performance.now();
  const report = await drillTurns({
    turns: Math.min(PART, turns),
    seed,
    haste: 400,
    reopen_after: 125,
    parent: swiftDir(),
  });
  const { decisions, edits, compactions, repeats, restarts, summaries } = report;
  return {
    seed,
    turns: report.turns,
    seconds: (performance.now() - from) / 1000,
    acknowledged: report.acknowledged,
    met: Object.fromEntries(report.met),
    ends: Object.fromEntries(report.ends),
    cancels: report.cancels,
    counts: { decisions, edits, compactions, repeats, restarts, summaries },
    findings: report.findings,
  };
}

function lineOf(some: readonly Part[]): string {
  const sum = (of: (part: Part) => number): number => some.reduce((total, part) => total + of(part), 0);
  const met = new Set(some.flatMap((part) => Object.keys(part.met)));
  const count = (name: string): number => sum((part) => part.counts[name] ?? 0);
  const ended = (name: string): number => sum((part) => part.ends[name] ?? 0);
  return (
    `${sum((part) => part.turns)} turns in ${Math.round(sum((part) => part.seconds))} s: ` +
    `${sum((part) => part.findings.length)} findings; ${sum((part) => part.acknowledged)} acknowledged messages; ` +
    `${sum((part) => Object.values(part.met).reduce((all, one) => all + one, 0))} faults met, ` +
    `${met.size} of ${CHAT_FAULTS.length + ANTHROPIC_FAULTS.length} kinds; ` +
    `runs completed ${ended('completed')}, failed ${ended('failed')}, cancelled ${ended('cancelled')}, ` +
    `interrupted ${ended('interrupted')}; summaries ${count('summaries')}, decisions ${count('decisions')}, ` +
    `edits by people ${count('edits')}, repeated sends ${count('repeats')}, restarts ${count('restarts')}; ` +
    `cancels ${sum((part) => part.cancels.length)}, ${cancelLine(some.flatMap((part) => part.cancels))}`
  );
}

/** What a cancel took beside the time in which the system was busy with others. */
function ownTime({ took_ms, starved_ms }: Cancel): number {
  return took_ms - starved_ms;
}

function cancelLine(cancels: readonly Cancel[]): string {
  const sorted = cancels.map(ownTime).toSorted((one, other) => one - other);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  const longest = Math.max(0, ...cancels.map(({ took_ms }) => took_ms));
  return (
    `p99 ${p99.toFixed(0)} ms, longest ${(sorted.at(-1) ?? 0).toFixed(0)} ms (aim <= ${CANCEL_MS}), ` +
    `by the clock of a busy machine ${longest.toFixed(0)} ms`
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
