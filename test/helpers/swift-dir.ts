import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';

const IN_MEMORY = '/dev/shm';

/** Where temporary folders cost no writing to a disk, if there is such a place; for tests that say nothing of disks. */
export function swiftDir(): string {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    return IN_MEMORY;
  } catch {
    // Not on this system: the disk does as well, only slower.
    return tmpdir();
  }
}
