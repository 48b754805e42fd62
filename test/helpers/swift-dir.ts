import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const IN_MEMORY = '/dev/shm';
const ROOM = 4 * 2 ** 30;

/**
 * Where temporary folders cost no waiting for a disk, if the system has such a place with 4 GiB of room; else the usual
 * one. For all that says nothing of disks: what is written there outlives a killed process as on a disk, not a power cut.
 */
export function swiftDir(): string {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ROOM ? IN_MEMORY : tmpdir();
  } catch {
    // Not on this system: the disk does as well, only slower.
    return tmpdir();
  }
}
