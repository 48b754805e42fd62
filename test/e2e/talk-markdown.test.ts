import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, openAde, say, send, shareAde, talk } from '../helpers/ade.ts';
import { startScriptedModel } from '../helpers/scripted-openai.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const ade = shareAde();

test('until the part that reads Markdown has come, an answer is shown with its marks, also while it is written', async () => {
  const { page, url } = await openAnswered('Some **bold** words', ' and *more*');
  const here = Promise.withResolvers<undefined>();
  await page.route('**/assets/markdown-body-*.js', async (route) => {
    await here.promise;
    await route.continue();
  });
  await page.goto(`${url}/ade/`);
  await send(page, 'Go on');
  await eventually(() => talk(page).textContent()).toContain('Some **bold** words');
  expect(await talk(page).locator('strong').count()).toBe(0);
  here.resolve(undefined);
  await eventually(() => talk(page).locator('strong').count()).toBe(1);
  expect(await talk(page).textContent()).not.toContain('**');
});

test('a text that can not be drawn is shown as it is, and the talk around it stays', async () => {
  const deep = `${'> '.repeat(6000)}The end`;
  const { page: first, url } = await openAnswered(deep, '');
  await first.close();
  // A page of its own: the browser's console tells of the text, as it should.
  const page = await ade().browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`${url}/ade/`);
  await send(page, 'Quote it');
  await eventually(() => talk(page).textContent()).toContain('The end');
  await eventually(() => page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
  expect(await talk(page).locator('blockquote').count()).toBe(0);
  await send(page, 'Still here?');
  const said = talk(page).getByRole('article', { name: 'You' });
  await eventually(() => said.last().textContent()).toContain('Still here?');
});

test('what is opened in the talk stays under the pointer, and is what is read in other views too', async () => {
  const { page } = await openAnswered('One **answer**', '');
  await page.setViewportSize({ width: 1440, height: 640 });
  for (const text of ['First', 'long '.repeat(1500), 'Third']) await say(page, text);
  const unfold = talk(page).getByText('Show all of it');
  const article = talk(page).getByRole('article', { name: 'You' }).filter({ hasText: 'long' });
  const before = await article.boundingBox();
  await unfold.click();
  await eventually(async () => (await article.boundingBox())?.height).toBeGreaterThan(
    (before?.height ?? 0) + 500,
  );
  expect((await article.boundingBox())?.y).toBeCloseTo(before?.y ?? 0, 0);
  await eventually(() => page.locator('.talk').getAttribute('data-place')).toBe('reading');

  await page.getByRole('button', { name: 'Steps', exact: true }).click();
  const step = talk(page).getByRole('article', { name: 'You' }).filter({ hasText: 'long' });
  await eventually(async () => (await step.boundingBox())?.y).toBeCloseTo(before?.y ?? 0, -1);
});

type Answered = { readonly page: Page; readonly url: string };

/** A window over a model that answers with two pieces. */
async function openAnswered(first: string, second: string): Promise<Answered> {
  const model = await startScriptedModel(() => ({
    kind: 'chunks',
    chunks: [{ text: first }, { text: second === '' ? ' ' : second }],
  }));
  onTestFinished(() => model.close());
  const { url, kill } = await spawnServer(tempDir(), {
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: model.base_url,
    MEMOIR_DEFAULT_MODEL: 'openai/gpt-4o-mini',
  });
  onTestFinished(() => kill());
  return { page: await openAde(url, { browser: ade().browser }), url };
}
