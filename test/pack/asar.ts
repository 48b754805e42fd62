import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of an archive. */
export type AsarFile = {
  /** From the top of the archive, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Whether it lies beside the archive, in the folder of the same name with `.unpacked`. */
  readonly unpacked: boolean;
};

/** An archive as Electron reads it: its list of files, and what they hold. */
export type Asar = {
  readonly files: readonly AsarFile[];
  readonly read: (path: string) => Buffer;
  /** The files whose bytes are not those their digest in the list was made from. */
  readonly damaged: () => string[];
};

type Entry = {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly size?: number;
  readonly offset?: string;
  readonly unpacked?: boolean;
  readonly integrity?: { readonly algorithm: string; readonly hash: string };
};

/** The list begins after four numbers of four bytes: sizes of what follows, the last that of the list itself. */
const LIST_AT = 16;

/** Opens an archive. Throws when it is none. */
export function openAsar(path: string): Asar {
  const bytes = readFileSync(path);
  const length = bytes.readUInt32LE(12);
  const dataAt = 8 + bytes.readUInt32LE(4);
  const top = JSON.parse(bytes.subarray(LIST_AT, LIST_AT + length).toString()) as Entry;
  const entries = new Map(entriesOf(top, ''));
  const read = (name: string): Buffer => {
    const entry = entries.get(name);
    if (entry === undefined) throw new Error(`${path} has no ${name}.`);
    if (entry.unpacked === true) return readFileSync(join(`${path}.unpacked`, name));
    const from = dataAt + Number(entry.offset);
    return bytes.subarray(from, from + (entry.size ?? 0));
  };
  return {
    files: [...entries].map(([name, { size = 0, unpacked = false }]) => ({ path: name, size, unpacked })),
    read,
    damaged: () =>
      [...entries]
        .filter(([name, entry]) => entry.integrity?.hash !== sha256(read(name)))
        .map(([name]) => name),
  };
}

/**
 * Writes an archive's files to a folder, those beside it included, as the app's own code sees them through Electron's
 * file system.
 */
export function extractAsar(path: string, folder: string): void {
  const asar = openAsar(path);
  for (const file of asar.files) {
    const target = join(folder, file.path);
    mkdirSync(dirname(target), { recursive: true });
    if (file.unpacked) cpSync(join(`${path}.unpacked`, file.path), target);
    else writeFileSync(target, asar.read(file.path));
  }
}

function* entriesOf(entry: Entry, path: string): Generator<[string, Entry]> {
  if (entry.files === undefined) {
    yield [path, entry];
    return;
  }
  for (const [name, inner] of Object.entries(entry.files)) {
    yield* entriesOf(inner, path === '' ? name : `${path}/${name}`);
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
