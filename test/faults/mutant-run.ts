import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, plant } from './mutants.ts';
import type { CaseFinding, Tally } from './tally.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const COPIED = ['electron', 'shared', 'test/faults', 'test/helpers', 'test/agent', 'test/fixtures/store'];

/** Cases that are enough where no point is named: one, or so many power cuts. */
const FIRST_CASES = { power: 40 } as const;

/**
 * Copies the sources, plants faults in the copy, and has the harness there run the cases that must find them, all of one
 * part. Answers for each the first finding that it must lead to; `null` means that the harness is blind to it. Throws when
 * a fault can't be planted or nothing ran.
 */
export async function runMutants(planted: readonly Mutant[], seed: number): Promise<(CaseFinding | null)[]> {
  const root = mkdtempSync(join(tmpdir(), 'memoir-mutant-'));
  try {
    for (const folder of COPIED) cpSync(join(ROOT, folder), join(root, folder), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(root, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'dir');
    for (const edit of planted.flatMap(({ edits }) => edits)) {
      const path = join(root, edit.file);
      writeFileSync(path, plant(readFileSync(path, 'utf8'), edit));
    }
    const script = join(root, 'test', 'faults', 'prove-faults.ts');
    const { findings } = await readTally(script, [...casesOf(planted), '--seed', String(seed), '--json']);
    return planted.map(({ finds }) => findings.find(({ kind }) => kind === finds) ?? null);
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function casesOf(planted: readonly Mutant[]): string[] {
  const named = planted.flatMap(({ point }) => (point === null ? [] : ['--point', point]));
  const part = planted[0]?.part ?? 'points';
  const to = part === 'power' ? FIRST_CASES.power : 1;
  return ['--part', part, ...(named.length > 0 ? named : ['--from', '0', '--to', String(to)])];
}

async function readTally(script: string, args: readonly string[]): Promise<Tally> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  await once(child, 'close');
  const last = output.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`The harness did not run on the mutant: ${errors}`);
  return JSON.parse(last) as Tally;
}
