import { readFileSync } from 'node:fs';

/** Marks the fuses in Electron's program: a byte for the version and one for the count follow, then one for each fuse. */
export const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** The fuses of version 1 in their order in the program; the first eight are ours to set. */
const NAMES = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

/** As many fuses as Electron 45 has: two more than the packer knows. */
export const FUSE_COUNT = NAMES.length + 2;

/** The name of a fuse that is set when the app is packed. */
export type FuseName = (typeof NAMES)[number];

/** What a fuse says; `removed` is one this Electron no longer has. */
export type FuseState = 'on' | 'off' | 'removed';

/** How each fuse of a packed app has to be. */
export const WANTED_FUSES: Readonly<Record<FuseName, FuseState>> = {
  runAsNode: 'off',
  enableCookieEncryption: 'on',
  enableNodeOptionsEnvironmentVariable: 'off',
  enableNodeCliInspectArguments: 'off',
  enableEmbeddedAsarIntegrityValidation: 'on',
  onlyLoadAppFromAsar: 'on',
  loadBrowserProcessSpecificV8Snapshot: 'off',
  grantFileProtocolExtraPrivileges: 'off',
};

/** Reads the fuses from a program, byte by byte and without the library that sets them. Throws if it has none. */
export function readFuses(program: string): Record<FuseName, FuseState> {
  const bytes = readFileSync(program);
  const at = bytes.indexOf(FUSE_SENTINEL);
  if (at === -1) throw new Error(`There are no fuses in ${program}.`);
  if (bytes.indexOf(FUSE_SENTINEL, at + 1) !== -1) throw new Error(`${program} has its fuses twice.`);
  const start = at + FUSE_SENTINEL.length;
  const version = bytes[start];
  if (version !== 1) throw new Error(`Fuses of version ${String(version)} are unknown.`);
  const states = NAMES.map((name, index) => [name, stateOf(name, bytes[start + 2 + index])] as const);
  return Object.fromEntries(states) as Record<FuseName, FuseState>;
}

/** The fuses that are not as they have to be, in words. */
export function fuseProblems(program: string): string[] {
  const found = readFuses(program);
  return NAMES.filter((name) => found[name] !== WANTED_FUSES[name]).map(
    (name) => `the fuse ${name} is ${found[name]}, not ${WANTED_FUSES[name]}`,
  );
}

function stateOf(name: FuseName, byte: number | undefined): FuseState {
  const state = { 0x30: 'off', 0x31: 'on', 0x72: 'removed' } as const;
  if (byte === 0x30 || byte === 0x31 || byte === 0x72) return state[byte];
  throw new Error(`The fuse ${name} holds the byte ${String(byte)}.`);
}
