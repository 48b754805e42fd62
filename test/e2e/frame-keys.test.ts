import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, openAde, say, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { drawn } from './languages-look.ts';

const ade = shareAde();

test('F6 goes round the panes and comes back to where one was in each', async () => {
  const page = await openFrame();
  const state = page.getByRole('complementary', { name: 'State' });
  await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
  expect(await pane(page)).toBe('page');

  const seen: string[] = [];
  for (let presses = 0; presses < 4; presses += 1) {
    await page.keyboard.press('F6');
    seen.push(await pane(page));
  }
  expect(seen).toEqual(['side rr', 'rail', 'side l', 'page']);
  expect(await focusName(page)).toBe('Message');

  await state.getByRole('button', { name: 'Hide state' }).focus();
  await page.keyboard.press('Shift+F6');
  expect(await focusName(page)).toBe('Message');
  await page.keyboard.press('F6');
  expect(await focusName(page)).toBe('Hide state');

  await page.keyboard.press('Control+b');
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  expect(await pane(page)).toBe('page');
});

test('the first stop of Tab leads to the composer; from another page Ctrl+L does', async () => {
  const page = await openFrame();
  await page.mouse.click(4, 4);
  await page.keyboard.press('Shift+Tab');
  const skip = page.getByRole('link', { name: 'Skip to the message box' });
  expect(await skip.evaluate((link) => link.matches(':focus') && link.clientHeight > 20)).toBe(true);
  await page.keyboard.press('Enter');
  expect(await focusName(page)).toBe('Message');

  await page.getByRole('link', { name: 'Archive' }).click();
  await page.getByRole('searchbox', { name: 'Search archive' }).waitFor();
  await page.keyboard.press('Control+l');
  await eventually(() => focusName(page)).toBe('Message');
});

test('Alt with the arrows opens the next and the previous conversation; the ends hold', async () => {
  const page = await openFrame();
  await say(page, 'Hi, my name is Kit', 'Iris');
  await page.getByRole('button', { name: 'New conversation', exact: true }).click();
  const rows = page.getByRole('list', { name: 'Conversations' }).getByRole('button', { name: /^(?!More)/ });
  await eventually(() => rows.count()).toBe(2);
  const chosen = async (): Promise<number> =>
    rows.evaluateAll((all) => all.findIndex((row) => row.getAttribute('aria-current') === 'true'));
  const first = await chosen();
  expect(first).not.toBe(-1);
  await page.keyboard.press(first === 0 ? 'Alt+ArrowDown' : 'Alt+ArrowUp');
  await eventually(chosen).toBe(1 - first);
  await eventually(() => focusName(page)).toBe('Message');
  await page.keyboard.press(first === 0 ? 'Alt+ArrowDown' : 'Alt+ArrowUp');
  await page.keyboard.press(first === 0 ? 'Alt+ArrowUp' : 'Alt+ArrowDown');
  await eventually(chosen).toBe(first);
});

test('in a narrow window a drawer takes the focus, keeps it, and gives it back', async () => {
  const page = await openFrame();
  await say(page, 'Hi, my name is Kit', 'Iris');
  await page.setViewportSize({ width: 800, height: 700 });
  const state = page.getByRole('complementary', { name: 'State' });
  const show = page.getByRole('button', { name: 'Show state' });
  expect(await state.count()).toBe(0);

  await show.press('Enter');
  await eventually(() => pane(page)).toBe('side rr');
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab');
    expect(await pane(page)).toBe('side rr');
  }
  await page.keyboard.press('Shift+Tab');
  expect(await pane(page)).toBe('side rr');
  await page.keyboard.press('Escape');
  expect(await state.count()).toBe(0);
  await eventually(() => focusName(page)).toBe('Show state');

  await page.keyboard.press('Control+b');
  await eventually(() => pane(page)).toBe('side l');
  await page.getByRole('button', { name: 'New conversation', exact: true }).press('Enter');
  await eventually(() => focusName(page)).toBe('Message');

  await show.click();
  await page.setViewportSize({ width: 1440, height: 900 });
  // Two changes of size in one frame would be none to the page.
  await drawn(page);
  await page.setViewportSize({ width: 800, height: 700 });
  await eventually(() => state.count()).toBe(0);
});

/** The window on an agent of its own, once the composer has its conversation and the focus. */
async function openFrame(): Promise<Page> {
  const { url, browser } = ade();
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const agent = await call(url, 'agents.create', { name: 'Iris', blocks });
  const page = await openAde(url, { browser, agent_id: agent.id });
  await eventually(() => focusName(page)).toBe('Message');
  return page;
}

async function focusName(page: Page): Promise<string | null> {
  return page.evaluate<string | null>('document.activeElement.ariaLabel');
}

/** Class of the pane that has the focus. */
async function pane(page: Page): Promise<string> {
  return page.evaluate<string>(
    "document.activeElement.closest('.rail, .side, main')?.className ?? document.activeElement.tagName",
  );
}
