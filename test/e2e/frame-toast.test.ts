import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, openAde, shareAde } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';

const ade = shareAde();

test('a toast counts its seconds, waits under the pointer, and goes at the end', async () => {
  const page = await openFrame();
  await page.clock.install();
  await detach(page, 'human');
  const toast = page.locator('.toast');
  expect(await page.getByRole('status').filter({ hasText: 'human was detached' }).count()).toBe(1);
  await count(page, 10, 8);

  await toast.hover();
  for (let seconds = 0; seconds < 20; seconds += 1) await page.clock.runFor(1000);
  await count(page, 8, 8);
  await page.mouse.move(4, 4);
  await count(page, 8, 1);
  await page.clock.runFor(1000);
  await eventually(() => toast.count()).toBe(0);
});

test('one toast stands at a time, and its action gives the focus back', async () => {
  const page = await openFrame();
  await detach(page, 'human');
  await detach(page, 'persona');
  const toast = page.locator('.toast');
  expect(await toast.count()).toBe(1);
  expect(await toast.textContent()).toContain('persona was detached');

  await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Undo');
  await page.keyboard.press('Enter');
  await eventually(() => toast.count()).toBe(0);
  await page.getByRole('region', { name: 'Block persona' }).waitFor();
  await eventually(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Hide state');
});

/** The window on an agent of its own, once the composer has its conversation and the focus. */
async function openFrame(): Promise<Page> {
  const { url, browser } = ade();
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const agent = await call(url, 'agents.create', { name: 'Iris', blocks });
  const page = await openAde(url, { browser, agent_id: agent.id });
  await eventually(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Message');
  return page;
}

async function detach(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: `More for ${label}` }).press('Enter');
  await page.getByRole('menuitem', { name: 'Detach from this agent' }).press('Enter');
  await page.locator('.toast').filter({ hasText: label }).waitFor();
}

/** The seconds shown go from one number to the other, one by one. */
async function count(page: Page, from: number, to: number): Promise<void> {
  const shown = page.locator('.toast .num');
  await eventually(() => shown.textContent()).toBe(`${from} s`);
  for (let left = from - 1; left >= to; left -= 1) {
    await page.clock.runFor(1000);
    await eventually(() => shown.textContent()).toBe(`${left} s`);
  }
}

test('a toast stands above the composer, so that what is written can be sent meanwhile', async () => {
  const page = await openFrame();
  await detach(page, 'human');
  const toast = (await page.locator('.toast').boundingBox())!;
  const composer = (await page.locator('.comp').boundingBox())!;
  expect(toast.y + toast.height).toBeCloseTo(composer.y - 12, 0);
  await page.getByRole('link', { name: 'Archive' }).click();
  await eventually(() => page.locator('.comp').count()).toBe(0);
  const low = (await page.locator('.toast').boundingBox())!;
  expect(low.y + low.height).toBeCloseTo(900 - 16, 0);
});
