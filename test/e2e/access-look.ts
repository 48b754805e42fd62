/** What axe finds wrong with a page, in words. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Faults of the page against WCAG 2.2 AA, each with the place it was found at. */
export async function accessFaults(page: Page, where: string): Promise<string[]> {
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe.source);
  const found = await page.evaluate<string[]>(RUN);
  return found.map((fault) => `${where}: ${fault}`);
}

const RUN = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  .then(({ violations }) => violations.map((fault) => fault.id + ': ' + fault.nodes.map((node) => node.html).join(' ')))`;
