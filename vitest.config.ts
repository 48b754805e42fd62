import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { isThorough, LOOKS } from './test/e2e/thorough.ts';
import { swiftDir } from './test/helpers/swift-dir.ts';

// Each test has stores of its own; a third of the time went into waiting for the disk to sync them.
const env = {
  TMPDIR: mkdtempSync(join(swiftDir(), 'memoir-tests-')),
  // A process that a test starts from the sources starts in half the time with what another one compiled.
  NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/memoir/tests'),
};
// Some tests start a process that is nobody's.
chmodSync(env.TMPDIR, 0o755);
// Browsers and caches leave things behind that no test knows of.
process.on('exit', () => rmSync(env.TMPDIR, { recursive: true, force: true, maxRetries: 5 }));

// Apart from vite.config.ts on purpose: that one has renderer/ as its root.
export default defineConfig({
  test: {
    // A browser has processes of its own: two of them fill two cores.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          env,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/**', 'test/shell/**'],
          pool: 'forks',
          // Nothing is kept in modules, so that files can share a process and what it has loaded.
          isolate: false,
          // A third of the time is waiting for a process or a timer.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 20_000,
        },
      },
      {
        test: {
          // These stand in for Electron, each in its own way.
          name: 'shell',
          env,
          include: ['test/shell/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          env,
          include: ['test/e2e/**/*.test.ts'],
          exclude: isThorough ? [] : LOOKS,
          pool: 'forks',
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: ['test/helpers/chromium-setup.ts'],
        },
      },
    ],
  },
});
