import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { eventually, lastAnswer, openAde, send, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { type ScriptedAnswer, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';

const script: ScriptedAnswer[] = [];
const models: ScriptedModel[] = [];
afterAll(() => Promise.all(models.map((model) => model.close())));
const shared = shareAde(async () => {
  const model = await startScriptedModel(
    () => script.shift() ?? { kind: 'text', text: 'Nothing left to say.' },
  );
  models.push(model);
  return { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url };
});

test('a failed run says what the provider said, and Try again works once the provider is well', async () => {
  const { page } = await openWith({
    kind: 'status',
    status: 402,
    message: 'You exceeded your current quota.',
  });
  await send(page, 'Are you there?');
  const row = page.getByRole('alert').filter({ hasText: 'The answer could not be finished' });
  await eventually(() => row.textContent()).toContain('It said: You exceeded your current quota.');

  script.push({ kind: 'text', text: 'Yes, here I am.' });
  await row.getByRole('button', { name: 'Try again' }).click();
  await eventually(() => talk(page).textContent()).toContain('Yes, here I am.');
  await eventually(() => row.count()).toBe(0);
  expect(await talk(page).getByRole('article', { name: 'You' }).allTextContents()).toEqual([
    'Are you there?',
  ]);
});

test('Stop keeps the text so far and marks it', async () => {
  const { page, name } = await openWith({ kind: 'hang', first: 'The first half of a thought' });
  await send(page, 'Tell me everything');
  await eventually(() => talk(page).textContent()).toContain('The first half');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();

  await eventually(() => lastAnswer(page, name).textContent()).toContain('Stopped here');
  expect(await lastAnswer(page, name).textContent()).toContain('The first half of a thought');
  await eventually(() => page.getByRole('status').allTextContents()).toContain('You stopped this answer');
  expect(await page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
});

test('messages sent while an answer is written wait in sight, can be taken back, and are answered in order', async () => {
  const { page, name } = await openWith({ kind: 'hang', first: 'Still at it' });
  await send(page, 'First');
  await eventually(() => talk(page).textContent()).toContain('Still at it');
  const queue = page.getByRole('list', { name: 'Waiting messages' });
  await send(page, 'Second');
  const third = `Third, ${'and it goes on '.repeat(20)}to its end`;
  await send(page, third);
  await eventually(() => queue.getByRole('listitem').allTextContents()).toEqual(['Second', third]);

  await queue.getByRole('button', { name: 'Take back “Second”' }).click();
  await eventually(() => queue.getByRole('listitem').allTextContents()).toEqual([third]);
  script.push({ kind: 'text', text: 'This answers the third.' });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await eventually(() => lastAnswer(page, name).textContent()).toContain('This answers the third.');
  expect(await queue.count()).toBe(0);
  expect(await talk(page).getByRole('article', { name: 'You' }).allTextContents()).toEqual(['First', third]);
});

test('a message that was never answered says why for good, and only the newest can be tried again', async () => {
  const { page } = await openWith({ kind: 'status', status: 401, message: 'Incorrect API key provided.' });
  const newest = page.getByRole('alert').filter({ hasText: 'The answer could not be finished' });
  const again = page.getByRole('button', { name: 'Try again' });
  await send(page, 'First');
  await eventually(() => newest.count()).toBe(1);
  script.push({ kind: 'status', status: 402, message: 'You exceeded your current quota.' });
  await send(page, 'Second');
  await eventually(() => newest.textContent()).toContain('exceeded your current quota');
  const past = talk(page).getByRole('note');
  await eventually(() => past.allTextContents()).toEqual([
    expect.stringMatching(/^Not answered: .*\(401\)/u),
  ]);
  expect(await again.count()).toBe(1);

  script.push({ kind: 'text', text: 'The third works.' });
  await send(page, 'Third');
  await eventually(() => talk(page).textContent()).toContain('The third works.');
  const reasons = [expect.stringMatching(/\(401\)/u), expect.stringContaining('exceeded your current quota')];
  expect(await past.allTextContents()).toEqual(reasons);
  expect(await again.count()).toBe(0);
  await page.reload();
  await eventually(() => past.allTextContents()).toEqual(reasons);
  expect(await turnsAndNotes(page)).toEqual(['article', 'note', 'article', 'note', 'article', 'article']);
  await page.getByRole('button', { name: 'Steps' }).click();
  await eventually(() => past.allTextContents()).toEqual(reasons);
});

test('a message whose answer was stopped before its first word says so after a reload, too', async () => {
  const { page } = await openWith({ kind: 'hang', first: '' });
  await send(page, 'First');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await eventually(() => page.getByRole('status').allTextContents()).toContain('You stopped this answer');
  script.push({ kind: 'text', text: 'And on it goes.' });
  await send(page, 'Second');
  await eventually(() => talk(page).textContent()).toContain('And on it goes.');
  const past = talk(page).getByRole('note');
  await eventually(() => past.allTextContents()).toEqual(['Not answered: you stopped it.']);
  await page.reload();
  await eventually(() => past.count()).toBe(1);
  expect(await past.textContent()).toBe('Not answered: you stopped it.');
});

/** What stands in the talk, from the top: roles of its messages and of the lines under them. */
function turnsAndNotes(page: Page): Promise<string[]> {
  return talk(page)
    .locator('article, [role="note"]')
    .evaluateAll((all) => all.map((each) => each.getAttribute('role') ?? each.localName));
}

/** Opens a new agent whose first request to the model is answered so. */
async function openWith(first: ScriptedAnswer): Promise<{ page: Page; name: string }> {
  const { url, browser } = shared();
  script.splice(0, script.length, first);
  const name = `Agent ${crypto.randomUUID().slice(0, 8)}`;
  const { id } = await call(url, 'agents.create', { name, model: 'openai/gpt-4o-mini' });
  return { page: await openAde(url, { browser, agent_id: id }), name };
}
