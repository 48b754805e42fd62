import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartName } from './parts.ts';
import { no_tally, type Tally } from './tally.ts';

/** How far a part has come. */
export type PartProgress = { readonly next: number; readonly tally: Tally };

/** What a run of the harness keeps between its calls. */
export type Progress = {
  readonly of: (part: PartName) => PartProgress;
  readonly keep: (part: PartName, progress: PartProgress) => void;
};

type Kept = { readonly seed: number; readonly parts: Partial<Record<PartName, PartProgress>> };

/** Reads the progress kept in a folder for a seed; another seed begins anew, as does `is_fresh`. */
export function openProgress(folder: string, seed: number, is_fresh: boolean): Progress {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'progress.json');
  const found = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept) : null;
  let kept: Kept = found?.seed === seed && !is_fresh ? found : { seed, parts: {} };
  return {
    of: (part) => kept.parts[part] ?? { next: 0, tally: no_tally },
    keep: (part, progress) => {
      kept = { ...kept, parts: { ...kept.parts, [part]: progress } };
      writeFileSync(`${path}.part`, JSON.stringify(kept));
      renameSync(`${path}.part`, path);
    },
  };
}
