import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { block, choose, eventually, openAde, openPage, say, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { accessFaults, accessFaultsIn, THEMES } from './access-look.ts';
import { isThorough } from './thorough.ts';

const ade = shareAde();

/** Windows beside the usual one: at 200 % zoom a window of 1440 x 900 has half of both left. */
const SIZES = [
  { width: 1440, height: 900 },
  { width: 800, height: 700 },
  { width: 720, height: 450 },
] as const;

/** What is looked at how: the largest window in both themes, the smallest in the dark; thoroughly, all in both. */
const LOOKS: readonly (readonly [(typeof SIZES)[number], typeof THEMES | readonly ['dark']])[] = isThorough
  ? SIZES.map((size) => [size, THEMES])
  : [
      [SIZES[0], THEMES],
      [SIZES[2], ['dark']],
    ];

test('every page is free of accessibility faults in both themes and small windows, and a planted one is found', async () => {
  const page = await openTalkedTo();
  for (const [viewport, themes] of LOOKS) {
    await page.setViewportSize(viewport);
    for (const link of ['Chat', 'Archive', 'Activity', 'Settings']) {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: link }).click();
      expect(await accessFaultsIn(page, themes, `${link} ${viewport.width}`)).toEqual([]);
    }
  }
  await page.evaluate("document.body.append(document.createElement('button'))");
  expect(await accessFaults(page, 'planted')).not.toEqual([]);
});

test('every dialog, drawer and menu is free of accessibility faults in both themes, in small windows, too', async () => {
  const page = await openTalkedTo();
  for (const [{ width, height }, themes] of LOOKS) {
    for (const [name, open] of Object.entries(OVERLAYS)) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await open(page);
      await page.setViewportSize({ width, height });
      expect(await accessFaultsIn(page, themes, `${name} ${width}`)).toEqual([]);
      await page.keyboard.press('Escape');
      await eventually(() => page.locator('[role="dialog"],[role="menu"]').count()).toBe(0);
    }
  }
});

test('the columns as drawers over a narrow page are free of accessibility faults in both themes', async () => {
  const page = await openTalkedTo();
  await page.setViewportSize({ width: 800, height: 700 });
  for (const name of ['Show agents and conversations', 'Show state']) {
    await page.getByRole('button', { name }).click();
    await page.locator('[data-drawer="open"]').waitFor();
    expect(await accessFaultsIn(page, THEMES, name)).toEqual([]);
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('[data-drawer="open"]').count()).toBe(0);
  }
});

test('a failure page is free of accessibility faults in both themes, in small windows, too', async () => {
  const dataDir = tempDir();
  writeFileSync(join(dataDir, 'memoir.db'), 'These are not the bytes of a database.');
  const server = await spawnServer(dataDir);
  onTestFinished(() => server.kill());
  const page = await openPage(server.url, { browser: ade().browser, may_lose_backend: true });
  await page.getByRole('heading', { name: 'The memory store is damaged' }).waitFor();
  for (const [viewport, themes] of LOOKS) {
    await page.setViewportSize(viewport);
    expect(await accessFaultsIn(page, themes, `damaged ${viewport.width}`)).toEqual([]);
  }
});

const OVERLAYS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  import: (page) => page.getByRole('button', { name: 'Import', exact: true }).click(),
  export: (page) => page.getByRole('button', { name: 'Export', exact: true }).click(),
  'a new block': (page) => page.getByRole('button', { name: 'Add a block' }).click(),
  'settings of a block': (page) => choose(page, 'human', 'Settings'),
  'history of a block': (page) => block(page, 'human').getByRole('button', { name: 'History' }).click(),
  'connect a model': async (page) => {
    await page.getByRole('button', { name: 'Connect a model', exact: true }).click();
    const card = page.getByRole('dialog', { name: 'Connect a model' });
    await card.getByRole('button', { name: 'Add a key for OpenAI' }).click();
    await card.getByLabel('Key of OpenAI').fill('sk-1');
    await card.getByRole('button', { name: 'Look again' }).and(card.locator(':enabled')).waitFor();
  },
  'menu of a block': (page) => page.getByRole('button', { name: 'More for human', exact: true }).click(),
};

/** An agent of its own, with a talk that holds an answer, a search and memory changes. */
async function openTalkedTo(): Promise<Page> {
  const { url, browser } = ade();
  const name = `Agent ${crypto.randomUUID().slice(0, 8)}`;
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const { id } = await call(url, 'agents.create', { name, blocks });
  const page = await openAde(url, { browser, agent_id: id });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await say(page, 'Hi, my name is Kit and I like concise answers', name);
  await say(page, 'Remember that the wifi code is tulip-42', name);
  return page;
}
