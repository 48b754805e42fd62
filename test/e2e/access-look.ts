/** What axe finds wrong with a page, in words. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Both looks of the window. */
export const THEMES = ['light', 'dark'] as const;

/** Rules of axe that are not as they are by default. */
export type Rules = Readonly<Record<string, { readonly enabled: boolean }>>;

/** Faults of the page against WCAG 2.2 AA, each with the place it was found at. */
export async function accessFaults(page: Page, where: string, rules: Rules = {}): Promise<string[]> {
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe.source);
  const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], rules };
  const found = await page.evaluate<string[]>(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) =>
      violations.map((fault) => fault.id + ': ' + fault.nodes.map((node) => node.html).join(' ')))`,
  );
  return found.map((fault) => `${where}: ${fault}`);
}

/** The faults that are left once the page has come to rest in each theme. */
export async function accessFaultsIn(
  page: Page,
  themes: readonly (typeof THEMES)[number][],
  where: string,
): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const place = `${where}, ${colorScheme}`;
    const end = performance.now() + 10_000;
    let found = await accessFaults(page, place);
    while (found.length > 0 && performance.now() < end) found = await accessFaults(page, place);
    faults.push(...found);
  }
  return faults;
}
