/** What one seldom sees, in every language: the other views, what is asked before a loss, a file, no agent, no store. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { ScreenLanguage } from '../../renderer/messages/screen-language.ts';
import { setLanguage, t } from '../../renderer/messages/t.ts';
import { eventually, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { accessFaultsOf, faultsOf, opened, type Opened, press, SIZES, talkedTo } from './languages-window.ts';
import { isThorough, sizesOf } from './thorough.ts';

const ade = shareAde();
afterEach(() => setLanguage('en'));

const LANGUAGES = isThorough ? (['de', 'en-XA', 'ar-XB'] as const) : (['en-XA'] as const);

test.each(LANGUAGES)(
  'in %s steps, raw messages, a deletion and the look into a file are whole',
  async (language) => {
    const { url } = ade();
    const agent_id = await talkedTo(ade());
    await call(url, 'conversations.create', { agent_id, title: '1234' });
    const { text } = await call(url, 'agents.export', { agent_id });
    const window = await opened(ade(), language, agent_id);
    const { page } = window;
    const faults: string[] = [];
    await page.locator('.item').filter({ hasText: '4711' }).click();
    for (const view of ['steps', 'raw'] as const) {
      await press(page, t(`chat.view.${view}`));
      await page
        .locator(view === 'steps' ? 'article.raw' : '.raw-view article')
        .first()
        .waitFor();
      faults.push(...(await looked(window, language, view)));
    }
    await page.setViewportSize(SIZES[0]);
    await press(page, t('more', { name: '1234' }));
    await page.getByRole('menuitem', { name: t('conversations.delete'), exact: true }).click();
    await press(page, t('trash.title'));
    await page.getByRole('dialog').getByRole('listitem').waitFor();
    faults.push(...(await looked(window, language, 'trash')));
    await close(page);
    await page.setViewportSize(SIZES[0]);
    await press(page, t('top.import'));
    const file = { name: '1.af', mimeType: 'application/json', buffer: Buffer.from(text) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.locator('.imp').waitFor();
    window.sent.add(file.name);
    faults.push(...(await looked(window, language, 'import')));
    await close(page);
    expect(faults).toEqual([]);
  },
);

test.each(LANGUAGES)(
  'in %s a window without any agent, and one without its store, are whole',
  async (language) => {
    const { browser } = ade();
    const server = await spawnServer(tempDir());
    onTestFinished(() => server.kill());
    for (const { id } of (await call(server.url, 'agents.list', {})).agents) {
      await call(server.url, 'agents.delete', { agent_id: id });
    }
    const faults: string[] = [];
    const empty = await opened({ url: server.url, browser }, language);
    await empty.page.getByRole('heading', { name: t('agents.starter.title') }).waitFor();
    faults.push(...(await looked(empty, language, 'starters')));

    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'memoir.db'), 'These are not the bytes of a database.');
    const damaged = await spawnServer(dataDir);
    onTestFinished(() => damaged.kill());
    const failure = await opened({ url: damaged.url, browser }, language);
    await failure.page.getByRole('heading', { name: t('failure.corrupt') }).waitFor();
    faults.push(...(await looked(failure, language, 'failure')));
    expect(faults).toEqual([]);
  },
);

/** Faults in windows of every size, and what axe finds in the last of them. */
async function looked(window: Opened, language: ScreenLanguage, where: string): Promise<string[]> {
  const faults: string[] = [];
  for (const viewport of sizesOf(SIZES)) {
    await window.page.setViewportSize(viewport);
    faults.push(...(await faultsOf(window, language, `${where} ${viewport.width}`)));
  }
  return [...faults, ...(await accessFaultsOf(window.page, language, where))];
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await eventually(() => page.getByRole('dialog').count()).toBe(0);
}
