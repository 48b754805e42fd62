// Run on a schedule: fails when our Electron left the newest two lines, or waits for a release of its own line, which
// nearly always carries security fixes of Chromium.
import { readFileSync } from 'node:fs';

const RELEASES = 'https://releases.electronjs.org/releases.json';
const NEWEST_LINES = 2;
const PATIENCE_DAYS = 14;
const DAY_MS = 86_400_000;

/** A release as Electron's list has it; of what else is there, nothing is used. */
export type Release = { readonly version: string; /** The day it came out. */ readonly date: string };

/** What is wrong with using a version of Electron, such as "45.3.4", on a day; in words. */
export function supportProblems(ours: string, releases: readonly Release[], today: Date): string[] {
  const stable = releases.filter(({ version }) => /^\d+\.\d+\.\d+$/.test(version));
  if (!stable.some(({ version }) => version === ours)) return [`Electron ${ours} is in no list of releases`];
  const lines = [...new Set(stable.map(({ version }) => lineOf(version)))].toSorted((a, b) => b - a);
  const newest = lines.slice(0, NEWEST_LINES);
  const waiting = stable
    .filter(({ version }) => lineOf(version) === lineOf(ours) && isNewer(version, ours))
    .filter(({ date }) => today.getTime() - Date.parse(date) > PATIENCE_DAYS * DAY_MS)
    .reduce((latest, { version }) => (isNewer(version, latest) ? version : latest), ours);
  return [
    ...(newest.includes(lineOf(ours))
      ? []
      : [`Electron ${lineOf(ours)} is not one of the newest two lines, ${newest.join(' and ')}`]),
    ...(waiting === ours ? [] : [`Electron ${waiting} has been out for more than ${PATIENCE_DAYS} days`]),
  ];
}

function lineOf(version: string): number {
  return Number(version.split('.', 1)[0]);
}

function isNewer(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) > 0;
}

if (import.meta.main) {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const ours = (JSON.parse(manifest) as { devDependencies: { electron: string } }).devDependencies.electron;
  const response = await fetch(RELEASES);
  if (!response.ok) throw new Error(`${RELEASES} answered ${response.status}.`);
  const problems = supportProblems(ours, (await response.json()) as Release[], new Date());
  for (const problem of problems) process.stderr.write(`${problem}.\n`);
  if (problems.length > 0) process.exitCode = 1;
  else process.stdout.write(`Electron ${ours} is supported and up to date.\n`);
}
