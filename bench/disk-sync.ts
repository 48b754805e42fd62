import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 4096;

/** What the disk under a folder takes for writing a page and making it durable, in milliseconds, one figure a round. */
export function syncTimes(folder: string, rounds: number): number[] {
  const file = openSync(join(folder, 'sync.tmp'), 'w');
  const page = Buffer.alloc(PAGE, 1);
  try {
    return Array.from({ length: rounds }, (_one, round) => {
      const start = performance.now();
      writeSync(file, page, 0, PAGE, round * PAGE);
      fdatasyncSync(file);
      return performance.now() - start;
    });
  } finally {
    closeSync(file);
  }
}
