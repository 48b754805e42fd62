/** A window in one of the languages, for tests of what stands in it: filled with Arabic, so that Latin words are its own. */
import type { Page, Request } from 'playwright-core';
import type { ScreenLanguage } from '../../renderer/messages/screen-language.ts';
import { setLanguage } from '../../renderer/messages/t.ts';
import { eventually, openPage, type SharedAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { accessFaults } from './access-look.ts';
import { CUT, drawn, englishIn, OUTSIDE, textsIn } from './languages-look.ts';

/** Said, remembered and filed. */
export const ARABIC = 'مرحبا، اسمي كيت وأحب الشاي';
/** Name of the agent: no word of any language. */
const AGENT = '7 - 7';
/** Windows a language is looked at in. */
export const SIZES = [
  { width: 1440, height: 900 },
  { width: 1000, height: 700 },
  { width: 800, height: 600 },
] as const;
/** Pages by their address. */
export const PAGES = ['chat', 'context', 'archive', 'review', 'settings'] as const;

/** Presses a button of this name. */
export async function press(page: Page, name: string, place = 0): Promise<void> {
  await page.getByRole('button', { name, exact: true }).nth(place).click();
}

/** An agent whose every text is Arabic or a number, so that all Latin words are those of the window. */
export async function talkedTo({ url }: SharedAde): Promise<string> {
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

/** A window, and every text the engine sent it. */
export type Opened = {
  readonly page: Page;
  readonly sent: Set<string>;
  /** Waits until all that was asked of the engine is answered and read. */
  readonly heard: () => Promise<void>;
};

/** Opens the window in a language; collects every text the engine sends it. */
export async function opened(
  { url, browser }: Pick<SharedAde, 'url' | 'browser'>,
  language: ScreenLanguage,
  agent_id?: string,
): Promise<Opened> {
  setLanguage(language);
  const options = agent_id === undefined ? { may_lose_backend: true } : { agent_id };
  const page = await openPage(url, { browser, ...options });
  const sent = new Set<string>();
  const asked = new Set<Request>();
  page.on('request', (request) => {
    if (request.url().includes('/rpc/')) asked.add(request);
  });
  page.on('requestfailed', (request) => asked.delete(request));
  page.on('response', (response) => {
    if (!response.url().includes('/rpc/')) return;
    // What was left for the next page can no longer be read, and is not shown either.
    void response
      .json()
      .then(
        (answer: unknown) => textsIn(answer, sent),
        () => undefined,
      )
      .finally(() => asked.delete(response.request()));
  });
  await page.goto(`${url}/ade/?lang=${language}`);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // Without an agent, or a store, there is no talk to wait for.
  const last = agent_id === undefined ? 'h1' : '#composer';
  await page.locator(last).first().waitFor();
  return { page, sent, heard: () => eventually(() => asked.size).toBe(0) };
}

/** What is there once a page is. */
const SIGNS: Readonly<Record<(typeof PAGES)[number], string>> = {
  chat: '#composer',
  context: '.ctx-table .ctx-part',
  archive: 'input[type="search"]',
  review: '.rev, .rev-none',
  settings: '.settings',
};

/** Goes to a page. */
export async function show(page: Page, name: (typeof PAGES)[number]): Promise<void> {
  await page.evaluate(`location.hash = '#/${name}'`);
  await page.locator(SIGNS[name]).first().waitFor();
}

/** What is wrong with a window as it is drawn now. */
export async function faultsOf(
  { page, sent, heard }: Opened,
  language: ScreenLanguage,
  where: string,
): Promise<string[]> {
  await heard();
  await drawn(page);
  const found = [...(await page.evaluate<string[]>(OUTSIDE)), ...(await page.evaluate<string[]>(CUT))];
  if (language === 'en-XA') found.push(...(await englishIn(page, sent)));
  return found.map((fault) => `${where}: ${fault}`);
}

/** Brackets within brackets are no part of a longer name, so that one rule is left to the real language. */
export function accessFaultsOf(page: Page, language: ScreenLanguage, where: string): Promise<string[]> {
  return accessFaults(page, where, {
    rules: { 'label-content-name-mismatch': { enabled: language === 'de' } },
  });
}
