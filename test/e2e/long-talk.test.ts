import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { writeHistory } from '../../bench/history.ts';
import { STORE_FILE } from '../../electron/store/open.ts';
import { eventually, openAde, say, send, talk } from '../helpers/ade.ts';
import { call } from '../helpers/call.ts';
import { sharedChromium } from '../helpers/chromium.ts';
import { type ScriptedModel, startScriptedModel } from '../helpers/scripted-openai.ts';
import { type ServerProcess, spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** Messages of the history: people say the odd ones, the agent the even ones. */
const COUNT = 2000;
/** The message a memory change came from. */
const LINKED = 301;

const dataDir = mkdtempSync(join(tmpdir(), 'memoir-test-'));
let server: ServerProcess;
let browser: Browser;
/** The long talk. */
let path: string;

beforeAll(async () => {
  await writeHistory(dataDir, COUNT);
  path = await changeMemory(LINKED);
  server = await spawnServer(dataDir);
  browser = await sharedChromium();
});

afterAll(async () => {
  await server.kill();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

test('a long talk opens at its end, reads back page by page without holes, and only what is near is in the page', async () => {
  const page = await openLong();
  expect(await shownNumbers(page)).toContain(COUNT);
  expect(await placeOf(page)).toBe('end');
  const seen = new Set(await shownNumbers(page));
  let lowest = COUNT;
  while (lowest > COUNT - 600) {
    await scrollBy(page, -700);
    const shown = await shownNumbers(page);
    expect(shown).toEqual(shown.toSorted((left, right) => left - right));
    for (let number = shown[0] ?? 0; number <= (shown.at(-1) ?? 0); number += 1) {
      expect(shown).toContain(number);
      seen.add(number);
    }
    lowest = Math.min(lowest, ...shown);
  }
  for (let number = lowest; number <= COUNT; number += 1) expect(seen).toContain(number);
  expect(await talk(page).getByRole('article').count()).toBeLessThan(120);
  expect(await talk(page).getByRole('article').first().getAttribute('aria-setsize')).toBe(`${COUNT}`);
});

test('older messages that come in above leave what is read where it is', async () => {
  const page = await openLong();
  const answers = Promise.withResolvers<undefined>();
  await page.route('**/rpc/messages.list', async (route) => {
    await answers.promise;
    await route.continue();
  });
  const asked = page.waitForRequest('**/rpc/messages.list');
  while ((await fromStart(page)) > 300) await scrollBy(page, -400);
  await asked;
  const before = await topmost(page);
  answers.resolve(undefined);
  await eventually(() => fromStart(page)).toBeGreaterThan(1000);
  expect(await topOf(page, before.id)).toBeCloseTo(before.top, 0);
});

test('a link leads to a message far back, which stays in the middle while the rest is drawn', async () => {
  const page = await openLong();
  const number = LINKED;
  await goTo(page);
  await eventually(() => placeOf(page)).toBe(idOf(number));
  expect(await page.locator('.told').count()).toBe(1);
  await eventually(() => fromMiddle(page, number)).toBeLessThan(2);
  const top = await belowTop(page, number);
  await page.setViewportSize({ width: 1000, height: 900 });
  await eventually(() => belowTop(page, number)).toBeCloseTo(top, -1);
});

test('an answer written below does not move what is read above, and the way back is offered', async () => {
  const { page, model, more } = await openStreamed();
  await say(page, 'Tell me a lot');
  await eventually(() => placeOf(page)).toBe('end');
  await send(page, 'Now go on');
  await eventually(() => talk(page).textContent()).toContain('More 1 ');
  await scrollBy(page, -500);
  await eventually(() => placeOf(page)).toBe('reading');
  const before = await topmost(page);
  more.resolve(undefined);
  await eventually(() => page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
  expect(model.requests.length).toBeGreaterThan(1);
  expect(await topOf(page, before.id)).toBeCloseTo(before.top, 0);
  await page.getByRole('button', { name: 'Newest messages' }).click();
  await eventually(() => placeOf(page)).toBe('end');
  expect(await page.getByRole('button', { name: 'Newest messages' }).count()).toBe(0);
  await eventually(() => talk(page).textContent()).toContain('More 59 ');
});

test('a talk that was shorter for a moment is still followed at its end', async () => {
  const page = await openLong();
  await page.evaluate(`{
    const box = document.querySelector('.talk');
    const rows = [...box.querySelectorAll('.turn')];
    for (const row of rows.slice(-3)) row.style.display = 'none';
    box.scrollTop;
    for (const row of rows.slice(-3)) row.style.display = '';
    rows.at(-1).style.paddingBottom = '400px';
  }`);
  await eventually(() =>
    page.evaluate(
      "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.querySelector('.talk'))",
    ),
  ).toBeLessThan(2);
  expect(await placeOf(page)).toBe('end');
});

test('only finished answers are said aloud, once, and nothing that was read back', async () => {
  const { page, more } = await openStreamed();
  const spoken = page.locator('[data-spoken]');
  await say(page, 'Tell me a lot');
  await eventually(() => spoken.textContent()).toContain('Line 59 ');
  await send(page, 'Now go on');
  await eventually(() => talk(page).textContent()).toContain('More 1 ');
  expect(await spoken.textContent()).toBe('');
  expect(await talk(page).getAttribute('aria-live')).toBe('off');
  more.resolve(undefined);
  await eventually(() => spoken.textContent()).toContain('More 59 ');
  expect((await spoken.textContent())?.match(/More 59 /gu)).toHaveLength(1);

  const long = await openLong();
  const last = (await shownNumbers(long))[0] ?? 0;
  for (let pages = 0; pages < 12; pages += 1) await scrollBy(long, -700);
  expect((await shownNumbers(long))[0]).toBeLessThan(last);
  expect(await long.locator('[data-spoken]').textContent()).toBe('');
});

test('an answer to what was sent while the talk was still read is said aloud', async () => {
  const { page } = await openStreamed();
  const answers = Promise.withResolvers<undefined>();
  await page.route('**/rpc/messages.list', async (route) => {
    await answers.promise;
    await route.continue();
  });
  await page.reload();
  await send(page, 'Tell me a lot');
  const spoken = page.locator('[data-spoken]');
  await eventually(() => spoken.textContent()).toContain('Line 59 ');
  answers.resolve(undefined);
  await eventually(() => talk(page).textContent()).toContain('Line 59 ');
  expect(await spoken.textContent()).toContain('Line 59 ');
});

/** Lets the agent change its memory in a second talk, by words as if said in the long one; the address of the latter. */
async function changeMemory(number: number): Promise<string> {
  const first = await spawnServer(dataDir);
  const agent_id = (await call(first.url, 'agents.list', {})).agents[0]?.id ?? '';
  const long = (await call(first.url, 'conversations.list', { agent_id })).conversations[0]?.id ?? '';
  const { id } = await call(first.url, 'conversations.create', { agent_id });
  await call(first.url, 'messages.send', { conversation_id: id, text: 'My name is Kit', otid: 'kit' });
  await vi.waitFor(
    async () => {
      const { run } = await call(first.url, 'runs.current', { conversation_id: id });
      expect(run?.state).toBe('completed');
    },
    { timeout: 15_000 },
  );
  await first.kill();
  const handle = new SqliteHandle(join(dataDir, STORE_FILE));
  handle
    .prepare('update block_version set message_id = ?, conversation_id = ? where message_id is not null')
    .run(idOf(number), long);
  handle.close();
  return `#/chat/${agent_id}/${long}`;
}

async function openLong(): Promise<Page> {
  const page = await openAde(server.url, { browser, path });
  await eventually(() => talk(page).textContent()).toContain(`Talk number ${COUNT} `);
  return page;
}

type Streamed = {
  readonly page: Page;
  readonly model: ScriptedModel;
  /** Lets the second answer go on behind its first lines. */
  readonly more: PromiseWithResolvers<undefined>;
};

/** A talk with a model that writes a long answer at once, then one that waits in its middle. */
async function openStreamed(): Promise<Streamed> {
  const more = Promise.withResolvers<undefined>();
  const lines = (word: string): string[] =>
    Array.from({ length: 60 }, (_each, at) => `${word} ${at} of the answer`);
  let asked = 0;
  const model = await startScriptedModel(() => {
    asked += 1;
    if (asked === 1) return { kind: 'text', text: lines('Line').join('\n\n') };
    const all = lines('More');
    const halves = [all.slice(0, 30), all.slice(30)].map((half) => `${half.join('\n\n')}\n\n`);
    return {
      kind: 'chunks',
      chunks: [{ text: halves[0] ?? '' }, { text: halves[1] ?? '', after: more.promise }],
    };
  });
  onTestFinished(() => model.close());
  const own = await spawnServer(tempDir(), {
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: model.base_url,
    MEMOIR_DEFAULT_MODEL: 'openai/gpt-4o-mini',
  });
  onTestFinished(() => own.kill());
  return { page: await openAde(own.url, { browser }), model, more };
}

/** Follows the link of the newest memory change, which came from a message far back. */
async function goTo(page: Page): Promise<void> {
  const feed = page.getByRole('list', { name: 'Recent changes' });
  await feed.getByRole('link', { name: 'human' }).first().click();
}

function idOf(number: number): string {
  return `message-${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

/** Where the reader is, as the talk says: `end`, `reading` or the message that was gone to. */
function placeOf(page: Page): Promise<string | null> {
  return page.locator('.talk').getAttribute('data-place');
}

/** Scrolls as a person does, and lets the window draw. */
async function scrollBy(page: Page, distance: number): Promise<void> {
  await page.evaluate<undefined>(`new Promise((resolve) => {
    const box = document.querySelector('.talk');
    box.dispatchEvent(new WheelEvent('wheel', { deltaY: ${distance} }));
    box.scrollBy(0, ${distance});
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)));
  })`);
}

/** Numbers of the messages that are in view, from top to bottom. */
function shownNumbers(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`{
    const view = document.querySelector('.talk').getBoundingClientRect();
    [...document.querySelectorAll('.talk article')]
      .filter((each) => each.getBoundingClientRect().bottom > view.top && each.getBoundingClientRect().top < view.bottom)
      .flatMap((each) => each.textContent.match(/Talk number (\\d+)/u)?.slice(1).map(Number) ?? []);
  }`);
}

/** Pixels of the talk above the view. */
function fromStart(page: Page): Promise<number> {
  return page.evaluate<number>("document.querySelector('.talk').scrollTop");
}

/** Pixels between the middle of a message and that of the view. */
async function fromMiddle(page: Page, number: number): Promise<number> {
  const { top, bottom } = await boxOf(page, number);
  const view = await page.locator('.talk').boundingBox();
  return Math.abs((top + bottom) / 2 - (view?.y ?? 0) - (view?.height ?? 0) / 2);
}

/** How far below the upper edge of the view a message begins. */
async function belowTop(page: Page, number: number): Promise<number> {
  const { top } = await boxOf(page, number);
  return top - ((await page.locator('.talk').boundingBox())?.y ?? 0);
}

type Article = { readonly id: string; readonly top: number };

/** The first message that begins in view. */
function topmost(page: Page): Promise<Article> {
  return page.evaluate<Article>(`{
    const view = document.querySelector('.talk').getBoundingClientRect();
    const first = [...document.querySelectorAll('.talk article[id]')]
      .find((each) => each.getBoundingClientRect().bottom > view.top);
    ({ id: first.id, top: first.getBoundingClientRect().top });
  }`);
}

function topOf(page: Page, id: string): Promise<number> {
  return page.evaluate<number>(`document.getElementById('${id}').getBoundingClientRect().top`);
}

function boxOf(page: Page, number: number): Promise<{ top: number; bottom: number }> {
  return page.evaluate<{ top: number; bottom: number }>(`{
    const { top, bottom } = document.getElementById('${idOf(number)}').getBoundingClientRect();
    ({ top, bottom });
  }`);
}
