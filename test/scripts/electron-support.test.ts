/** E17, E19: how old Electron may be, and what its download is held against. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { supportProblems } from '../../scripts/electron-support.ts';
import { ROOT } from '../helpers/sources.ts';

const RELEASES = [
  { version: '47.0.0-beta.1', date: '2026-11-01' },
  { version: '46.0.2', date: '2026-11-10' },
  { version: '45.3.10', date: '2026-11-15' },
  { version: '45.3.9', date: '2026-11-01' },
  { version: '45.3.4', date: '2026-10-01' },
  { version: '44.9.0', date: '2026-11-01' },
];
const on = (day: string, ours: string): string[] => supportProblems(ours, RELEASES, new Date(day));

describe('the age of Electron', () => {
  test('the newest of one of the newest two lines is fine, and so is one whose successor is fresh', () => {
    expect(on('2026-11-20', '46.0.2')).toEqual([]);
    expect(on('2026-11-20', '45.3.10')).toEqual([]);
    expect(on('2026-11-20', '45.3.9')).toEqual([]);
    expect(on('2026-11-15', '45.3.4')).toEqual([]);
  });

  test('a release that waits for more than two weeks, and a line that is not among the newest two, are found', () => {
    expect(on('2026-11-20', '45.3.4')).toEqual(['Electron 45.3.9 has been out for more than 14 days']);
    expect(on('2026-12-20', '45.3.9')).toEqual(['Electron 45.3.10 has been out for more than 14 days']);
    expect(on('2026-11-20', '44.9.0')).toEqual(['Electron 44 is not one of the newest two lines, 46 and 45']);
    expect(on('2026-11-20', '45.9.9')).toEqual(['Electron 45.9.9 is in no list of releases']);
  });
});

describe('the download of Electron', () => {
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

  test('is held against digests that come with its package, for every system we pack for', () => {
    const { version } = JSON.parse(read('node_modules/electron/package.json')) as { version: string };
    const digests = JSON.parse(read('node_modules/electron/checksums.json')) as Record<string, string>;
    for (const system of ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64']) {
      expect(digests[`electron-v${version}-${system}.zip`]).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(read('node_modules/electron/install.js')).toContain("require('./checksums.json')");
  });

  test('is the only one: the packer takes that Electron and fetches none of its own', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const name of ['pack', 'dist']) {
      expect(scripts[name]).toMatch(
        / install-electron && electron-builder .*-c\.electronDist=node_modules\/electron\/dist/,
      );
    }
    expect(read('electron-builder.yml')).not.toContain('electronDist');
  });
});
