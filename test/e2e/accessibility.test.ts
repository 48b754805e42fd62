import axe from 'axe-core';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, openAde, say } from '../helpers/ade.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

test('every page is free of accessibility faults in both themes, and a planted one is found', async () => {
  const server = await spawnServer(tempDir());
  onTestFinished(() => server.kill());
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await openAde(server.url, { browser });
  await say(page, 'Hi, my name is Kit and I like concise answers');
  await say(page, 'Remember that the wifi code is tulip-42');
  const check = async (): Promise<string[]> => page.evaluate<string[]>(`${axe.source}; ${RUN}`);

  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const link of ['Chat', 'Archive', 'Settings']) {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: link }).click();
      await eventually(async () => [link, scheme, ...(await check())]).toEqual([link, scheme]);
    }
  }
  await page.evaluate("document.body.append(document.createElement('button'))");
  expect(await check()).not.toEqual([]);
});

const RUN = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  .then(({ violations }) => violations.map((fault) => fault.id + ': ' + fault.nodes.map((node) => node.html).join(' ')))`;
