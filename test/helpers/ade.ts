import type { Browser, Locator, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { launchChromium } from './chromium.ts';

/** Opens the ADE in a page of its own; closes with the test. Console errors fail the test. */
export async function openAde(
  url: string,
  options: { browser?: Browser; path?: string } = {},
): Promise<Page> {
  const browser = options.browser ?? (await launchChromium());
  if (options.browser === undefined) onTestFinished(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  onTestFinished(() => {
    expect(errors).toEqual([]);
  });
  await page.goto(`${url}/ade/${options.path ?? ''}`);
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  return page;
}

/** Says something and waits until the agent has stopped answering. */
export async function say(page: Page, text: string): Promise<void> {
  const answers = page.getByRole('log', { name: 'Conversation' }).getByRole('article', { name: 'Ada' });
  const before = await answers.count();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect.poll(() => answers.count(), { timeout: 15_000 }).toBeGreaterThan(before);
  await expect.poll(() => page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
}

/** The newest answer in the talk. */
export function lastAnswer(page: Page): Locator {
  return page.getByRole('log', { name: 'Conversation' }).getByRole('article', { name: 'Ada' }).last();
}
