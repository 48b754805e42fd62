/** Every page in every state a talk, a memory and an archive can be in, from small windows to large ones. */
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { block, eventually, openAde, say, send, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { accessFaults } from './access-look.ts';
import { CUT, drawn, OUTSIDE } from './languages-look.ts';
import { isThorough, sizesOf } from './thorough.ts';

const WORD = 'Donaudampfschifffahrtsgesellschaftskapitaen'.repeat(9);
const ARABIC = 'مرحبا، اسمي كيت وأحب الشاي وأعيش في همبورغ منذ سنوات عديدة';
const ENGLISH = 'My name is Chad and I live in Hamburg since many years';

const models: ScriptedModel[] = [];
afterAll(() => Promise.all(models.map((model) => model.close())));
const ade = shareAde(async () => {
  const model = await startScriptedModel(({ messages }) => {
    const asked = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    if (asked.includes('HANG')) return { kind: 'hang', first: '**Half** of it' };
    if (asked.includes('REFUSE')) return { kind: 'status', status: 400, message: WORD };
    if (asked.includes('ASK') && messages.at(-1)?.role !== 'tool') {
      const append = { name: 'core_memory_append', arguments: { label: 'human', content: WORD } };
      const insert = { name: 'archival_memory_insert', arguments: { content: WORD, tags: [WORD] } };
      return { kind: 'calls', calls: [append, insert] };
    }
    if (asked.includes('TOOL') && messages.at(-1)?.role !== 'tool') {
      return { kind: 'calls', calls: [{ name: 'core_memory_append', arguments: { label: WORD } }] };
    }
    return { kind: 'text', text: asked };
  });
  models.push(model);
  return { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url };
});

/** Windows from the narrowest column to the largest screen; 720 x 450 is one of 1440 x 900 at 200 % zoom. */
const SIZES = [
  { width: 2560, height: 1440 },
  { width: 1440, height: 900 },
  { width: 1000, height: 700 },
  { width: 800, height: 600 },
  { width: 720, height: 450 },
] as const;

/** What is looked at beside the talk. */
const LOOKS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  chat: (page) => view(page, 'Chat'),
  steps: (page) => view(page, 'Steps'),
  raw: (page) => view(page, 'Raw'),
  archive: (page) => show(page, 'archive', '.arc-bar'),
  review: (page) => show(page, 'review', '.rev, .rev-none'),
  settings: (page) => show(page, 'settings', '.settings'),
  export: async (page) => {
    await show(page, 'chat', '#composer');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('dialog').waitFor();
  },
};

/** States by the words they are told with; each fills an agent and opens its window. */
const STATES: Readonly<Record<string, () => Promise<Page>>> = {
  'with words of 200 letters everywhere': longWords,
  'with nothing in it': () => opened({ name: 'Blank', blocks: [] }),
  'while its model hangs': async () => {
    const page = await opened({ name: 'Busy' });
    await send(page, 'HANG');
    await eventually(() => talk(page).textContent()).toContain('Half of it');
    return page;
  },
  'that waits for a person': async () => {
    const page = await opened({
      name: 'Waiting',
      tools: ['core_memory_append', 'archival_memory_insert'],
      tool_policies: { core_memory_append: 'ask', archival_memory_insert: 'ask' },
    });
    await send(page, 'ASK');
    await page.getByRole('button', { name: 'Approve all 2' }).waitFor();
    return page;
  },
  'whose model refused': async () => {
    const page = await opened({ name: 'Refused' });
    await send(page, 'REFUSE');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    return page;
  },
  'with Arabic and Hebrew in an English window': async () => {
    const page = await opened({
      name: 'كيت',
      blocks: [
        { label: 'إنسان', value: ARABIC },
        { label: 'אדם', value: 'שלום 1,234 (abc)' },
      ],
    });
    await say(page, ARABIC, 'كيت');
    return page;
  },
};

/** The state that strains the layout most, unless all are asked for. */
const LOOKED_AT = isThorough
  ? Object.keys(STATES)
  : Object.keys(STATES).filter((name) => name.includes('letters'));

test.each(LOOKED_AT)(
  'an agent %s fits its window on every page, passes axe, and nothing moves',
  async (state) => {
    const page = await STATES[state]?.();
    if (page === undefined) throw new Error(`There is no state ${state}.`);
    const faults: string[] = [];
    for (const [look, open] of Object.entries(LOOKS)) {
      // An agent nothing was said to has one view.
      if (['steps', 'raw'].includes(look) && (await page.getByRole('group', { name: 'View' }).count()) === 0)
        continue;
      await page.setViewportSize(SIZES[0]);
      await open(page);
      for (const viewport of sizesOf(SIZES)) {
        await page.setViewportSize(viewport);
        await drawn(page);
        const found = await page.evaluate<string[]>(`[...${OUTSIDE}, ...${CUT}, ...${MOVING}]`);
        faults.push(...found.map((fault) => `${look} ${viewport.width}: ${fault}`));
      }
      for (const colorScheme of isThorough ? (['light', 'dark'] as const) : (['dark'] as const)) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        if (isThorough || look === 'chat')
          faults.push(...(await accessFaults(page, `${look}, ${colorScheme}`)));
      }
      await page.keyboard.press('Escape');
    }
    expect(faults).toEqual([]);
  },
);

test('a narrow window says which model answers and lets one choose, also below a long name', async () => {
  const page = await opened({ name: WORD.slice(0, 100) });
  for (const viewport of SIZES.slice(2)) {
    await page.setViewportSize(viewport);
    await drawn(page);
    const chip = page.getByRole('button', { name: 'Model: gpt-4o-mini' });
    expect((await chip.boundingBox())?.width).toBeGreaterThan(60);
  }
  await page.getByRole('button', { name: 'Model: gpt-4o-mini' }).click();
  await page.getByRole('menuitem', { name: 'All models' }).waitFor();
});

test('a text that is cut keeps its beginning, in the direction of its own words, beside what stands next to it', async () => {
  const { url } = ade();
  const page = await opened({ name: 'Titles', blocks: [{ label: ENGLISH, value: 'five words or so now' }] });
  const agent_id = await agentOf('Titles');
  for (const [title, language] of [
    [ENGLISH, 'ar-XB'],
    [ARABIC, 'en'],
  ] as const) {
    const { conversations } = await call(url, 'conversations.list', { agent_id });
    await call(url, 'conversations.update', { conversation_id: conversations[0]?.id ?? '', title });
    await page.goto(`${url}/ade/?lang=${language}`);
    await page.getByTitle(title).first().waitFor();
    const start = language === 'en' ? 'left' : 'right';
    for (const place of ['.item .cut', '.crumb b']) {
      const titles = page.locator(place).filter({ hasText: title });
      expect(await titles.first().evaluate(beginningOf)).toEqual({ shown: true, side: start });
    }
  }
  const counts = page.locator('.feed .pm .a');
  await page.goto(`${url}/ade/?lang=ar-XB`);
  await counts.first().waitFor();
  expect(await counts.first().evaluate((each) => each.matches(':dir(ltr)'))).toBe(true);
});

test('what Memoir itself did has a letter before it, from right to left, too', async () => {
  const { url, browser } = ade();
  const page = await openAde(url, { browser, agent_id: await agentOf('Ada') });
  await page.goto(`${url}/ade/?lang=ar-XB`);
  const avatars = page.locator('.feed .ava');
  await avatars.first().waitFor();
  for (const letter of await avatars.allTextContents()) expect(letter).toMatch(/^[\p{L}\p{N}]$/u);
});

test('who has but the keyboard scrolls a talk and a long piece of code in which nothing can be pressed', async () => {
  const page = await opened({ name: 'Long talk' });
  for (let at = 0; at < 4; at += 1) await say(page, `${at} `.repeat(2000), 'Long talk');
  const scroller = page.getByRole('group', { name: 'Conversation', exact: true });
  await scroller.focus();
  const before = await scroller.evaluate((box) => box.scrollTop);
  await page.keyboard.press('PageUp');
  await eventually(() => scroller.evaluate((box) => box.scrollTop)).toBeLessThan(before);
  await page.reload();
  await scroller.waitFor();
  await view(page, 'Raw');
  const code = page.locator('.code.boxed').last();
  await code.focus();
  expect(await code.evaluate((box) => box === document.activeElement)).toBe(true);
  await page.keyboard.press('ArrowDown');
  await eventually(() => code.evaluate((box) => box.scrollTop)).toBeGreaterThan(0);
});

test('a menu of a hundred agents stays within its window', async () => {
  const { url } = ade();
  for (let at = 0; at < 100; at += 1)
    await call(url, 'agents.create', { name: `${WORD.slice(0, 90)} ${at}` });
  const page = await opened({ name: 'Of many' });
  await page.setViewportSize({ width: 720, height: 450 });
  await show(page, 'archive', '.arc-bar');
  await page.locator('.arc-bar .who').click();
  const menu = page.getByRole('menu');
  await menu.waitFor();
  expect(await menu.getByRole('menuitemcheckbox').count()).toBeGreaterThan(100);
  await eventually(async () => {
    const box = await menu.boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= 450 && box.x >= 0 && box.x + box.width <= 720;
  }).toBe(true);
});

async function longWords(): Promise<Page> {
  const { url } = ade();
  const name = WORD.slice(0, 100);
  const page = await opened({
    name,
    description: WORD,
    tags: [name],
    model: `openai/${WORD.slice(0, 120)}`,
    blocks: [
      { label: 'human', value: 'Likes tea' },
      { label: name, value: WORD, description: WORD },
    ],
  });
  const agent_id = await agentOf(name);
  const { conversations } = await call(url, 'conversations.list', { agent_id });
  const conversation_id = conversations[0]?.id ?? '';
  await call(url, 'archive.add', { agent_id, text: WORD, tags: [name, WORD.slice(0, 90)] });
  const tags = Array.from({ length: 30 }, (_each, at) => `tag-${at}`);
  await call(url, 'archive.add', { agent_id, text: WORD, tags });
  await say(page, WORD, name);
  await say(page, `TOOL ${WORD}`, name);
  await send(page, `REFUSE ${WORD}`);
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await call(url, 'conversations.update', { conversation_id, title: WORD.slice(0, 200) });
  await block(page, 'human').waitFor();
  return page;
}

type NewAgent = Parameters<typeof call<'agents.create'>>[2];

/** A new agent in a window that wants no motion. */
async function opened(agent: NewAgent): Promise<Page> {
  const { url, browser } = ade();
  const { id } = await call(url, 'agents.create', { model: 'openai/gpt-4o-mini', ...agent });
  const page = await openAde(url, { browser, agent_id: id });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  return page;
}

async function agentOf(name: string): Promise<string> {
  const { agents } = await call(ade().url, 'agents.list', {});
  return agents.find((each) => each.name === name)?.id ?? '';
}

async function show(page: Page, name: string, part: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${name}'`);
  await page.locator(part).first().waitFor();
}

async function view(page: Page, name: string): Promise<void> {
  await show(page, 'chat', '#composer');
  const views = page.getByRole('group', { name: 'View' });
  if ((await views.count()) > 0) await views.getByRole('button', { name }).click();
}

/** Animations that run although the window asked for none. */
const MOVING = `document.getAnimations().map((each) => 'moves: ' + (each.animationName ?? each.transitionProperty)
  + ' of ' + each.effect.target.className)`;

/** Whether the first letter of a cut text is to be seen, and at which side of its place the text stands. */
function beginningOf(element: Element): { readonly shown: boolean; readonly side: string } {
  const letters = document.createRange();
  letters.selectNodeContents(element);
  letters.setEnd(letters.startContainer.firstChild ?? element, 1);
  const first = letters.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  const side = getComputedStyle(element).textAlign.replace('-webkit-', '');
  return { shown: first.left >= box.left - 1 && first.right <= box.right + 1, side };
}
