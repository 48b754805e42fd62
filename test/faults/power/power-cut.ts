import type { Ack } from '../verify/acks.ts';
import type { Chance } from '../../helpers/chance.ts';
import { between } from '../chance.ts';
import type { DiskEvent } from './trace.ts';

/** What a disk holds: the bytes of each file by its path. */
export type Disk = ReadonlyMap<string, Buffer>;

/** Work on a file that a disk may still lose, in order. */
type Pending = Extract<DiskEvent, { kind: 'write' | 'truncate' }>;

/** A file apart from its name, which may change. */
type File = { safe: Buffer; pending: Pending[] };

/** Of 100 writes that were not synced, so many are lost, and so many of the others torn. */
const LOST_PERCENT = 45;
const TORN_PERCENT = 10;
const SECTOR_BYTES = 512;

/**
 * A disk that a process works on, event by event, with the power to be cut after any. It keeps every write before the
 * last sync of its file and a random part of the later ones, whole or torn at a sector. Names follow the order of a file
 * system's own log: a sync of anything makes all names before it safe, of the later ones a beginning survives.
 */
export type VolatileDisk = {
  readonly apply: (event: DiskEvent) => void;
  /** What is on the disk when the power goes now. */
  readonly cut: (chance: Chance) => Disk;
  /** All that was acknowledged until now. */
  readonly acks: readonly Ack[];
};

/** Makes it with the files that were there before. */
export function createVolatileDisk(before: Disk): VolatileDisk {
  // Copies, since writes change the bytes in place and a recording serves many cuts.
  let safe_names = new Map(
    [...before].map(([path, bytes]): [string, File] => [path, { safe: Buffer.from(bytes), pending: [] }]),
  );
  let names = new Map(safe_names);
  let renamings: DiskEvent[] = [];
  const files = new Map<DiskEvent, File>();
  const acks: Ack[] = [];
  const fileAt = (path: string): File => {
    const file = names.get(path);
    if (file === undefined) throw new Error(`The trace writes to ${path}, which it never made.`);
    return file;
  };
  const rename = (into: Map<string, File>, event: DiskEvent): void => {
    if (event.kind === 'create') into.set(event.path, into.get(event.path) ?? madeBy(event));
    else if (event.kind === 'unlink') into.delete(event.path);
    else if (event.kind === 'rename') {
      const file = into.get(event.path);
      into.delete(event.path);
      if (file !== undefined) into.set(event.to, file);
    }
  };
  const madeBy = (event: DiskEvent): File => {
    const file = files.get(event) ?? { safe: Buffer.alloc(0), pending: [] };
    files.set(event, file);
    return file;
  };
  return {
    acks,
    apply: (event) => {
      if (event.kind === 'ack') acks.push(...event.acks);
      else if (event.kind === 'write' || event.kind === 'truncate') fileAt(event.path).pending.push(event);
      else if (event.kind === 'sync') {
        const file = names.get(event.path);
        if (file !== undefined) settle(file);
        safe_names = new Map(names);
        renamings = [];
      } else {
        names = new Map(names);
        rename(names, event);
        renamings.push(event);
      }
    },
    cut: (chance) => {
      const kept = new Map(safe_names);
      for (const event of renamings.slice(0, between(chance, 0, renamings.length))) rename(kept, event);
      return new Map([...kept].map(([path, file]) => [path, whatIsLeft(file, chance)]));
    },
  };
}

function settle(file: File): void {
  file.safe = file.pending.reduce(perform, file.safe);
  file.pending = [];
}

function whatIsLeft({ safe, pending }: File, chance: Chance): Buffer {
  const survived = pending.flatMap((work) => {
    if (chance.next() * 100 < LOST_PERCENT) return [];
    if (work.kind === 'truncate' || chance.next() * 100 >= TORN_PERCENT) return [work];
    const sectors = between(chance, 0, Math.floor(work.bytes.length / SECTOR_BYTES));
    return [{ ...work, bytes: work.bytes.subarray(0, sectors * SECTOR_BYTES) }];
  });
  return survived.reduce(perform, Buffer.from(safe));
}

function perform(bytes: Buffer, work: Pending): Buffer {
  if (work.kind === 'truncate') {
    const cut = Buffer.alloc(work.size);
    bytes.copy(cut, 0, 0, work.size);
    return cut;
  }
  const end = work.offset + work.bytes.length;
  const room = end > bytes.length ? Buffer.concat([bytes, Buffer.alloc(end - bytes.length)]) : bytes;
  work.bytes.copy(room, work.offset);
  return room;
}
