/** What axe finds wrong with a page, in words. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Both looks of the window. */
export const THEMES = ['light', 'dark'] as const;

/** Rules of axe that are not as they are by default. */
export type Rules = Readonly<Record<string, { readonly enabled: boolean }>>;

const LEVEL_AA = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };

// All that another theme can change.
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Faults of the page against WCAG 2.2 AA, each with the place it was found at; with `only`, of some rules. */
export async function accessFaults(
  page: Page,
  where: string,
  { rules = {}, only = LEVEL_AA }: { readonly rules?: Rules; readonly only?: typeof LEVEL_AA } = {},
): Promise<string[]> {
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe.source);
  // No rule in use reads style sheets ahead, and what is right need not be listed.
  const options = { runOnly: only, rules, preload: false, resultTypes: ['violations'] };
  const found = await page.evaluate<string[]>(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) =>
      violations.map((fault) => fault.id + ': ' + fault.nodes.map((node) => node.html).join(' ')))`,
  );
  return found.map((fault) => `${where}: ${fault}`);
}

/** The faults that are left once the page has come to rest in each theme: all in the first, those of colour in the others. */
export async function accessFaultsIn(
  page: Page,
  themes: readonly (typeof THEMES)[number][],
  where: string,
): Promise<string[]> {
  const faults: string[] = [];
  for (const [at, colorScheme] of themes.entries()) {
    const only = at === 0 ? LEVEL_AA : COLOURS;
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const place = `${where}, ${colorScheme}`;
    const end = performance.now() + 10_000;
    let found = await accessFaults(page, place, { only });
    while (found.length > 0 && performance.now() < end) found = await accessFaults(page, place, { only });
    faults.push(...found);
  }
  return faults;
}
