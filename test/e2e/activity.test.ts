import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { eventually, openPage, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { type ScriptedAnswer, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { accessFaultsIn, THEMES } from './access-look.ts';

const script: ScriptedAnswer[] = [];
const models: ScriptedModel[] = [];
afterAll(() => Promise.all(models.map((model) => model.close())));
const shared = shareAde(async () => {
  const model = await startScriptedModel(() => script.shift() ?? { kind: 'text', text: 'Noted.' });
  models.push(model);
  return { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url };
});

const REMEMBER: ScriptedAnswer = {
  kind: 'calls',
  calls: [
    {
      name: 'core_memory_replace',
      arguments: { label: 'human', old_content: 'black tea', new_content: 'green tea' },
    },
  ],
};

type Agent = { readonly id: string; readonly name: string; readonly conversation_id: string };

async function makeAgent(): Promise<Agent> {
  const { url } = shared();
  const name = `Kit ${crypto.randomUUID().slice(0, 6)}`;
  const { id } = await call(url, 'agents.create', {
    name,
    model: 'openai/gpt-4o-mini',
    tools: ['core_memory_replace'],
    blocks: [{ label: 'human', value: 'Their name is Ann.\nThey like black tea.' }],
  });
  const { conversations } = await call(url, 'conversations.list', { agent_id: id });
  return { id, name, conversation_id: conversations[0]?.id ?? '' };
}

/** Says something and waits for the end of its run. */
async function ask(
  { conversation_id }: Agent,
  text: string,
  ...answers: readonly ScriptedAnswer[]
): Promise<string> {
  const { url } = shared();
  script.push(...answers);
  const otid = crypto.randomUUID();
  await call(url, 'messages.send', { conversation_id, text, otid });
  const ended = (): ReturnType<typeof call<'messages.sent'>> =>
    call(url, 'messages.sent', { conversation_id, otid });
  await eventually(async () => (await ended()).state).toBe('done');
  return (await ended()).run?.id ?? '';
}

/** The page, showing what this agent did alone. */
async function openActivity(agent: Agent, item = ''): Promise<Page> {
  const { url, browser } = shared();
  const page = await openPage(url, { browser, agent_id: agent.id, path: `#/activity${item}` });
  await page.getByRole('button', { name: 'Agent: Every agent' }).click();
  await page.getByRole('menuitemcheckbox', { name: agent.name }).click();
  await page.getByRole('button', { name: `Agent: ${agent.name}` }).waitFor();
  await eventually(async () => (await texts(page)).filter((text) => !text.includes(agent.name))).toEqual([]);
  return page;
}

function rows(page: Page): Locator {
  return page.getByRole('list', { name: 'What happened' }).locator('.ev-open');
}

function texts(page: Page): Promise<string[]> {
  return rows(page).evaluateAll((all) =>
    all.map((row) => (row as { textContent: string }).textContent.trim()),
  );
}

function details(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Details' });
}

test('what happened stands in its order, by day with counts, as it happens; a change is undone where it is seen', async () => {
  const agent = await makeAgent();
  const { name } = agent;
  const page = await openActivity(agent);
  await eventually(() => texts(page)).toEqual([`You made human of ${name}`]);
  await ask(agent, 'I like green tea now', REMEMBER);
  await eventually(() => texts(page)).toEqual([
    `${name} step 2`,
    `${name} changed human`,
    `${name} step 1 core_memory_replace`,
    `You to ${name}: I like green tea now`,
    `You made human of ${name}`,
  ]);
  await eventually(() => page.locator('.ev-day').allTextContents()).toEqual([
    expect.stringMatching(/^Today, .*2 steps, 2 memory changes$/u) as unknown as string,
  ]);
  const change = page.locator('.ev', { hasText: 'changed human' });
  expect(await change.locator('del, ins').allTextContents()).toEqual(['black', 'green']);
  await change.getByRole('button', { name: 'Undo the change of human' }).click();
  await change.getByRole('button', { name: 'Redo the change of human' }).waitFor();
  expect(await change.textContent()).toContain('undone');
  const { blocks } = await call(shared().url, 'blocks.list', { agent_id: agent.id });
  expect(blocks[0]?.value).toContain('black tea');

  await change.getByRole('button', { name: 'Redo the change of human' }).click();
  const undo = change.getByRole('button', { name: 'Undo the change of human' });
  await undo.waitFor();
  await call(shared().url, 'blocks.update', { block_id: blocks[0]?.id ?? '', value: 'They like water.' });
  await undo.click();
  const conflict = change.getByRole('alert');
  await eventually(() => conflict.textContent()).toContain('human changed since');
  await conflict.getByRole('button', { name: 'Keep as it is' }).click();
  await undo.waitFor();
  await rows(page).filter({ hasText: 'changed human' }).click();
  await details(page).getByRole('heading', { name: 'Change of human' }).waitFor();
  await details(page).getByRole('link', { name: 'Open the step' }).click();
  await details(page).getByRole('heading', { name: 'Step 1' }).waitFor();
});

test('a step shows the exact request and answer, folds what is long, and leads to its neighbours and the talk', async () => {
  const agent = await makeAgent();
  for (const text of ['One', 'Two', 'Three']) await ask(agent, text);
  await ask(agent, 'I like green tea now', REMEMBER);
  const { steps } = await call(shared().url, 'steps.list', { agent_id: agent.id });
  const [second, first] = steps;
  const page = await openActivity(agent, `/${first?.id ?? ''}`);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const pane = details(page);
  await pane.getByRole('heading', { name: 'Step 1' }).waitFor();
  const { request, response } = await call(shared().url, 'steps.get', { step_id: first?.id ?? '' });
  const code = pane.getByRole('group', { name: 'Request', exact: true });
  expect(await code.textContent()).not.toContain('"Two');
  await code.getByRole('button', { name: /^\d+ messages, about \d+ tokens$/u }).click();
  expect(await code.textContent()).toContain('"Two');
  await code.getByRole('button', { name: /"role": "system"/u }).click();
  expect(await code.textContent()).toContain('They like black tea.');
  const pasted = (): Promise<string> => page.evaluate<string>('navigator.clipboard.readText()');
  await pane.getByRole('button', { name: 'Copy request' }).click();
  await eventually(pasted).toBe(request);
  await pane.getByRole('button', { name: 'As received' }).click();
  expect(await pane.getByRole('group', { name: 'Response', exact: true }).textContent()).toContain('data: {');
  await pane.getByRole('button', { name: 'Copy response' }).click();
  await eventually(pasted).toBe(response);
  await pane.getByRole('button', { name: /^1 tool call/u }).click();
  expect(await pane.getByRole('group', { name: 'Tool call core_memory_replace' }).textContent()).toContain(
    'done',
  );
  await pane.getByRole('button', { name: /^What the request was made of/u }).click();
  expect(await pane.getByRole('row', { name: /^Memory/u }).textContent()).toMatch(/\d/u);

  expect(await pane.getByRole('button', { name: 'Previous step' }).isDisabled()).toBe(true);
  await pane.getByRole('button', { name: 'Next step' }).click();
  await pane.getByRole('heading', { name: 'Step 2' }).waitFor();
  expect(page.url()).toContain(`#/activity/${second?.id ?? ''}`);
  expect(await accessFaultsIn(page, THEMES, 'a step')).toEqual([]);
  await pane.getByRole('button', { name: 'Show in the talk' }).click();
  await eventually(() => talk(page).locator('.told').textContent()).toContain('Noted.');
  await page.getByRole('button', { name: 'Steps', exact: true }).click();
  await talk(page).getByRole('link', { name: 'Request and answer' }).last().click();
  await pane.getByRole('heading', { name: 'Step 2' }).waitFor();
});

test('a step is asked again with other memory, beside what was recorded, and can be stopped', async () => {
  const agent = await makeAgent();
  await ask(agent, 'What do I drink?', { kind: 'text', text: 'You drink black tea, Ann.' });
  const page = await openActivity(agent);
  await rows(page).filter({ hasText: 'step 1' }).click();
  const pane = details(page);
  await pane.getByRole('button', { name: 'Run again on…' }).and(pane.locator(':enabled')).click();
  const again = pane.getByRole('button', { name: 'Run again', exact: true });
  const result = pane.getByRole('region', { name: 'Both answers' });
  script.push({ kind: 'text', text: 'You drink black tea, Ann.' });
  await again.click();
  await result.getByText('Byte for byte the recorded request.', { exact: true }).waitFor();
  expect(await result.locator('del, ins').count()).toBe(0);

  await pane.getByRole('button', { name: 'Memory', exact: true }).click();
  await pane.getByLabel('Value of human').fill('They like milk.');
  script.push({ kind: 'text', text: 'You drink milk, Ann.' });
  await again.click();
  await eventually(() => result.locator('del, ins').allTextContents()).toEqual(['black tea', 'milk']);
  expect(models[0]?.requests.at(-1)?.body).toContain('They like milk.');
  expect(await accessFaultsIn(page, THEMES, 'a replay')).toEqual([]);

  script.push({ kind: 'status', status: 401 });
  await again.click();
  await result.getByRole('alert').filter({ hasText: '401' }).waitFor();
  script.push({ kind: 'hang', first: 'You' });
  await again.click();
  await pane.getByRole('button', { name: 'Stop', exact: true }).click();
  await pane.getByText('Stopped. Nothing of this run was kept.').waitFor();
  expect(
    await pane.getByRole('list', { name: '3 runs, kept with the step' }).getByRole('listitem').count(),
  ).toBe(3);
  expect(await call(shared().url, 'blocks.list', { agent_id: agent.id })).toMatchObject({
    blocks: [{ value: 'Their name is Ann.\nThey like black tea.' }],
  });
});

test('a failure says why and what came after; the list is narrowed, walked by keys and saved as a file', async () => {
  const agent = await makeAgent();
  const failed = await ask(agent, 'Hello?', { kind: 'status', status: 402, message: 'Quota.' });
  const page = await openActivity(agent);
  await page.getByRole('button', { name: 'Errors 1' }).click();
  await eventually(() => page.locator('.ev').allTextContents()).toEqual([
    expect.stringMatching(/step 1 failed .*Quota\.not retried$/u) as unknown as string,
  ]);
  await call(shared().url, 'runs.resume', { run_id: failed });
  await eventually(() => page.locator('.ev').allTextContents()).toEqual([
    expect.stringMatching(/retried, worked$/u) as unknown as string,
  ]);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await eventually(() => rows(page).count()).toBe(4);

  const field = page.getByRole('searchbox', { name: 'Filter activity' });
  await field.fill('hello');
  await eventually(() => texts(page)).toEqual([`You to ${agent.name}: Hello?`]);
  await field.press('Escape');
  await eventually(() => rows(page).count()).toBe(4);
  await field.press('ArrowDown');
  const isFocused = (at: number) =>
    rows(page)
      .nth(at)
      .evaluate((row) => row === row.ownerDocument.activeElement);
  await eventually(() => isFocused(0)).toBe(true);
  await page.keyboard.press('ArrowDown');
  await eventually(() => isFocused(1)).toBe(true);
  await details(page).getByRole('heading', { name: 'Step 1' }).waitFor();
  await page.keyboard.press('Escape');
  await details(page).getByText('Nothing is chosen').waitFor();

  await page.getByRole('button', { name: 'Export list' }).click();
  const saved = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'As JSON' }).click();
  const file = JSON.parse(readFileSync(await (await saved).path(), 'utf8')) as { activities: unknown };
  const { activities } = await call(shared().url, 'activity.list', { agent_id: agent.id });
  expect(file.activities).toEqual(activities);
});

test('of many things only those in sight are in the page, and older ones come when one scrolls', async () => {
  const agent = await makeAgent();
  const { url } = shared();
  const { blocks } = await call(url, 'blocks.list', { agent_id: agent.id });
  const block_id = blocks[0]?.id ?? '';
  for (let at = 1; at <= 120; at += 1) await call(url, 'blocks.update', { block_id, value: `Line ${at}` });
  const page = await openActivity(agent);
  await eventually(() => texts(page).then((all) => all.length)).toBeGreaterThan(5);
  const list = page.locator('.act-list .scroll');
  await eventually(async () => {
    await list.evaluate((box) =>
      (box as unknown as { scrollTo: (x: number, y: number) => void }).scrollTo(0, 1e6),
    );
    return (await texts(page)).at(-1);
  }).toBe(`You made human of ${agent.name}`);
  expect(await rows(page).count()).toBeLessThan(60);

  // A link to an old thing leads the list there.
  const { activities } = await call(url, 'activity.list', { agent_id: agent.id, limit: 200 });
  const oldest = activities.at(-1);
  const id = oldest?.kind === 'change' ? oldest.change.id : '';
  const linked = await openPage(url, { browser: shared().browser, path: `#/activity/${id}` });
  const row = rows(linked).filter({ hasText: `You made human of ${agent.name}` });
  await eventually(() => row.count()).toBe(1);
  await eventually(() => row.getAttribute('aria-current')).not.toBeNull();
});
