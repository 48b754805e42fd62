import { expect, test } from 'vitest';
import { drillKills } from './drill.ts';

test('20 kills during turns lose nothing acknowledged and leave no call unpaired and no edit half done', async () => {
  const report = await drillKills(20, Math.random);
  expect(report).toMatchObject({ kills: 20, lost: [], faults: [] });
  expect(report.acknowledged).toBeGreaterThanOrEqual(20);
}, 120_000);

test('the drill catches a runtime that acknowledges before the commit', async () => {
  const report = await drillKills(2, () => 0, 'acknowledge-early');
  expect(report.lost).not.toEqual([]);
}, 60_000);
