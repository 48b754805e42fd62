import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUSE_COUNT, FUSE_SENTINEL } from './fuses.ts';

/**
 * Writes what stands for Electron's own files for Linux where there is no binary: a program that does nothing but has
 * fuses, all off, and the files electron-builder moves about. `resources/default_app.asar` is left out, as an empty one
 * breaks the packing.
 */
export function writeStubElectron(folder: string, version: string): void {
  for (const name of ['locales', 'resources']) mkdirSync(join(folder, name), { recursive: true });
  const wire = Buffer.from([1, FUSE_COUNT, ...Buffer.from('0'.repeat(FUSE_COUNT))]);
  const program = Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), Buffer.from(FUSE_SENTINEL), wire]);
  writeFileSync(join(folder, 'electron'), program, { mode: 0o755 });
  writeFileSync(join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(folder, name), name);
  for (const language of ['en-US', 'de', 'fr']) writeFileSync(join(folder, 'locales', `${language}.pak`), '');
}
