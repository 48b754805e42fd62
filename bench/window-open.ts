/**
 * From opening the window to a usable talk, and the main thread meanwhile: with a new agent, with 1,000 conversations,
 * with a talk of 5,000 messages; then, without an aim, reading all of them back and an answer below all that.
 * Beside an empty page for the same time. Build first (`npm run build`).
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SqliteHandle from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { STORE_FILE } from '../electron/store/open.ts';
import { call } from '../test/helpers/call.ts';
import { withDataDir, withPage, withServer } from './ade-page.ts';
import { median, print } from './figures.ts';
import { writeHistory } from './history.ts';
import { beatEmptyPage, type MainThread, recordMainThread, toldTasks } from './main-thread.ts';

const RUNS = 3;
const CONVERSATIONS = 1000;
const MESSAGES = 5000;
const READ_BACK = MESSAGES;
/** Milliseconds above the empty page that no task may take. */
const AIM = 50;

const above: number[] = [];
await withDataDir((dataDir) => withServer(dataDir, {}, (url) => openings('a new agent', url)));
await withDataDir((dataDir) =>
  withServer(dataDir, {}, async (url) => {
    await makeConversations(url);
    await openings(`${CONVERSATIONS} conversations`, url);
  }),
);
await withDataDir(async (dataDir) => {
  await writeHistory(dataDir, MESSAGES);
  writeAnswers(dataDir);
  await withServer(dataDir, { MEMOIR_OFFLINE_DELAY_MS: '5' }, async (url) => {
    await openings(`a talk of ${MESSAGES} messages`, url);
    await readings(url);
  });
});
if (above.some((ms) => ms > AIM)) process.exitCode = 1;

async function openings(what: string, url: string): Promise<void> {
  const taken: number[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const empty = await recorded((page) => beatEmptyPage(page).then(() => delay(1000)));
    const window = await recorded(async (page) => {
      const start = performance.now();
      await openTalk(page, url);
      taken.push(performance.now() - start);
      await delay(300);
    });
    tell(`open with ${what}, run ${run}`, window, empty);
  }
  print(`open with ${what}: usable after ${median(taken).toFixed(0)} ms (median of ${RUNS})`);
}

/** A part of the talk read back, then an answer below it. */
async function readings(url: string): Promise<void> {
  await withPage(async (page, browser) => {
    await openTalk(page, url);
    const back = await recordMainThread(browser, page, () => readBack(page));
    const seconds = (back.took / 1000).toFixed(1);
    const drawn = await page.locator('.talk article').count();
    print(`read ${READ_BACK} messages back in ${seconds} s, ${drawn} in the page: ${toldTasks(back)}`);
    const answer = await recordMainThread(browser, page, () => say(page));
    print(`an answer below ${READ_BACK} messages: ${toldTasks(answer)}`);
  });
}

function tell(what: string, window: MainThread, empty: MainThread): void {
  const more = window.worst - empty.worst;
  above.push(more);
  print(`${what}: ${toldTasks(window)}`);
  print(`  empty page: ${toldTasks(empty)}`);
  print(
    `  above it: worst ${more.toFixed(1)} ms (aim <= ${AIM}), p99 ${(window.p99 - empty.p99).toFixed(1)} ms`,
  );
}

function recorded(work: (page: Page) => Promise<unknown>): Promise<MainThread> {
  return withPage((page: Page, browser: Browser) => recordMainThread(browser, page, () => work(page)));
}

async function openTalk(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/ade/`);
  await page.locator('textarea#composer:enabled').waitFor();
}

async function readBack(page: Page): Promise<void> {
  const number = (MESSAGES - READ_BACK + 1).toString(16).padStart(8, '0');
  const wanted = page.locator(`[id="message-${number}-0000-4000-8000-000000000000"]`);
  while ((await wanted.count()) === 0) {
    await page.locator('.talk').evaluate((box) => box.scrollTo({ top: 0 }));
    await delay(50);
  }
}

/** Says something and waits until its answer stands at the end of the talk. Finds things by tag and class: cheaper. */
async function say(page: Page): Promise<void> {
  await page.locator('#composer').fill('What do you know about the garden?');
  await page.locator('#composer').press('Enter');
  const answered = `{
    const last = [...document.querySelectorAll('.talk .msg')].at(-1);
    last.querySelector('.body.said:not([aria-hidden])') !== null && !last.classList.contains('user') &&
      last.textContent.includes('garden');
  }`;
  while (!(await page.evaluate<boolean>(answered))) await delay(100);
}

async function makeConversations(url: string): Promise<void> {
  const { agents } = await call(url, 'agents.list', {});
  const agent_id = agents[0]?.id ?? '';
  for (let number = 1; number <= CONVERSATIONS; number += 1) {
    await call(url, 'conversations.create', { agent_id, title: `Talk ${number} about the garden` });
  }
}

/** Gives the answers of a history the length and the marks real ones have. */
function writeAnswers(dataDir: string): void {
  const text = [
    'The harbour is **open** until six, and the ferry leaves at ten past.',
    '',
    ...Array.from({ length: 5 }, (_each, at) => `- Point ${at + 1}: the garden, the *weather* and the trip`),
    '',
    '```ts',
    ...Array.from({ length: 5 }, (_each, at) => `const value${at} = readValue(${at});`),
    '```',
  ].join('\n');
  const handle = new SqliteHandle(join(dataDir, STORE_FILE));
  handle
    .prepare(
      `update message set text = @text || char(10) || seq,
         content = json_array(json_object('type', 'text', 'text', @text || char(10) || seq)) where role = 'assistant'`,
    )
    .run({ text });
  handle.close();
}
