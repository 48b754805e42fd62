import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { block, eventually, openAde, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';

const ade = shareAde();

/** Presses of Tab after which a control counts as out of reach. */
const REACH = 150;

test('Tab goes round every page, and each of its stops is in sight and shows that it has the focus', async () => {
  const { page } = await openAgent();
  await say(page, 'Hi, my name is Kit');
  for (const [link, title] of [
    ['Chat', 'Message'],
    ['Archive', 'Search archive'],
    ['Settings', 'Name'],
  ] as const) {
    await tabTo(page, link);
    await page.keyboard.press('Enter');
    await page
      .getByRole(title === 'Search archive' ? 'searchbox' : 'textbox', { name: title })
      .first()
      .waitFor();
    expect(await goRound(page)).toEqual([]);
  }
});

test('talking, changing memory and taking it back need no mouse', async () => {
  const { page, agent_id } = await openAgent();
  await say(page, 'Hi, my name is Kit');
  await eventually(() => valueOf(agent_id, 'human')).toContain('Kit');
  await tabTo(page, 'Undo');
  await page.keyboard.press('Enter');
  await eventually(() => valueOf(agent_id, 'human')).toBe('Likes tea');

  await tabTo(page, 'Edit human');
  await page.keyboard.press('Enter');
  await eventually(() => focusName(page)).toBe('Value of human');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Likes coffee');
  await tabTo(page, 'Save');
  await page.keyboard.press('Enter');
  await eventually(() => valueOf(agent_id, 'human')).toBe('Likes coffee');

  await tabTo(page, 'History');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'History of human' });
  const versions = drawer.getByRole('list', { name: 'Versions' }).getByRole('listitem');
  await eventually(() => versions.count()).toBe(4);
  await tabTo(page, /You created/u);
  await page.keyboard.press('Enter');
  await tabTo(page, 'Restore this version');
  await page.keyboard.press('Enter');
  await eventually(() => valueOf(agent_id, 'human')).toBe('Likes tea');
  await page.keyboard.press('Escape');
  await eventually(() => drawer.count()).toBe(0);
  await eventually(() => focusName(page)).toBe('History');
});

test('conversations are made, renamed, left and deleted without a mouse', async () => {
  const { page, agent_id } = await openAgent();
  await say(page, 'Hi, my name is Kit');
  const titles = async (): Promise<string[]> =>
    (await call(ade().url, 'conversations.list', { agent_id })).conversations.map(({ title }) => title);
  const first = page.url();
  await page.keyboard.press('Control+n');
  await eventually(() => page.url()).not.toBe(first);
  expect((await titles()).length).toBe(2);
  await say(page, 'Hello there');
  await eventually(() => titles()).toContain('Hello there');
  await tabTo(page, 'More for Hello there');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
  await page.keyboard.press('Enter');
  await eventually(() => focusName(page)).toBe('Name of the conversation');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Greetings');
  await page.keyboard.press('Enter');
  await eventually(() => titles()).toContain('Greetings');

  await tabTo(page, 'More for Greetings');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
  await page.keyboard.press('End');
  await eventually(() => focusName(page)).toBe('Delete');
  await page.keyboard.press('Enter');
  await eventually(async () => (await titles()).length).toBe(1);
  await tabTo(page, 'Undo');
  await page.keyboard.press('Enter');
  await eventually(async () => (await titles()).length).toBe(2);
});

test('an entry of the archive is added, found and edited without a mouse', async () => {
  const { page, agent_id } = await openAgent();
  const texts = async (): Promise<string[]> =>
    (await call(ade().url, 'archive.list', { agent_id })).passages.map(({ text }) => text);
  await tabTo(page, 'Archive');
  await page.keyboard.press('Enter');
  await page.getByRole('searchbox', { name: 'Search archive' }).waitFor();
  await tabTo(page, 'Add entry');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Text of the entry');
  await page.keyboard.type('The lease ends in May');
  await tabTo(page, 'Save entry');
  await page.keyboard.press('Enter');
  await eventually(texts).toEqual(['The lease ends in May']);

  await tabTo(page, 'Search archive');
  await page.keyboard.type('lease');
  const list = page.getByRole('list', { name: 'Archive entries' });
  // Answers for less than the whole word say nothing yet.
  await eventually(() => list.locator('mark').allTextContents()).toEqual(['lease']);
  await tabTo(page, /The lease ends/u);
  await page.keyboard.press('Enter');
  await tabTo(page, 'Edit');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Text of the entry');
  const editor = page.getByRole('textbox', { name: 'Text of the entry' });
  await eventually(() => editor.inputValue()).toBe('The lease ends in May');
  await page.keyboard.press('End');
  await page.keyboard.type(', in 2027');
  await eventually(() => editor.inputValue()).toBe('The lease ends in May, in 2027');
  await tabTo(page, 'Save entry');
  await page.keyboard.press('Enter');
  await eventually(() => list.textContent()).toContain('in 2027');
  expect(await texts()).toEqual(['The lease ends in May, in 2027']);
});

async function openAgent(): Promise<{ page: Page; agent_id: string }> {
  const { url, browser } = ade();
  const name = `Agent ${crypto.randomUUID().slice(0, 8)}`;
  const blocks = [{ label: 'human', value: 'Likes tea' }];
  const { id } = await call(url, 'agents.create', { name, blocks });
  const page = await openAde(url, { browser, agent_id: id });
  await block(page, 'human').waitFor();
  return { page, agent_id: id };
}

async function valueOf(agent_id: string, label: string): Promise<string | undefined> {
  const { blocks } = await call(ade().url, 'blocks.list', { agent_id });
  return blocks.find((each) => each.label === label)?.value;
}

/** Says something from wherever the focus is, and waits for the answer. */
async function say(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+l');
  await eventually(() => focusName(page)).toBe('Message');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  const said = talk(page).locator('article').filter({ hasNotText: 'Sending' });
  await eventually(() => said.count()).toBeGreaterThan(1);
  await eventually(() => page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
}

/** Presses Tab until what has the focus bears this name; that it has it must be seen. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < REACH; presses += 1) {
    await page.keyboard.press('Tab');
    const found = await focusName(page);
    if (typeof name === 'string' ? found === name : name.test(found)) {
      const fault = await page.evaluate<string | null>(FAULT_OF_FOCUS);
      if (fault !== null) throw new Error(fault);
      return;
    }
    seen.push(found);
  }
  throw new Error(`Tab does not reach ${String(name)}; it reaches ${[...new Set(seen)].join(' | ')}`);
}

/** Tabs from stop to stop until it is at one for the second time; what is wrong with any of them. */
async function goRound(page: Page): Promise<string[]> {
  const faults: string[] = [];
  await page.evaluate('window.stops = new Set()');
  for (let presses = 0; presses < REACH; presses += 1) {
    await page.keyboard.press('Tab');
    const fault = await page.evaluate<string | null>(FAULT_OF_FOCUS);
    if (fault !== null) faults.push(fault);
    if (await page.evaluate<boolean>(IS_KNOWN_STOP)) return faults;
  }
  return [...faults, `Tab comes back to nothing within ${REACH} presses`];
}

const IS_KNOWN_STOP = `{
  const known = window.stops.has(document.activeElement);
  if (document.activeElement !== document.body) window.stops.add(document.activeElement);
  known && document.activeElement !== document.body;
}`;

/** The name of what has the focus, as far as a test needs it. */
function focusName(page: Page): Promise<string> {
  return page.evaluate<string>(`{
    const focus = document.activeElement;
    const labels = [...(focus.labels ?? [])].map((label) => label.textContent).join(' ');
    (focus.getAttribute('aria-label') ?? (labels || focus.textContent)).trim();
  }`);
}

/**
 * What is wrong with the place of the focus: out of sight, or drawn as without it. Compares the looks of the element and
 * of what is around it, where a field may show its focus, with those when the focus is away.
 */
const FAULT_OF_FOCUS = `{
  const focus = document.activeElement;
  const around = [focus, focus.parentElement, focus.parentElement?.parentElement].filter((each) => each instanceof Element);
  const looksOf = (each, part) => {
    const style = getComputedStyle(each, part);
    const outline = style.outlineStyle === 'none' ? '' : style.outline;
    return [outline, style.boxShadow, style.borderColor, style.backgroundColor, style.opacity].join();
  };
  const looks = () =>
    around.flatMap((each) => [null, '::before', '::after'].map((part) => looksOf(each, part))).join('|');
  const name = focus.outerHTML.slice(0, 120);
  const box = focus.getBoundingClientRect();
  const inside = box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  let fault = null;
  if (focus !== document.body) {
    for (const each of document.getAnimations()) if (each.effect?.getTiming().iterations !== Infinity) each.finish();
    const held = looks();
    const guard = (event) => event.stopImmediatePropagation();
    for (const type of ['blur', 'focusout', 'focus', 'focusin']) addEventListener(type, guard, { capture: true });
    focus.blur();
    for (const each of document.getAnimations()) if (each.effect?.getTiming().iterations !== Infinity) each.finish();
    const away = looks();
    focus.focus({ focusVisible: true, preventScroll: true });
    for (const type of ['blur', 'focusout', 'focus', 'focusin']) removeEventListener(type, guard, { capture: true });
    if (!inside) fault = 'out of sight: ' + name;
    else if (held === away) fault = 'looks as without focus: ' + name;
  }
  fault;
}`;
