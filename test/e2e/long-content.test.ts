import { expect, test } from 'vitest';
import { block, eventually, openAde, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';

const shared = shareAde();

const ARABIC = `${'مرحبا، اسمي كيت وأحب الشاي '.repeat(4)}نعم`;

test('a message of 200,000 characters, a word of 5,000 and right-to-left text leave the window usable', async () => {
  const { url, browser } = shared();
  const agent = (await call(url, 'agents.list', {})).agents[0];
  const { conversations } = await call(url, 'conversations.list', { agent_id: agent?.id ?? '' });
  const conversation_id = conversations[0]?.id ?? '';
  const long = `${'The quick brown fox jumps over the lazy dog. '.repeat(4444)}The end`;
  for (const [at, text] of ['A'.repeat(5000), ARABIC, long].entries()) {
    await call(url, 'messages.send', { conversation_id, text, otid: `long-${at}` });
  }
  const page = await openAde(url, { browser });
  await eventually(() => talk(page).getByText('Show all of it, 199,987 characters').count()).toBe(1);
  expect(await talk(page).textContent()).not.toContain('The end');
  await page.setViewportSize({ width: 1000, height: 700 });
  expect(await page.evaluate<boolean>(OVERFLOWS)).toBe(false);

  expect(await page.evaluate<boolean>(STARTS_RIGHT)).toBe(true);
  await talk(page).getByText('Show all of it, 199,987 characters').click();
  await eventually(() => talk(page).textContent()).toContain('The end');
});

test('an agent with sixty blocks shows the first ones and folds the rest to one line', async () => {
  const { url, browser } = shared();
  const blocks = Array.from({ length: 60 }, (_each, at) => ({
    label: `note-${at}`,
    value: 'W'.repeat(at * 60),
  }));
  const { id } = await call(url, 'agents.create', { name: 'Archivist', blocks });
  const page = await openAde(url, { browser, agent_id: id });
  await eventually(() => block(page, 'note-5').count()).toBe(1);
  expect(await block(page, 'note-6').count()).toBe(0);
  expect(await page.evaluate<boolean>(OVERFLOWS)).toBe(false);

  await page.getByRole('button', { name: /54 more$/ }).click();
  await eventually(() => block(page, 'note-59').count()).toBe(1);
});

/** Whether the last line of the Arabic message starts at the right end of its bubble. */
const STARTS_RIGHT = `{
  const body = [...document.querySelectorAll('.msg.user .body')].find((each) => each.textContent.includes('مرحبا'));
  const words = document.createRange();
  words.selectNodeContents(body);
  const last = [...words.getClientRects()].at(-1);
  const bubble = body.getBoundingClientRect();
  last.left - bubble.left > 40 && bubble.right - last.right < 20;
}`;

/** Whether the window itself scrolls or a column is wider than its place. */
const OVERFLOWS = `[document.documentElement, ...document.querySelectorAll('main, aside, .talk, .scroll')]
  .some((box) => box.scrollWidth > box.clientWidth + 1)`;
