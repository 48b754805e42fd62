import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeStubElectron } from './stub-electron.ts';

const PATIENCE_MS = 120_000;

/** A packed app on the disk. */
export type PackedApp = {
  /** Holds `app.asar`. */
  readonly resources: string;
  /** The file that has the fuses. */
  readonly program: string;
  /** What a person starts. */
  readonly executable: string;
};

/**
 * Packs the built app for Linux into `folder`, with a stub in place of Electron: no network, no root, and nothing is
 * written elsewhere. Rejects with what the packer printed. `options` go to electron-builder.
 */
export async function packWithStub(
  project: string,
  folder: string,
  options: readonly string[] = [],
): Promise<PackedApp> {
  const electron = join(folder, 'electron');
  writeStubElectron(electron, electronVersion(project));
  const output = join(folder, 'release');
  const fixed = ['--linux', 'dir', '--publish', 'never', '--projectDir', project];
  const chosen = [`-c.electronDist=${electron}`, `-c.directories.output=${output}`, ...options];
  const cli = join(project, 'node_modules/electron-builder/cli.js');
  try {
    await promisify(execFile)(process.execPath, [cli, ...fixed, ...chosen], { timeout: PATIENCE_MS });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new Error(`The app could not be packed.\n${stdout}\n${stderr}`, { cause });
  }
  return packedAppIn(join(output, 'linux-unpacked'), 'linux');
}

/** The app in the folder that electron-builder packed it into, e.g. `release/linux-unpacked` or `release/mac-arm64`. */
export function packedAppIn(folder: string, platform: NodeJS.Platform): PackedApp {
  if (platform === 'darwin') {
    const contents = join(folder, 'Memoir.app/Contents');
    const framework = 'Frameworks/Electron Framework.framework/Electron Framework';
    const executable = join(contents, 'MacOS/Memoir');
    return { resources: join(contents, 'Resources'), program: join(contents, framework), executable };
  }
  const program = join(folder, platform === 'win32' ? 'Memoir.exe' : 'memoir');
  return { resources: join(folder, 'resources'), program, executable: program };
}

function electronVersion(project: string): string {
  const text = readFileSync(join(project, 'node_modules/electron/package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
