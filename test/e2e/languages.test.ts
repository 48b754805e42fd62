/** Every page and dialog in German and in both pseudo-locales. */
import type { Page } from 'playwright-core';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { ScreenLanguage } from '../../renderer/messages/screen-language.ts';
import { setLanguage, t } from '../../renderer/messages/t.ts';
import { eventually, shareAde } from '../helpers/ade.ts';
import {
  accessFaultsOf,
  ARABIC,
  faultsOf,
  opened,
  type Opened,
  PAGES,
  press,
  show,
  SIZES,
  talkedTo,
} from './languages-window.ts';
import { isThorough, sizesOf } from './thorough.ts';

const ade = shareAde();
afterEach(() => setLanguage('en'));

/** What opens over a page; each ends with Escape. */
const OVERLAYS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  import: (page) => press(page, t('top.import')),
  export: (page) => press(page, t('top.export')),
  'a new block': (page) => press(page, t('block.add')),
  'history of a block': (page) => press(page, t('block.history'), 0),
  'menu of a block': (page) => press(page, t('more', { name: 'human' })),
  'settings of a block': async (page) => {
    await press(page, t('more', { name: 'human' }));
    await page.getByRole('menuitem', { name: t('block.settings'), exact: true }).click();
  },
};

/** Other looks of a page. */
const VIEWS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'an entry': async (page) => {
    await show(page, 'archive');
    await page.locator('.res-text').first().click();
    await page.locator('.entry-text').waitFor();
  },
  'an entry in the editor': (page) => press(page, t('archive.edit')),
};

/** The pseudo-locales, of long words and from right to left, are looked at where all is. */
const LANGUAGES = isThorough ? (['de', 'en-XA', 'ar-XB'] as const) : (['de'] as const);

test.each(LANGUAGES)(
  'in %s every page and dialog fits its window, is in that language and passes axe',
  async (language) => {
    const window = await opened(ade(), language, await talkedTo(ade()));
    const { page } = window;
    const faults: string[] = [];
    for (const viewport of sizesOf(SIZES)) {
      await page.setViewportSize(viewport);
      for (const name of PAGES) {
        const where = `${name} ${viewport.width}`;
        await show(page, name);
        faults.push(
          ...(await faultsOf(window, language, where)),
          ...(await accessOf(window, language, where)),
        );
      }
    }
    for (const [name, open] of Object.entries(VIEWS)) {
      await page.setViewportSize(SIZES[0]);
      await open(page);
      for (const viewport of sizesOf(SIZES)) {
        await page.setViewportSize(viewport);
        faults.push(...(await faultsOf(window, language, `${name} ${viewport.width}`)));
      }
      faults.push(...(await accessOf(window, language, name)));
    }
    await page.setViewportSize(SIZES[0]);
    await show(page, 'chat');
    for (const [name, open] of Object.entries(OVERLAYS)) {
      await page.setViewportSize(SIZES[0]);
      await open(page);
      // A menu stays where it was opened, whose place a smaller window need not have.
      for (const viewport of name.startsWith('menu') ? SIZES.slice(0, 1) : sizesOf(SIZES)) {
        await page.setViewportSize(viewport);
        faults.push(...(await faultsOf(window, language, `${name} ${viewport.width}`)));
      }
      faults.push(...(await accessOf(window, language, name)));
      await page.keyboard.press('Escape');
      await eventually(() => page.locator('[role="dialog"],[role="menu"]').count()).toBe(0);
    }
    expect(faults).toEqual([]);
  },
);

/** What axe finds; of the pseudo-locales only where all is looked at, as the structure is the same in each language. */
function accessOf({ page }: Opened, language: ScreenLanguage, where: string): Promise<string[]> {
  return isThorough || language === 'de' ? accessFaultsOf(page, language, where) : Promise.resolve([]);
}

test('what is wrong with a language would be found', async () => {
  const window = await opened(ade(), 'en-XA', await talkedTo(ade()));
  const { page } = window;
  await eventually(() => faultsOf(window, 'en-XA', 'chat')).toEqual([]);
  await page.evaluate(`{
    const plant = (tag, text, style) => {
      const element = document.createElement(tag);
      element.textContent = text;
      element.style.cssText = style;
      document.querySelector('main').append(element);
    };
    plant('p', 'Written in the code', '');
    plant('button', '[Cut off here]', 'display: block; width: 20px; overflow: hidden; white-space: nowrap');
    plant('a', '[Far away]', 'position: fixed; right: -40px; width: 30px; height: 9px; display: block; overflow: hidden');
  }`);
  const faults = (await faultsOf(window, 'en-XA', 'planted')).join('\n');
  expect(faults).toContain('text "Written in the code"');
  expect(faults).toMatch(/cut by \d+: button/u);
  expect(faults).toContain('outside of the window: a');
});

test('another language is there at once, with what was being written', async () => {
  const { page } = await opened(ade(), 'en', await talkedTo(ade()));
  await page.locator('#composer').fill('Half a thought');
  await show(page, 'settings');
  const description = page.getByLabel(t('settings.description'));
  await description.fill('Not saved yet');
  await page.getByRole('button', { name: 'Deutsch', exact: true }).click();
  setLanguage('de');
  await page.getByRole('heading', { name: t('settings.appearance') }).waitFor();
  expect(await page.getByLabel(t('settings.description')).inputValue()).toBe('Not saved yet');
  expect(await page.evaluate('document.documentElement.lang')).toBe('de');
  await show(page, 'chat');
  expect(await page.locator('#composer').inputValue()).toBe('Half a thought');
  await page.goto(`${ade().url}/ade/`);
  await page.getByRole('textbox', { name: t('composer.message'), exact: true }).waitFor();
});

test('a new window follows the browser', async () => {
  const context = await ade().browser.newContext({ locale: 'de-AT' });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`${ade().url}/ade/`);
  setLanguage('de');
  await page.getByRole('navigation', { name: t('nav.main') }).waitFor();
  expect(await page.evaluate('[document.documentElement.lang, document.dir]')).toEqual(['de', 'ltr']);
});

test('from right to left the rail is at the right, what points is turned around, and a text keeps its own direction', async () => {
  const { page } = await opened(ade(), 'ar-XB', await talkedTo(ade()));
  const place = (await page.getByRole('navigation', { name: t('nav.main') }).boundingBox()) ?? {
    x: 0,
    width: 0,
  };
  expect(place.x + place.width).toBe(1440);
  const turned = await page.evaluate(TRANSFORM);
  expect(turned).toBe('matrix(-1, 0, 0, 1, 0, 0)');
  setLanguage('en');
  await page.goto(`${ade().url}/ade/?lang=en`);
  await page.locator('#composer').fill(ARABIC);
  await page.locator('.msg.user .body').first().waitFor();
  expect(await page.evaluate(DIRECTIONS)).toEqual(['plaintext', 'plaintext', 'plaintext']);
  await show(page, 'archive');
  await page.locator('.res-text').first().waitFor();
  expect(await page.evaluate("document.querySelector('.res-text').matches(':dir(rtl)')")).toBe(true);
});

/** How a message, the value of a block and the composer order their text: each paragraph by its own first letter. */
const DIRECTIONS = `['.msg.user .body', '.blk p', '#composer'].map((selector) =>
  getComputedStyle(document.querySelector(selector)).unicodeBidi)`;

const TRANSFORM = `getComputedStyle(
  [...document.querySelectorAll('svg.lucide-panel-right')].find((icon) => icon.checkVisibility())).transform`;
