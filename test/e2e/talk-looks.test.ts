import type { Locator, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { block, eventually, lastAnswer, openAde, send, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { type ScriptedAnswer, startScriptedModel } from '../helpers/scripted-openai.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const ade = shareAde();

test('a waiting message that is long keeps the button that takes it back in sight', async () => {
  const { page } = await openScripted([{ kind: 'hang', first: 'Half of it' }]);
  await send(page, 'Tell me all of it');
  await eventually(() => talk(page).textContent()).toContain('Half of it');
  const long = 'and '.repeat(120) + 'w'.repeat(400);
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(long);
  await page.keyboard.press('Enter');
  const row = page.getByRole('list', { name: 'Waiting messages' }).getByRole('listitem');
  const box = await row.boundingBox();
  const cross = await row.getByRole('button').boundingBox();
  const composer = await page.locator('.comp').boundingBox();
  if (box === null || cross === null || composer === null) throw new Error('Nothing waits.');
  expect(box.height).toBeLessThan(40);
  expect(cross.x + cross.width).toBeLessThanOrEqual(composer.x + composer.width);
  await row.getByRole('button').click();
  await eventually(() => row.count()).toBe(0);
});

test('struck words of an answer look struck, not removed from memory', async () => {
  const { page } = await openScripted([{ kind: 'text', text: 'It is ~~May~~ June.' }]);
  await send(page, 'When?');
  const struck = lastAnswer(page).locator('del');
  await struck.waitFor();
  const look = await struck.evaluate(
    (element) => element.ownerDocument.defaultView?.getComputedStyle(element).backgroundColor,
  );
  expect(look).toBe('rgba(0, 0, 0, 0)');
});

test('one more conversation without a word says so, why, and what to ask; its answer comes from memory', async () => {
  const { url, browser } = ade();
  const blocks = [{ label: 'human', value: 'Name: Kit' }, { label: 'persona' }];
  const { id } = await call(url, 'agents.create', { name: 'Iris', blocks });
  const second = await call(url, 'conversations.create', { agent_id: id });
  const page = await openAde(url, { browser, path: `#/chat/${id}/${second.id}` });
  const main = page.getByRole('main');
  await main.getByText('Nothing was said here yet').waitFor();
  expect(await main.locator('.empty').textContent()).toContain('What Iris remembers');
  await main.getByRole('button', { name: 'Ask what Iris knows' }).click();
  await eventually(() => talk(page).textContent()).toContain('What do you know about me?');
  await eventually(() => lastAnswer(page, 'Iris').textContent()).toContain('Kit');
  expect(await main.getByText('Nothing was said here yet').count()).toBe(0);
});

test('going to a message marks its bubble, not the width of the talk', async () => {
  const { url, browser } = ade();
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const { id } = await call(url, 'agents.create', { name: 'Iris', blocks });
  const page = await openAde(url, { browser, agent_id: id });
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await send(page, 'My name is Kit');
  await page.getByRole('link', { name: 'Go to message' }).first().click();
  const marks = await page.locator('.told').evaluate((message) => {
    const animated = (element: Element | null): string | undefined =>
      element?.ownerDocument.defaultView?.getComputedStyle(element).animationName;
    return [animated(message), animated(message.querySelector('.body'))];
  });
  expect(marks).toEqual(['none', 'told']);
});

test('the steps count one token as one', async () => {
  const { page } = await openScripted([{ kind: 'text', text: 'Yes.' }]);
  await send(page, 'a');
  await lastAnswer(page).waitFor();
  await page
    .getByRole('radio', { name: 'Steps' })
    .or(page.getByRole('button', { name: 'Steps' }))
    .click();
  await eventually(() => talk(page).getByRole('article').count()).toBeGreaterThan(1);
  expect(await talk(page).textContent()).not.toMatch(/\b1 tokens/u);
});

test('a window with more than fits is red, says by how much, and names what takes the most', async () => {
  const { url, browser } = ade();
  const blocks = [{ label: 'human', value: 'word '.repeat(2400), limit: 20_000 }, { label: 'persona' }];
  const agent = await call(url, 'agents.create', { name: 'Iris', blocks });
  await call(url, 'agents.update', { agent_id: agent.id, context_window_limit: 2048 });
  const page = await openAde(url, { browser, agent_id: agent.id });
  const meter = page.getByRole('meter', { name: 'Context window' });
  await eventually(() => meter.textContent()).toMatch(/Over by [\d,]+ tokens/u);
  expect(await meter.textContent()).toMatch(/Memory takes the most, [\d,]+ tokens/u);
  expect(await meter.getAttribute('aria-valuenow')).toBe('2048');
  expect(await page.locator('.toast').count()).toBe(0);
});

test('after the first sample the others stay at hand, and none corrects what was never said', async () => {
  const { url, browser } = ade();
  const blocks = [{ label: 'human' }, { label: 'persona' }];
  const { id } = await call(url, 'agents.create', { name: 'Iris', blocks });
  const page = await openAde(url, { browser, agent_id: id });
  const samples = page.getByRole('group', { name: 'Sample prompts' }).getByRole('button');
  const correction = samples.filter({ hasText: 'Actually, call me Mar' });
  await eventually(() => samples.count()).toBe(4);
  expect(await correction.count()).toBe(0);
  await samples.filter({ hasText: 'I like long train journeys' }).click();
  await eventually(() => lastAnswer(page, 'Iris').textContent()).toContain('train');
  expect(await samples.allTextContents()).toEqual([
    'My name is Mara',
    'Remember: the lease ends in May',
    'What do you know about me?',
  ]);
  await samples.first().click();
  await eventually(() => samples.first().textContent()).toBe('Actually, call me Mar');
  await correction.click();
  await eventually(() => samples.count()).toBe(0);
  await eventually(() => block(page, 'human').textContent()).toContain('Name: Mar');
});

test('a window of 1000 px keeps the name of an agent whose model is not connected, and the badge whole', async () => {
  const model = await startScriptedModel(() => ({ kind: 'text', text: 'Done.' }));
  onTestFinished(() => model.close());
  const data = tempDir();
  const connected = await spawnServer(data, { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url });
  const name = 'Research assistant';
  const { id } = await call(connected.url, 'agents.create', { name, model: 'openai/gpt-4o-mini' });
  await connected.kill();
  const server = await spawnServer(data, {});
  onTestFinished(() => server.kill());
  const page = await openAde(server.url, { browser: ade().browser, agent_id: id });
  await page.setViewportSize({ width: 1000, height: 700 });
  const head = page.getByRole('main').getByRole('heading', { level: 1, name });
  const badge = page.getByRole('main').locator('.head > .tag');
  await eventually(() => badge.textContent()).toBe('openai not connected');
  const cut = (part: Locator): Promise<boolean> =>
    part.evaluate((element) => element.scrollWidth > element.clientWidth);
  expect(await cut(head)).toBe(false);
  const icon = await badge.locator('svg').boundingBox();
  const whole = await badge.boundingBox();
  expect((icon?.x ?? 0) + (icon?.width ?? 0)).toBeLessThanOrEqual((whole?.x ?? 0) + (whole?.width ?? 0));
});

/** The window over a model that answers as written, the last answer for all further requests. */
async function openScripted(script: ScriptedAnswer[]): Promise<{ page: Page }> {
  const model = await startScriptedModel(() => script.shift() ?? { kind: 'text', text: 'Done.' });
  onTestFinished(() => model.close());
  const server = await spawnServer(tempDir(), {
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: model.base_url,
    MEMOIR_DEFAULT_MODEL: 'openai/gpt-4o-mini',
  });
  onTestFinished(() => server.kill());
  return { page: await openAde(server.url, { browser: ade().browser }) };
}
