import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Agent } from '../../shared/contract/agents.ts';
import { block, choose, eventually, lastAnswer, openAde, openPage, say, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { sharedChromium } from '../helpers/chromium.ts';
import { type ServerProcess, spawnServer } from '../helpers/server-process.ts';
import { accessFaultsIn, THEMES } from './access-look.ts';
import { CUT, OUTSIDE } from './languages-look.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'memoir-test-'));
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  server = await spawnServer(dataDir);
  browser = await sharedChromium();
});

afterAll(async () => {
  await server.kill();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

/** The server is killed and another one reads what is on disk. */
async function restart(): Promise<void> {
  await server.kill();
  server = await spawnServer(dataDir);
}

test('an edited message goes on in a branch that took back what its turns left in memory, also after a restart', async () => {
  const { page, agent_id, name } = await openAgent();
  for (const text of ['My name is Kit', 'I like long train journeys', 'Remember the wifi code is tulip-42']) {
    await say(page, text, name);
  }
  await act(said(page, 'I like long train journeys'), 'Edit');
  const form = page.getByRole('form', { name: 'Edit your message' });
  const effects = form.getByRole('list', { name: 'What was remembered since' }).getByRole('listitem');
  await eventually(() => effects.allTextContents()).toEqual([
    'Archive1+the wifi code is tulip-42',
    'human2+Likes long train journeys',
  ]);
  expect(await form.getByRole('checkbox').isChecked()).toBe(false);
  await form.getByLabel('Also take back these 2 memory edits').check();
  await form.getByRole('textbox').fill('I like night trains');
  await form.getByRole('button', { name: 'Send as a branch' }).click();
  await eventually(() => lastAnswer(page, name).textContent()).toContain('you like night trains');
  await page.getByRole('status').getByText('2 memory edits were taken back').waitFor();
  await eventually(() => valueOf(page)).toEqual(['Name: Kit', 'Likes night trains']);
  expect((await call(server.url, 'archive.list', { agent_id })).total).toBe(0);

  await restart();
  const again = await openAde(server.url, { browser, agent_id });
  await eventually(() => wordsOf(again)).toEqual(['My name is Kit', 'I like night trains']);
  expect(await valueOf(again)).toEqual(['Name: Kit', 'Likes night trains']);
  const note = again.getByRole('note').filter({ hasText: 'Branch of' });
  await eventually(() => note.textContent()).toBe('Branch of My name is Kit at “I like long train journeys”');
  expect(await rowsOf(again)).toEqual(['My name is Kit', 'I like night trains Branch of “My name is Kit”']);
  // What it shares with the talk it left is shown where one is.
  const shared = talk(again).getByRole('group', { name: 'Memory change human' }).first();
  await shared.getByRole('button', { name: 'Why' }).click();
  await shared.getByRole('link', { name: 'your message' }).click();
  await eventually(() => again.locator('.told').textContent()).toBe('My name is Kit');
  expect(await wordsOf(again)).toEqual(['My name is Kit', 'I like night trains']);
  await again.keyboard.press('Alt+ArrowLeft');
  await eventually(() => wordsOf(again)).toEqual([
    'My name is Kit',
    'I like long train journeys',
    'Remember the wifi code is tulip-42',
  ]);
  await again
    .getByRole('group', { name: 'Branch 1 of 2' })
    .getByRole('button', { name: 'Next branch' })
    .click();
  await again.getByRole('group', { name: 'Branch 2 of 2' }).waitFor();
  await eventually(() => focusName(again)).toBe('Next branch');
  await note.getByRole('button', { name: 'My name is Kit' }).click();
  await eventually(async () => (await wordsOf(again)).length).toBe(3);
});

test('an answer is made anew in a branch: at once where memory did not change, else after the question, also after a restart', async () => {
  const { page, agent_id, name } = await openAgent();
  await say(page, 'Remember the gate sticks', name);
  await say(page, 'What do you know about me?', name);
  await page.keyboard.press('Control+r');
  await page.getByRole('group', { name: 'Branch 2 of 2' }).waitFor();
  await eventually(() => wordsOf(page)).toEqual(['Remember the gate sticks', 'What do you know about me?']);
  await page.keyboard.press('Alt+ArrowRight');
  await page.getByRole('group', { name: 'Branch 1 of 2' }).waitFor();

  const answer = talk(page).getByRole('article', { name, exact: true }).first();
  await act(answer, 'Regenerate');
  const form = page.getByRole('form', { name: 'Regenerate this answer' });
  await form.getByLabel('Also take back this memory edit').waitFor();
  await page.keyboard.press('Escape');
  await eventually(() => form.count()).toBe(0);
  const entries = async (): Promise<string[]> =>
    (await call(server.url, 'archive.list', { agent_id })).passages.map(({ text }) => text);
  expect(await entries()).toEqual(['the gate sticks']);
  await act(answer, 'Regenerate');
  await form.getByLabel('Also take back this memory edit').check();
  await form.getByRole('button', { name: 'Regenerate in a branch' }).click();
  await page.getByRole('status').getByText('1 memory edit was taken back').waitFor();
  await eventually(() => wordsOf(page)).toEqual(['Remember the gate sticks']);
  await eventually(() => lastAnswer(page, name).textContent()).toContain('gate sticks');
  // It was taken back once and written anew once.
  await eventually(entries).toEqual(['the gate sticks']);
  await restart();
  expect(await entries()).toEqual(['the gate sticks']);
  const again = await openAde(server.url, { browser, agent_id });
  await again.getByRole('group', { name: 'Branch 2 of 2' }).waitFor();
  await eventually(() => wordsOf(again)).toEqual(['Remember the gate sticks']);
  expect((await rowsOf(again)).length).toBe(3);
});

test('a memory edit that something stands against says why it stays, and words that were not sent wait', async () => {
  const { page, agent_id, name } = await openAgent();
  await say(page, 'My name is Kit', name);
  const { blocks } = await call(server.url, 'blocks.list', { agent_id });
  const human = blocks.find(({ label }) => label === 'human')!;
  const change = { block_id: human.id, base_version: human.version, value: 'Name: Kestrel' };
  await call(server.url, 'blocks.update', change);
  await eventually(() => valueOf(page)).toEqual(['Name: Kestrel']);
  await page.keyboard.press('Control+e');
  const form = page.getByRole('form', { name: 'Edit your message' });
  await eventually(() => form.getByRole('listitem').textContent()).toContain('Stays: ');
  expect(await form.getByRole('checkbox').count()).toBe(0);
  await form.getByRole('textbox').fill('Words on their way');
  await page.reload();
  await said(page, 'My name is Kit').waitFor();
  await eventually(() => page.getByRole('textbox', { name: 'Message', exact: true }).isEnabled()).toBe(true);
  await page.keyboard.press('Control+e');
  await eventually(() => form.getByRole('textbox').inputValue()).toBe('Words on their way');
  await page.keyboard.press('Escape');
  await eventually(() => form.count()).toBe(0);
  expect(await focusName(page)).toBe('Message');
  expect((await call(server.url, 'conversations.list', { agent_id })).conversations.length).toBe(1);
});

test('a new agent made at a message has the memory of then and its own copy of the talk, also after a restart', async () => {
  const { page, agent_id, name } = await openAgent();
  for (const text of ['My name is Kit', 'I like long train journeys', 'Remember the gate sticks']) {
    await say(page, text, name);
  }
  const first = talk(page).getByRole('article', { name, exact: true }).first();
  await act(first, 'More for this message');
  await page.getByRole('menuitem', { name: 'New agent from here' }).click();
  const dialog = page.getByRole('dialog', { name: 'New agent from here' });
  await dialog.getByText('Its memory: 2 blocks, 0 archive entries.').waitFor();
  expect(await dialog.getByRole('group', { name: /^(?:human|Archive)$/u }).allTextContents()).toEqual([
    'humanchanged since: the new agent has the old words2−Likes long train journeys',
    'Archiveadded since: the new agent does not have it1−the gate sticks',
  ]);
  expect(await accessFaultsIn(page, THEMES, 'the new agent')).toEqual([]);
  const other = `${name} of then`;
  await dialog.getByRole('textbox', { name: 'Name of the new agent' }).fill(other);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: other }).waitFor();
  await eventually(() => wordsOf(page)).toEqual(['My name is Kit']);
  await eventually(() => valueOf(page)).toEqual(['Name: Kit']);
  await say(page, 'Actually, my name is Kim', other);
  await eventually(() => valueOf(page)).toEqual(['Name: Kim']);

  await restart();
  const again = await openAde(server.url, { browser, agent_id });
  await eventually(() => valueOf(again)).toEqual(['Name: Kit', 'Likes long train journeys']);
  await again.getByRole('button', { name: other, exact: true }).click();
  await eventually(() => wordsOf(again)).toEqual(['My name is Kit', 'Actually, my name is Kim']);
  expect(await valueOf(again)).toEqual(['Name: Kim']);
});

test('a deleted conversation comes back by Undo and from the trash, and its branches stay; one put aside is folded away', async () => {
  const { page, agent_id, name } = await openAgent();
  const second = await call(server.url, 'conversations.create', { agent_id, title: 'Second' });
  await page.getByRole('list', { name: 'Conversations' }).getByText('Second').click();
  for (const text of ['My name is Kit', 'Hello']) await say(page, text, name);
  await act(said(page, 'Hello'), 'Edit');
  await page.getByRole('textbox', { name: 'Edit your message' }).fill('Good evening');
  await page.keyboard.press('Enter');
  await eventually(() => wordsOf(page)).toEqual(['My name is Kit', 'Good evening']);
  const toast = page.getByRole('status');
  await choose(page, 'Second', 'Delete');
  await toast.getByText('“Second” was moved to the trash. Its branch stays, with what they share.').waitFor();
  await eventually(() => wordsOf(page)).toEqual(['My name is Kit', 'Good evening']);
  await page
    .getByRole('main')
    .getByText('Branch of a talk in the trash. What they share is kept here.')
    .waitFor();
  await toast.getByRole('button', { name: 'Undo' }).click();
  await eventually(() => wordsOf(page)).toEqual(['My name is Kit', 'Hello']);
  await choose(page, 'Good evening', 'Delete');
  await toast.getByText('“Good evening” was moved to the trash').waitFor();
  await page.getByRole('button', { name: 'Trash', exact: true }).click();
  const trash = page.getByRole('dialog', { name: 'Trash' });
  await trash.getByText('Nothing leaves the trash by itself.').waitFor();
  await trash.getByRole('listitem').filter({ hasText: 'Good evening' }).waitFor();
  expect(await accessFaultsIn(page, THEMES, 'the trash')).toEqual([]);
  await trash.getByRole('button', { name: 'Restore Good evening' }).click();
  await eventually(() => wordsOf(page)).toEqual(['My name is Kit', 'Good evening']);

  await choose(page, 'Second', 'Archive');
  const fold = page.getByRole('button', { name: /^Archived/u });
  await fold.waitFor();
  await eventually(() => rowsOf(page)).toEqual(['Good evening Branch of “Second”', 'New conversation']);
  await fold.click();
  await eventually(async () => (await rowsOf(page)).includes('Second')).toBe(true);
  await choose(page, 'Second', 'Back to the list');
  await eventually(() => fold.count()).toBe(0);
  const { conversations } = await call(server.url, 'conversations.list', { agent_id });
  expect(conversations.find(({ id }) => id === second.id)?.archived_at).toBeNull();
});

test('branches and the question before one are whole and accessible in German, wide and narrow', async () => {
  const { id } = await newAgent();
  const page = await openPage(server.url, { browser, agent_id: id, path: '?lang=de' });
  const box = page.getByRole('textbox', { name: 'Nachricht', exact: true });
  await eventually(() => box.isEnabled()).toBe(true);
  await box.fill('My name is Kit');
  await box.press('Enter');
  await page.getByRole('group', { name: 'Änderung im Gedächtnis: human' }).waitFor();
  await eventually(() => page.getByRole('button', { name: 'Anhalten', exact: true }).count()).toBe(0);
  const faults: string[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.keyboard.press('Control+e');
    await page.getByRole('checkbox').waitFor();
    for (const look of [OUTSIDE, CUT]) faults.push(...(await page.evaluate<string[]>(look)));
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Control+r');
  const form = page.getByRole('form', { name: 'Neu antworten lassen' });
  await form.waitFor();
  faults.push(...(await accessFaultsIn(page, THEMES, 'the question')));
  await form.getByRole('button', { name: 'In einem Zweig neu antworten' }).click();
  await page.getByRole('group', { name: 'Zweig 2 von 2' }).waitFor();
  faults.push(...(await accessFaultsIn(page, THEMES, 'a branch')));
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const look of [OUTSIDE, CUT]) faults.push(...(await page.evaluate<string[]>(look)));
  }
  expect(faults).toEqual([]);
});

const SIZES = [
  { width: 700, height: 700 },
  { width: 1000, height: 700 },
  { width: 1440, height: 900 },
];

type Opened = { readonly page: Page; readonly agent_id: string; readonly name: string };

async function openAgent(): Promise<Opened> {
  const { id, name } = await newAgent();
  return { page: await openAde(server.url, { browser, agent_id: id }), agent_id: id, name };
}

function newAgent(): Promise<Agent> {
  const name = `Agent ${crypto.randomUUID().slice(0, 8)}`;
  const blocks = [{ label: 'human' }, { label: 'persona', value: 'I listen.' }];
  return call(server.url, 'agents.create', { name, blocks });
}

function said(page: Page, text: string): Locator {
  return talk(page)
    .locator('.turn')
    .filter({ has: page.getByRole('article').filter({ hasText: text }) })
    .first();
}

/** Points at a turn and presses a button of its actions. */
async function act(turn: Locator, name: string): Promise<void> {
  await turn.hover();
  const row = turn.locator('xpath=ancestor-or-self::*[contains(@class, "turn")]');
  await row.getByRole('group', { name: 'Actions' }).getByRole('button', { name, exact: true }).click();
}

function wordsOf(page: Page): Promise<string[]> {
  return talk(page).getByRole('article', { name: 'You' }).allTextContents();
}

/** The lines of the block human, as the state pane shows them. */
function valueOf(page: Page): Promise<string[]> {
  return block(page, 'human').locator('p:not(.cap)').allTextContents();
}

/** The conversations of the list, with what is said of them to those who do not see it. */
async function rowsOf(page: Page): Promise<string[]> {
  const rows = page.getByRole('list', { name: 'Conversations' }).locator('.held > .item');
  return rows.evaluateAll((found) =>
    found.map((row) => [...row.querySelectorAll('span')].map((part) => part.textContent).join(' ')),
  );
}

function focusName(page: Page): Promise<string | null> {
  return page.evaluate<string | null>('document.activeElement?.ariaLabel ?? null');
}
