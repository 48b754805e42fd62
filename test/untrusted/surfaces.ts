import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { choose } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import type { ScriptedChunk } from '../helpers/scripted-openai.ts';
import type { Payload } from './payloads.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** A page of the ADE, what it stands on, and the payloads it is to show. */
export type Visit = { readonly page: Page; readonly stage: Stage; readonly payloads: readonly Payload[] };

/** Milliseconds between two characters of a stream. */
const CHARACTER_MS = 2;

/**
 * Streams the payloads into the open talk, character by character, `together` of them in one answer. Returns how many
 * times the talk changed on screen.
 */
export async function visitStreams({ page, stage, payloads }: Visit, together: number): Promise<number> {
  await openTalk(page, stage, stage.streams_id);
  await page.evaluate(COUNT_CHANGES);
  for (let from = 0; from < payloads.length; from += together) {
    const text = payloads.slice(from, from + together).map((each) => each.text);
    stage.script.push({ kind: 'chunks', chunks: charactersOf(text.join('\n\n')) });
    await stage.say(stage.streams_id, `Go on ${from}`);
  }
  return page.evaluate<number>('changesOfTalk');
}

const COUNT_CHANGES = `
  window.changesOfTalk = 0;
  new MutationObserver(() => { window.changesOfTalk += 1; })
    .observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true });
`;

function charactersOf(text: string): ScriptedChunk[] {
  const start = performance.now();
  return Array.from(text, (character, at) => ({
    text: character,
    after: delay(Math.max(0, start + at * CHARACTER_MS - performance.now())),
  }));
}

/** The stored talks in each of their views, read back to their start, with everything in them opened. */
export async function visitTalks({ page, stage, payloads }: Visit): Promise<void> {
  const usual = page.viewportSize() ?? { width: 1440, height: 900 };
  // So that much of a talk is drawn at once.
  await page.setViewportSize({ ...usual, height: 4000 });
  for (const id of [stage.talk_id, stage.failures_id]) {
    await openTalk(page, stage, id);
    for (const view of ['Chat', 'Steps', 'Raw']) {
      await page.getByRole('button', { name: view, exact: true }).first().click();
      await page.evaluate(READ_BACK);
      await readThrough(page, payloads);
    }
    await page.getByRole('button', { name: 'Chat', exact: true }).first().click();
  }
  await page.setViewportSize(usual);
}

/** Scrolls up until nothing older comes. */
const READ_BACK = `(async () => {
  const box = document.querySelector('.talk');
  for (let quiet = 0, height = 0; quiet < 4; ) {
    box.scrollTo({ top: 200 });
    box.scrollTo({ top: 0 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    quiet = box.scrollHeight === height ? quiet + 1 : 0;
    height = box.scrollHeight;
  }
})()`;

/** Goes down the talk from its start and opens everything; fails when too little of the payloads came by. */
async function readThrough(page: Page, payloads: readonly Payload[]): Promise<void> {
  const wanted = payloads.filter(({ text }) => text.includes('__pwned'));
  const seen = new Set<number>();
  for (let end = false; !end;) {
    await until(
      'closed parts',
      () => page.evaluate<number>(OPEN_ALL),
      (closed) => closed === 0,
    );
    for (const number of await numbersIn(page, '.talk', wanted)) seen.add(number);
    end = await page.evaluate<boolean>(PAGE_DOWN);
  }
  if (seen.size <= wanted.length * 0.8) {
    throw new Error(`The talk showed ${seen.size} of ${wanted.length} payloads.`);
  }
}

/** Goes one view further down and lets it be drawn; whether that was the end. */
const PAGE_DOWN = `new Promise((resolve) => {
  const box = document.querySelector('.talk');
  const end = box.scrollHeight - box.scrollTop - box.clientHeight < 2;
  box.scrollBy({ top: box.clientHeight });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(end)));
})`;

/** Opens thoughts, calls and changes, but no menus; the number of those that were closed. */
const OPEN_ALL = `{
  const closed = [...document.querySelectorAll('.talk [aria-expanded="false"]:not([aria-haspopup])')];
  for (const each of document.querySelectorAll('.talk details')) each.open = true;
  for (const each of closed) each.click();
  closed.length;
}`;

/** Blocks with their settings, editor and history, the peek into the archive, toasts, dialogs and the queue. */
export async function visitState({ page, stage, payloads }: Visit): Promise<void> {
  await openTalk(page, stage, stage.streams_id);
  await page.getByRole('button', { name: /more$/ }).click();
  await expectShown(page, '[aria-label="State"]', payloads);
  await page.getByRole('region', { name: 'Block notes' }).getByRole('button', { name: 'History' }).click();
  const history = page.getByRole('dialog', { name: 'History of notes' });
  const rows = history.getByRole('list', { name: 'Versions' }).getByRole('button');
  await until(
    'versions',
    () => rows.count(),
    (count) => count > payloads.length / 2,
  );
  await rows.evaluateAll((all) => all.forEach((row) => (row as HTMLElement).click()));
  await history.getByRole('button', { name: 'Close' }).first().click();
  const { blocks } = await call(stage.url, 'blocks.list', { agent_id: stage.agent_id });
  for (const { label } of blocks.slice(1, 4)) {
    await choose(page, label, 'Settings');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: `Edit ${label}`, exact: true }).click();
    await choose(page, label, 'Delete');
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  }
  await visitQueue({ page, stage, payloads });
}

async function visitQueue({ page, stage, payloads }: Visit): Promise<void> {
  const conversation_id = stage.streams_id;
  stage.script.push({ kind: 'hang', first: 'Still at it' });
  for (const { number, text } of payloads) {
    await call(stage.url, 'messages.send', { conversation_id, text, otid: `queue-${number}` });
  }
  const queue = page.getByRole('list', { name: 'Waiting messages' }).getByRole('listitem');
  await until(
    'queue',
    () => queue.count(),
    (count) => count === payloads.length - 1,
  );
  const composer = page.getByRole('textbox', { name: 'Message', exact: true });
  for (const { text } of payloads) await composer.fill(text);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
}

/** The list of the archive, every entry of it, and what a search finds. */
export async function visitArchive({ page, stage, payloads }: Visit): Promise<void> {
  await page.goto(`${stage.url}/ade/#/archive/${stage.agent_id}`);
  const list = page.getByRole('list', { name: 'Archive entries' });
  const search = page.getByRole('searchbox', { name: 'Search archive' });
  for (const query of ['', 'needle', 'script onerror', payloads[1]?.text ?? '']) {
    await search.fill(query);
    const rows = list.getByRole('button');
    await until(
      `entries for ${query}`,
      () => rows.count(),
      (count) => count > 2,
    );
    await rows.evaluateAll((all) => all.forEach((row) => (row as HTMLElement).click()));
  }
}

/** What happened, each thing of it in full, with the exact requests. */
export async function visitActivity({ page, stage, payloads }: Visit): Promise<void> {
  await page.goto(`${stage.url}/ade/#/activity`);
  const rows = page.getByRole('main').getByRole('listitem');
  await until(
    'what happened',
    () => rows.count(),
    (count) => count > 5,
  );
  for (const row of (await rows.all()).slice(0, 20)) await row.click({ position: { x: 4, y: 8 } });
  await page
    .getByRole('searchbox')
    .first()
    .fill(payloads[1]?.text ?? '');
}

/** The parts of the window with their exact words, and the next request. */
export async function visitContext({ page, stage, payloads }: Visit): Promise<void> {
  await page.goto(`${stage.url}/ade/#/context/${stage.agent_id}/${stage.talk_id}`);
  const parts = page.getByRole('main').getByRole('table').getByRole('row');
  await until(
    'parts',
    () => parts.count(),
    (count) => count > 4,
  );
  for (const part of (await parts.all()).slice(1, 7)) await part.click();
  await page.getByRole('button', { name: 'Next request' }).click();
  await expectShown(page, 'main', payloads);
}

/** Settings of the agent, and addresses made of payloads. */
export async function visitSettings({ page, stage, payloads }: Visit): Promise<void> {
  await page.goto(`${stage.url}/ade/#/settings/${stage.agent_id}`);
  await page.getByRole('textbox').first().waitFor();
  for (const { text } of payloads) {
    await page.evaluate(`location.hash = ${JSON.stringify(`#/chat/${text}/${text}`)}`);
    await page.evaluate(`location.hash = ${JSON.stringify(text)}`);
  }
}

/** The preview of a file whose name and agents are payloads, and the list of agents when it was imported. */
export async function visitImport({ page, stage, payloads }: Visit): Promise<void> {
  const { text } = await call(stage.url, 'agents.export', {
    agent_id: stage.agent_id,
    include_traces: false,
  });
  const file = renamed(text, payloads);
  await openTalk(page, stage, stage.streams_id);
  await page.getByRole('button', { name: 'Import', exact: true }).first().click();
  const name = `${payloads[1]?.text ?? ''}.af`;
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(file) });
  const dialog = page.getByRole('dialog');
  await until('preview', () => dialog.textContent(), holdsPayload);
  await page.keyboard.press('Escape');
  await call(stage.url, 'agents.import', { text: file });
  await page.reload();
  await until('agents', () => page.getByRole('list', { name: 'Agents' }).textContent(), holdsPayload);
}

function holdsPayload(text: string | null): boolean {
  return text?.includes('__pwned') === true;
}

function renamed(text: string, payloads: readonly Payload[]): string {
  const file = JSON.parse(text) as { agents: { name: string; description: string }[] };
  for (const [at, agent] of file.agents.entries()) agent.name = payloads[at + 1]?.text ?? '';
  return JSON.stringify(file);
}

async function openTalk(page: Page, stage: Stage, conversation_id: string): Promise<void> {
  await page.goto(`${stage.url}/ade/#/chat/${stage.agent_id}/${conversation_id}`);
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
}

/** Fails when a surface holds too little of the payloads to prove anything. */
async function expectShown(page: Page, surface: string, payloads: readonly Payload[]): Promise<void> {
  const wanted = payloads.filter(({ text }) => text.includes('__pwned'));
  await until(
    `payloads in ${surface}`,
    async () => (await numbersIn(page, surface, wanted)).length,
    (count) => count > wanted.length * 0.8,
  );
}

async function numbersIn(page: Page, surface: string, wanted: readonly Payload[]): Promise<number[]> {
  const html = await page.locator(surface).innerHTML();
  const numbers = wanted.map(({ number }) => number);
  return numbers.filter((number) => new RegExp(`__pwned=${number}\\b`, 'u').test(html));
}
