import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { drillTurns } from './model-drill.ts';

test('turns at which three servers in ten fail leave nothing stuck, lost or unsound, and stop at once when told', async () => {
  const report = await drillTurns({ turns: 32, seed: 4, haste: 400, reopen_after: 16, parent: tmpdir() });
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ turns: 32, restarts: 2 });
  expect(report.met.size).toBeGreaterThan(3);
  expect(report.acknowledged).toBeGreaterThan(32);
  expect(Math.max(0, ...report.cancels.map(({ took_ms, starved_ms }) => took_ms - starved_ms))).toBeLessThan(
    500,
  );
}, 60_000);
