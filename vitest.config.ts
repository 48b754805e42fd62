import { defineConfig } from 'vitest/config';
import { swiftDir } from './test/helpers/swift-dir.ts';

// Each test has stores of its own; a third of the time went into waiting for the disk to sync them.
const env = { TMPDIR: swiftDir() };

// Apart from vite.config.ts on purpose: that one has renderer/ as its root.
export default defineConfig({
  test: {
    // Much of a test is waiting for a browser or a disk; one worker a core would leave the core idle.
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
