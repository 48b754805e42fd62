/** Every page and dialog in German and in both pseudo-locales, in windows of three sizes. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { ScreenLanguage } from '../../renderer/messages/screen-language.ts';
import { setLanguage, t } from '../../renderer/messages/t.ts';
import { eventually, openPage, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { CUT, englishIn, OUTSIDE, textsIn } from './languages-look.ts';

const ade = shareAde();
afterEach(() => setLanguage('en'));

const ARABIC = 'مرحبا، اسمي كيت وأحب الشاي';
const AGENT = '7 - 7';
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1000, height: 700 },
  { width: 800, height: 600 },
] as const;
const PAGES = ['chat', 'archive', 'settings'] as const;

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

async function press(page: Page, name: string, place = 0): Promise<void> {
  await page.getByRole('button', { name, exact: true }).nth(place).click();
}

/** An agent whose every text is Arabic or a number, so that all Latin words are those of the window. */
async function talkedTo(): Promise<string> {
  const { url } = ade();
  const blocks = [
    { label: 'human', value: ARABIC },
    { label: 'persona', value: '1234' },
  ];
  const { id } = await call(url, 'agents.create', { name: AGENT, blocks });
  const { conversations } = await call(url, 'conversations.list', { agent_id: id });
  const conversation_id = conversations[0]?.id ?? '';
  await call(url, 'conversations.update', { conversation_id, title: '4711' });
  await call(url, 'messages.send', { conversation_id, text: ARABIC, otid: crypto.randomUUID() });
  await call(url, 'archive.add', { agent_id: id, text: ARABIC, tags: ['42'] });
  return id;
}

type Opened = { readonly page: Page; readonly sent: ReadonlySet<string> };

/** Opens the window in a language; collects every text the engine sends it. */
async function opened(language: ScreenLanguage, agent_id: string): Promise<Opened> {
  setLanguage(language);
  const page = await openPage(ade().url, { browser: ade().browser, agent_id });
  const sent = new Set<string>();
  page.on('response', (response) => {
    if (!response.url().includes('/rpc/')) return;
    // What was left for the next page can no longer be read, and is not shown either.
    void response.json().then(
      (answer: unknown) => textsIn(answer, sent),
      () => undefined,
    );
  });
  await page.goto(`${ade().url}/ade/?lang=${language}`);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('textbox', { name: t('composer.message'), exact: true }).waitFor();
  return { page, sent };
}

async function show(page: Page, name: (typeof PAGES)[number]): Promise<void> {
  await page.evaluate(`location.hash = '#/${name}'`);
  await page
    .locator(name === 'chat' ? '#composer' : name === 'archive' ? 'input[type="search"]' : '.settings')
    .first()
    .waitFor();
}

/** What is wrong once the window has come to rest after it was resized. */
async function faultsOf(window: Opened, language: ScreenLanguage, where: string): Promise<string[]> {
  const end = performance.now() + 3_000;
  let found = await faultsNow(window, language);
  while (found.length > 0 && performance.now() < end) found = await faultsNow(window, language);
  return found.map((fault) => `${where}: ${fault}`);
}

async function faultsNow({ page, sent }: Opened, language: ScreenLanguage): Promise<string[]> {
  const found = [...(await page.evaluate<string[]>(OUTSIDE)), ...(await page.evaluate<string[]>(CUT))];
  return language === 'en-XA' ? [...found, ...(await englishIn(page, sent))] : found;
}

/** Brackets within brackets are no part of a longer name, so that one rule is left to the real language. */
async function accessFaults(page: Page, language: ScreenLanguage, where: string): Promise<string[]> {
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe.source);
  const options = {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: { 'label-content-name-mismatch': { enabled: language === 'de' } },
  };
  const found = await page.evaluate<string[]>(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) =>
      violations.map((fault) => fault.id + ': ' + fault.nodes.map((node) => node.html).join(' ')))`,
  );
  return found.map((fault) => `${where}: ${fault}`);
}

test.each(['de', 'en-XA', 'ar-XB'] as const)(
  'in %s every page and dialog fits its window, is in that language and passes axe',
  async (language) => {
    const window = await opened(language, await talkedTo());
    const { page } = window;
    const faults: string[] = [];
    for (const viewport of SIZES) {
      await page.setViewportSize(viewport);
      for (const name of PAGES) {
        const where = `${name} ${viewport.width}`;
        await show(page, name);
        faults.push(
          ...(await faultsOf(window, language, where)),
          ...(await accessFaults(page, language, where)),
        );
      }
    }
    for (const [name, open] of Object.entries(VIEWS)) {
      await page.setViewportSize(SIZES[0]);
      await open(page);
      for (const viewport of SIZES) {
        await page.setViewportSize(viewport);
        faults.push(...(await faultsOf(window, language, `${name} ${viewport.width}`)));
      }
      faults.push(...(await accessFaults(page, language, name)));
    }
    await page.setViewportSize(SIZES[0]);
    await show(page, 'chat');
    for (const [name, open] of Object.entries(OVERLAYS)) {
      await page.setViewportSize(SIZES[0]);
      await open(page);
      // A menu stays where it was opened, whose place a smaller window need not have.
      for (const viewport of name.startsWith('menu') ? SIZES.slice(0, 1) : SIZES) {
        await page.setViewportSize(viewport);
        faults.push(...(await faultsOf(window, language, `${name} ${viewport.width}`)));
      }
      faults.push(...(await accessFaults(page, language, name)));
      await page.keyboard.press('Escape');
      await eventually(() => page.locator('[role="dialog"],[role="menu"]').count()).toBe(0);
    }
    expect(faults).toEqual([]);
  },
);

test('what is wrong with a language would be found', async () => {
  const window = await opened('en-XA', await talkedTo());
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
  const { page } = await opened('en', await talkedTo());
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
  const { page } = await opened('ar-XB', await talkedTo());
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
