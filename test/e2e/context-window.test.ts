/** The page of the context window: what fills it, what comes next, compacting it, and putting back what left it. */
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { asksForSummary } from '../agent/compaction/talk.ts';
import { words } from '../agent/compaction/window-items.ts';
import { block, eventually, openAde, send, shareAde, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { type ScriptedAnswer, type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { accessFaultsIn, THEMES } from './access-look.ts';
import { isThorough } from './thorough.ts';

/** The themes in which dialogs are looked at as well. */
const SOME = isThorough ? THEMES : THEMES.slice(1);

const SUMMARY: ScriptedAnswer = { kind: 'text', text: 'They planned the harbour garden.' };

/** How the next requests for a summary are answered; {@link SUMMARY} when there is none. */
const summaries: ScriptedAnswer[] = [];
const models: ScriptedModel[] = [];
afterAll(() => Promise.all(models.map((model) => model.close())));
const shared = shareAde(async () => {
  const model = await startScriptedModel((request) =>
    asksForSummary(request) ? (summaries.shift() ?? SUMMARY) : { kind: 'text', text: words(300, 2) },
  );
  models.push(model);
  return { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.base_url };
});

type Opened = {
  readonly page: Page;
  readonly agent_id: string;
  readonly conversation_id: string;
  readonly say: (text: string) => Promise<void>;
};

/** An agent with a block that has talked for so many turns, on screen. */
async function openTalked(turns: number, window = 8192): Promise<Opened> {
  const { url, browser } = shared();
  const { id: agent_id } = await call(url, 'agents.create', {
    name: `Kit ${crypto.randomUUID().slice(0, 8)}`,
    model: 'openai/gpt-4o-mini',
    context_window_limit: window,
    blocks: [{ label: 'human', value: 'Ana keeps a garden.' }],
  });
  const { conversations } = await call(url, 'conversations.list', { agent_id });
  const conversation_id = conversations[0]?.id ?? '';
  const say = async (text: string): Promise<void> => {
    const otid = crypto.randomUUID();
    await call(url, 'messages.send', { conversation_id, text, otid });
    const ended = async (): Promise<string | undefined> =>
      (await call(url, 'messages.sent', { conversation_id, otid })).run?.state;
    await eventually(ended).toBe('completed');
  };
  for (let turn = 1; turn <= turns; turn += 1) await say(`Turn ${turn}: ${words(300, turn)}`);
  const page = await openAde(url, { browser, agent_id });
  await eventually(() => talk(page).getByRole('article').count()).toBeGreaterThanOrEqual(Math.min(2, turns));
  return { page, agent_id, conversation_id, say };
}

const meterOf = (page: Page) => page.getByRole('meter', { name: 'Context window' });
const detail = (page: Page) => page.getByRole('complementary', { name: 'Exact text' });
const rowOf = (page: Page, part: string) => page.getByRole('row', { name: new RegExp(`^${part}`, 'u') });

test('the meter leads to the page, which tells every part, follows talk and memory, and marks what is new', async () => {
  const { page, agent_id, conversation_id, say } = await openTalked(3);
  await page.getByRole('link', { name: 'Open the context window' }).click();
  await page.getByRole('heading', { name: 'Context window' }).waitFor();
  expect(page.url()).toContain(`#/context/${agent_id}/${conversation_id}`);
  const { used } = await call(shared().url, 'agents.context', { agent_id });
  await eventually(() => meterOf(page).getAttribute('aria-valuenow')).toBe(String(used));
  await eventually(() => rowOf(page, 'Core memory').textContent()).toContain('cached');
  expect(await rowOf(page, 'Messages').textContent()).toContain('grown');
  expect(await rowOf(page, 'Sent').textContent()).toContain('100.0 %');
  expect(await detail(page).textContent()).toContain('Ana keeps a garden.');

  const [human] = (await call(shared().url, 'blocks.list', { agent_id })).blocks;
  const value = 'Ana keeps a garden by the harbour.';
  await call(shared().url, 'blocks.update', {
    block_id: human!.id,
    base_version: human!.version,
    value,
  });
  await eventually(() => detail(page).locator('ins').allTextContents()).toContain(' by the harbour');
  await eventually(() => rowOf(page, 'Core memory').textContent()).toContain('changed');
  await eventually(() => rowOf(page, 'Messages').textContent()).toContain('after change');
  await say('And now?');
  await eventually(() => rowOf(page, 'Core memory').textContent()).toContain('cached');
  expect(await detail(page).locator('ins').count()).toBe(0);

  await page.getByRole('button', { name: 'Next request' }).click();
  await page.getByRole('textbox', { name: 'If you say' }).fill('What of the boats?');
  await eventually(() => detail(page).textContent()).toContain('What of the boats?');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy as sent' }).click();
  const { body } = await call(shared().url, 'agents.next_request', { agent_id });
  await eventually(() => page.evaluate('navigator.clipboard.readText()')).toBe(body);

  await page.getByRole('link', { name: 'Back to the talk' }).click();
  await block(page, 'human').waitFor();
  await page.keyboard.press('Control+i');
  await page.getByRole('heading', { name: 'Context window' }).waitFor();
  expect(await accessFaultsIn(page, THEMES, 'context window')).toEqual([]);
});

test('compacting says before what it does, can be stopped, and its summary is read, put back or refused', async () => {
  const { page, agent_id, conversation_id } = await openTalked(6);
  await page.goto(`${shared().url}/ade/#/context/${agent_id}/${conversation_id}`);
  summaries.push({ kind: 'hang', first: 'They' });
  await page.getByRole('button', { name: 'Compact now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compact now' });
  await eventually(() => dialog.textContent()).toContain('4 messages, numbers 1 to 4');
  expect(await accessFaultsIn(page, SOME, 'compact now')).toEqual([]);
  await dialog.getByRole('button', { name: 'Compact now' }).click();
  await dialog.getByText('The summary is being written.').waitFor();
  await dialog.getByRole('button', { name: 'Stop compacting' }).click();
  await dialog.getByText('Compacting was stopped. Nothing was changed.').waitFor();

  summaries.push({ kind: 'hang', first: 'They' });
  await dialog.getByRole('button', { name: 'Compact now' }).click();
  await dialog.getByText('The summary is being written.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Back to the talk' }).click();
  await talk(page).getByRole('button', { name: 'Stop compacting' }).click();
  await eventually(() => talk(page).getByText('Summing up earlier messages').count()).toBe(0);
  await page.goBack();

  await page.getByRole('button', { name: 'Compact now' }).click();
  await eventually(() => dialog.textContent()).toContain('4 messages, numbers 1 to 4');
  await dialog.getByRole('button', { name: 'Compact now' }).click();
  await eventually(() => dialog.textContent()).toContain('4 messages became a summary');
  await dialog.getByRole('button', { name: 'Read the summary' }).click();
  await eventually(() => detail(page).textContent()).toContain('They planned the harbour garden.');
  expect(await rowOf(page, 'Summary').textContent()).toContain('of messages 1 to 4');
  await page.getByRole('button', { name: 'Read its 4 messages' }).click();
  const covered = detail(page).getByRole('list', { name: 'Messages 1 to 4' });
  await eventually(() => covered.getByRole('listitem').count()).toBe(4);
  expect(await accessFaultsIn(page, SOME, 'summary')).toEqual([]);

  await call(shared().url, 'agents.update', { agent_id, context_window_limit: 2560 });
  await page.getByRole('button', { name: 'Put back' }).click();
  await eventually(() => detail(page).getByRole('alert').textContent()).toMatch(/Nothing was changed/);
  await call(shared().url, 'agents.update', { agent_id, context_window_limit: 8192 });
  await page.getByRole('button', { name: 'Put back' }).click();
  await eventually(() => detail(page).textContent()).toContain('does not see this any more');
  await eventually(() => rowOf(page, 'Summary').count()).toBe(0);

  await page.getByRole('link', { name: 'Chat' }).click();
  await talk(page).getByText('4 messages became a summary').click();
  await talk(page).getByText('They planned the harbour garden.').waitFor();
  expect(await talk(page).getByRole('link', { name: 'Open in the context window' }).count()).toBe(1);
});

test('a run that makes room says so while it does, and where it did', async () => {
  const { page, conversation_id } = await openTalked(0);
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  summaries.push({ kind: 'chunks', chunks: [{ text: 'They planned', after: gate }] });
  const long = words(9000, 1);
  const busy = talk(page).getByText('Summing up earlier messages');
  for (let turn = 1; turn <= 6 && (await busy.count()) === 0; turn += 1) {
    const sent = { conversation_id, otid: `turn-${turn}` };
    await call(shared().url, 'messages.send', { ...sent, text: long });
    const rests = async (): Promise<boolean> =>
      (await busy.count()) === 1 ||
      (await call(shared().url, 'messages.sent', sent)).run?.state === 'completed';
    await eventually(rests).toBe(true);
  }
  expect(await busy.count()).toBe(1);
  await page.reload();
  await busy.waitFor();
  open();
  await talk(page)
    .getByText(/became a summary/)
    .waitFor();
  await eventually(() => busy.count()).toBe(0);
});

test('another model is checked before it is used; a prompt that leaves no room is broken down with its cures', async () => {
  const { page, agent_id } = await openTalked(2);
  await page.keyboard.press('Control+i');
  await page.getByRole('button', { name: 'Check another model' }).click();
  const dialog = page.getByRole('dialog', { name: 'Check another model' });
  const check = dialog.getByRole('status', { name: 'Check of the model' });
  await eventually(() => check.textContent()).toContain('This conversation fits as it is.');
  await dialog.getByLabel('Model', { exact: true }).fill('nobody/none');
  await eventually(() => check.textContent()).toContain('nobody');
  await dialog.getByLabel('Model', { exact: true }).fill('openai/gpt-4o-mini');
  await dialog.getByLabel('Context window limit, tokens').fill('1024');
  await eventually(() => check.textContent()).toContain('It cannot answer: the fixed part');
  expect(await check.getByRole('link', { name: 'Detach tools' }).count()).toBe(1);
  expect(await accessFaultsIn(page, SOME, 'check of a model')).toEqual([]);
  await dialog.getByRole('button', { name: 'Use this model' }).click();
  await eventually(() => dialog.count()).toBe(0);
  const notice = page.getByRole('alert').filter({ hasText: 'leaves too little room in the window of 1,024' });
  await notice.getByRole('link', { name: 'Shorten blocks' }).click();
  const pencil = block(page, 'human').getByRole('button', { name: 'Edit human' });
  await eventually(() => pencil.evaluate((each) => each === document.activeElement)).toBe(true);

  // The menu of the talk checks as well before it changes anything.
  await page.getByRole('button', { name: 'Model: gpt-4o-mini' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'memoir/offline' }).click();
  await eventually(() => check.textContent()).toContain('It cannot answer: the fixed part');
  await page.keyboard.press('Escape');
  await eventually(() => dialog.count()).toBe(0);
  expect((await call(shared().url, 'agents.get', { agent_id })).model).toBe('openai/gpt-4o-mini');
  await send(page, 'Hello');
  const refused = talk(page).getByRole('alert').filter({ hasText: 'The answer could not be finished' });
  await refused.getByRole('link', { name: 'Choose a larger window' }).click();
  const section = page.getByRole('region', { name: 'Model', exact: true });
  await eventually(() => section.evaluate((each) => each === document.activeElement)).toBe(true);
  await section.getByLabel('Context window limit, tokens').fill('8192');
  await eventually(() => section.textContent()).toContain('This conversation fits as it is.');
  await section.getByRole('button', { name: 'Save Model' }).click();
  const limit = async () => (await call(shared().url, 'agents.get', { agent_id })).context_window_limit;
  await eventually(limit).toBe(8192);
  await call(shared().url, 'agents.update', { agent_id, context_window_limit: 1_000_000 });
  await page.keyboard.press('Control+i');
  await page.getByRole('button', { name: 'Set budget to 128,000' }).click();
  await eventually(limit).toBe(128_000);
  await page.getByRole('link', { name: 'Chat' }).click();
  await refused.getByText('By now the fixed part fits. Try again.').waitFor();
});
