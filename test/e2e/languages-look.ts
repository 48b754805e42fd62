/** Scripts that look at a page: each answers what is wrong with what can be seen, in words. */
import type { Page } from 'playwright-core';

const SEEN = `const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && element.getBoundingClientRect().width > 2 && element.getBoundingClientRect().height > 2;
  const words = (element) => element.tagName.toLowerCase() + '.' + element.className + ' "' + element.textContent.slice(0, 60) + '"';`;

/** Until the window was drawn in its present size. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

/** The window scrolls sideways, or something to press or read stands outside of it. */
export const OUTSIDE = `(() => {
  ${SEEN}
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push('the page scrolls sideways by ' + (root.scrollWidth - root.clientWidth));
  for (const box of document.querySelectorAll('main, aside, .talk, .scroll, [role=dialog]')) {
    if (isSeen(box) && box.scrollWidth > box.clientWidth + 1) faults.push('wider than its place: ' + words(box));
  }
  for (const element of document.querySelectorAll('button, a, h1, h2, h3, h4, label, input, textarea, [role=menuitem]')) {
    const { left, right } = element.getBoundingClientRect();
    if (isSeen(element) && (left < -1 || right > innerWidth + 1)) faults.push('outside of the window: ' + words(element));
  }
  return faults;
})()`;

/** A text is cut off in a button, a link, a heading or a label, with neither dots nor a tooltip. */
export const CUT = `(() => {
  ${SEEN}
  const faults = [];
  const names = 'button, a, h1, h2, h3, h4, label, summary, legend, dt, th, [role=menuitem]';
  for (const element of document.querySelectorAll(names + ', :is(' + names + ') span')) {
    const style = getComputedStyle(element);
    if (!isSeen(element) || style.display === 'inline' || element.scrollWidth <= element.clientWidth + 1) continue;
    if (style.textOverflow === 'ellipsis' && style.overflowX !== 'visible') continue;
    faults.push('cut by ' + (element.scrollWidth - element.clientWidth) + ': ' + words(element));
  }
  return faults;
})()`;

/**
 * Latin words outside of brackets: in the accented pseudo-locale each text of the catalogue has them. What the engine sent
 * is none of the window's own words, nor are dates, and the names of the languages.
 */
export function englishIn(page: Page, sent: ReadonlySet<string>): Promise<string[]> {
  return page.evaluate<string[]>(`(${ENGLISH})(${JSON.stringify([...sent])})`);
}

const ENGLISH = `(sent) => {
  ${SEEN}
  const faults = new Set();
  const known = new Set([...sent, 'Memoir', 'English', 'Deutsch']);
  const isSent = (text) => known.has(text) || (text.length > 12 && sent.some((each) => each.includes(text)));
  const DATE = /\\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)\\b|\\d at \\d/g;
  const isEnglish = (text) => {
    let rest = text.trim();
    if (isSent(rest)) return false;
    for (let before = ''; before !== rest; ) {
      before = rest;
      rest = rest.replaceAll(/\\[[^[\\]]*\\]/g, '');
    }
    // A tooltip joins what the engine sent by lines and commas.
    const lines = rest.replaceAll(DATE, '').split('\\n').filter((line) => !isSent(line.trim()));
    const parts = lines.flatMap((line) => line.split(',')).map((part) => part.trim());
    return parts.some((part) => /\\p{Script=Latin}{2,}/u.test(part) && !isSent(part));
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent === null || !isSeen(parent) || parent.matches('option, script, style, .code *')) continue;
    if (isEnglish(node.data)) faults.add('text "' + node.data.slice(0, 80) + '" in ' + words(parent));
  }
  const NAMES = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'aria-description'];
  for (const element of document.querySelectorAll(NAMES.map((name) => '[' + name + ']').join())) {
    for (const name of NAMES) {
      const text = element.getAttribute(name);
      if (text !== null && isSeen(element) && isEnglish(text)) faults.add(name + ' "' + text.slice(0, 80) + '" of ' + words(element));
    }
  }
  return [...faults];
}`;

/** Every text that stands in an answer of the engine. */
export function textsIn(answer: unknown, into: Set<string>): void {
  if (typeof answer === 'string') into.add(answer.trim());
  else if (typeof answer === 'object' && answer !== null) {
    for (const each of Object.values(answer)) textsIn(each, into);
  }
}
