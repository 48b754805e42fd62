import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, openAde, say, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';

const ade = shareAde();

test('a column is resized by mouse and by keyboard within its limits, and keeps its width', async () => {
  const page = await openFrame();
  const left = sash(page, 'Width of agents and conversations');
  const right = sash(page, 'Width of state');
  expect([await valueNow(left), await valueNow(right)]).toEqual([256, 352]);

  await drag(page, left, 60);
  await drag(page, right, -48);
  expect([await valueNow(left), await valueNow(right)]).toEqual([316, 400]);
  expect(await drawnWidths(page)).toEqual([316, 400]);

  await left.press('ArrowRight');
  await right.press('ArrowRight');
  expect(await drawnWidths(page)).toEqual([332, 384]);
  await left.press('End');
  await right.press('Home');
  expect(await drawnWidths(page)).toEqual([420, 264]);
  await drag(page, left, 400);
  expect(await drawnWidths(page)).toEqual([420, 264]);

  await page.reload();
  await left.waitFor();
  expect(await drawnWidths(page)).toEqual([420, 264]);
  await left.dblclick();
  await right.dblclick();
  expect(await drawnWidths(page)).toEqual([256, 352]);
});

test('a narrower window narrows the columns for its time and the talk keeps its share', async () => {
  const page = await openFrame();
  await sash(page, 'Width of agents and conversations').press('End');
  await sash(page, 'Width of state').press('End');
  expect(await drawnWidths(page)).toEqual([420, 524]);
  await page.setViewportSize({ width: 1000, height: 700 });
  const talk = async (): Promise<unknown> => (await page.getByRole('main').boundingBox())?.width;
  await eventually(talk).toBe(448);
  await page.setViewportSize({ width: 900, height: 700 });
  await eventually(() => drawnWidths(page)).toEqual([184, 264]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await eventually(() => drawnWidths(page)).toEqual([420, 524]);
});

test('a column is hidden and shown by button, key and Enter on its line; the focus stays near', async () => {
  const page = await openFrame();
  const agents = page.getByRole('complementary', { name: 'Agents and conversations' });
  const state = page.getByRole('complementary', { name: 'State' });

  await page.getByRole('button', { name: 'Hide agents and conversations' }).press('Enter');
  await eventually(() => agents.count()).toBe(0);
  expect(await focusName(page)).toBe('Show agents and conversations');
  expect(await sash(page, 'Width of agents and conversations').count()).toBe(0);
  await page.reload();
  await settled(page);
  await page.getByRole('button', { name: 'Show agents and conversations' }).press('Enter');
  await eventually(() => agents.count()).toBe(1);
  await eventually(() => focusName(page)).toBe('Hide agents and conversations');

  await sash(page, 'Width of state').press('Enter');
  await eventually(() => state.count()).toBe(0);
  expect(await focusName(page)).toBe('Show state');
  await page.keyboard.press('Control+j');
  await eventually(() => state.count()).toBe(1);
  await page.keyboard.press('Control+b');
  await eventually(() => agents.count()).toBe(0);
});

test('moving a line draws nothing of the talk again, so it may move while text streams', async () => {
  const page = await openFrame();
  // Nothing to remember: the marks of a memory change would fade meanwhile.
  await say(page, 'Good morning', 'Iris');
  // The part that reads Markdown comes late, and draws the first answer once more.
  await page.getByRole('log').getByRole('paragraph').first().waitFor();
  await page.evaluate(`new MutationObserver((seen) => { window.drawn = seen.length; })
    .observe(document.querySelector('[role=log]'), { subtree: true, childList: true, characterData: true })`);
  await drag(page, sash(page, 'Width of state'), -90);
  expect(await drawnWidths(page)).toEqual([256, 442]);
  expect(await page.evaluate('window.drawn')).toBeUndefined();
  await say(page, 'Hello', 'Iris');
  expect(await page.evaluate('window.drawn')).toBeGreaterThan(0);
});

test('in high contrast what is chosen keeps a mark in the colours of the system', async () => {
  const page = await openFrame();
  const mark = (): Promise<string> =>
    page.evaluate<string>(
      `getComputedStyle(document.querySelector('.item.sel'), '::before').backgroundColor`,
    );
  await page.emulateMedia({ forcedColors: 'active' });
  expect(await mark()).toBe(await systemColour(page, 'Highlight'));
  expect(await mark()).not.toBe(await systemColour(page, 'Canvas'));
});

test('at 200 and 400 percent zoom nothing of the page or its drawers stands outside of the window', async () => {
  const page = await openFrame();
  await say(page, 'My name is Kit', 'Iris');
  for (const width of [720, 400, 320]) {
    await page.setViewportSize({ width, height: 512 });
    expect(await outside(page), `${width} px`).toEqual([]);
    for (const key of ['Control+b', 'Control+j']) {
      await page.keyboard.press(key);
      expect(await outside(page), `${width} px, ${key}`).toEqual([]);
      await page.keyboard.press('Escape');
    }
  }
});

test('the hairlines of the pane heads meet at every width', async () => {
  const page = await openFrame();
  for (const width of [1440, 1000]) {
    await page.setViewportSize({ width, height: 700 });
    const feet = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.side.l > .sect.high, main > .head, .side.rr > .head')].map((head) => head.getBoundingClientRect().bottom)`,
    );
    expect(feet).toEqual([84, 84, 84]);
  }
});

test('the lines between the columns have names and values that assistive tools can read', async () => {
  const page = await openFrame();
  const run = `${axe.source}; axe.run('.app', { rules: { 'color-contrast': { enabled: false } } })
    .then(({ violations }) => violations.map((fault) => fault.id + ': ' + fault.nodes.map((node) => node.html).join(' ')))`;
  await page.getByRole('separator').first().focus();
  expect(await page.evaluate<string[]>(run)).toEqual([]);
  await page.setViewportSize({ width: 800, height: 700 });
  await page.keyboard.press('Control+j');
  expect(await page.evaluate<string[]>(run)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  // Once the wider window is drawn, nothing writes the attribute again.
  await eventually(() => sash(page, 'Width of state').getAttribute('aria-valuenow')).toBe('352');
  await sash(page, 'Width of state').evaluate((line) => line.removeAttribute('aria-valuenow'));
  expect(await page.evaluate<string[]>(run)).not.toEqual([]);
});

/** The window on an agent of its own, once the composer has its conversation and the focus. */
async function openFrame(): Promise<Page> {
  const { url, browser } = ade();
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const agent = await call(url, 'agents.create', { name: 'Iris', blocks });
  const page = await openAde(url, { browser, agent_id: agent.id });
  await settled(page);
  return page;
}

/** The composer takes the focus once its conversation is there. */
async function settled(page: Page): Promise<void> {
  await eventually(() => focusName(page)).toBe('Message');
}

/** Controls of the frame and its panes that reach over an edge of the window. */
async function outside(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('.top *, .head *, .side button, .comp *')]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().width > 1)
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 || each.getBoundingClientRect().left < -1)
    .map((each) => each.outerHTML.slice(0, 90))`);
}

async function systemColour(page: Page, name: string): Promise<string> {
  return page.evaluate<string>(`(() => {
    const probe = document.createElement('i');
    probe.style.backgroundColor = '${name}';
    document.body.append(probe);
    const { backgroundColor } = getComputedStyle(probe);
    probe.remove();
    return backgroundColor;
  })()`);
}

function sash(page: Page, name: string): Locator {
  return page.getByRole('separator', { name });
}

async function valueNow(line: Locator): Promise<number> {
  return Number(await line.getAttribute('aria-valuenow'));
}

async function drag(page: Page, line: Locator, by: number): Promise<void> {
  const box = await line.boundingBox();
  if (box === null) throw new Error('The line is not drawn.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by / 2, y);
  await page.mouse.move(x + by, y);
  await page.mouse.up();
}

async function drawnWidths(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(
    `['.side.l', '.side.rr'].map((side) => Math.round(document.querySelector(side).getBoundingClientRect().width))`,
  );
}

async function focusName(page: Page): Promise<string | null> {
  return page.evaluate<string | null>('document.activeElement.ariaLabel');
}
