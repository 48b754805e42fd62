import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { sharedChromium } from './chromium.ts';
import { type ServerProcess, spawnServer } from './server-process.ts';

/** How a page of the ADE is opened. */
export type AdeOptions = {
  readonly browser?: Browser;
  /** Behind `/ade/`, e.g. `#/settings`. */
  readonly path?: string;
  /** The agent to open; the one used last unless told. The tour is over then. */
  readonly agent_id?: string;
  /** The test takes the backend or its store away, so refused reads in the console are no fault. */
  readonly may_lose_backend?: boolean;
};

/**
 * Opens the ADE in a page of its own; closes with the test. Errors of the page or in its console fail the test, save
 * for edits that were refused as a conflict or over a limit: those the page has to explain.
 */
export async function openAde(url: string, options: AdeOptions = {}): Promise<Page> {
  const page = await openPage(url, options);
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  return page;
}

/** Opens an address of the ADE without waiting for a talk: for pages that have none. */
export async function openPage(url: string, options: AdeOptions = {}): Promise<Page> {
  const browser = options.browser ?? (await sharedChromium());
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    // Drawing things that move costs more than all else in a browser without a graphics card.
    reducedMotion: 'reduce',
  });
  onTestFinished(() => context.close());
  if (options.agent_id !== undefined) {
    const kept = JSON.stringify({ last_agent_id: options.agent_id, tour_step: 0 });
    await context.addInitScript(`localStorage['memoir.preferences'] ??= ${JSON.stringify(kept)}`);
  }
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (line) => {
    // Refused reads are told below, with what was asked for.
    if (line.type() === 'error' && !line.text().startsWith('Failed to load')) errors.push(line.text());
  });
  page.on('response', (response) => {
    const status = response.status();
    if (status < 400 || [409, 422].includes(status) || options.may_lose_backend === true) return;
    errors.push(`${status} ${response.url()} ${response.request().postData() ?? ''}`);
  });
  onTestFinished(() => {
    expect(errors).toEqual([]);
  });
  await page.goto(`${url}/ade/${options.path ?? ''}`);
  return page;
}

/** Asks again until what is read is as expected, for as long as a busy machine may need. */
export function eventually<Value>(read: () => Value): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(read, { timeout: 15_000 });
}

/** A server and a browser that the tests of a file share. */
export type SharedAde = {
  readonly server: ServerProcess;
  readonly url: string;
  readonly browser: Browser;
};

/** Starts one server before the tests of a file and ends it after; call the answer inside tests. */
export function shareAde(
  environment: () => Promise<Record<string, string>> = () => Promise.resolve({}),
): () => SharedAde {
  let shared: SharedAde | null = null;
  const dataDir = mkdtempSync(join(tmpdir(), 'memoir-test-'));
  beforeAll(async () => {
    const server = await spawnServer(dataDir, await environment());
    shared = { server, url: server.url, browser: await sharedChromium() };
  });
  afterAll(async () => {
    await shared?.server.kill();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });
  return () => {
    if (shared === null) throw new Error('The shared server is there inside tests only.');
    return shared;
  };
}

/** Says something and waits until the agent has stopped answering. */
export async function say(page: Page, text: string, agent = 'Ada'): Promise<void> {
  const answers = answersOf(page, agent);
  // Answers out of sight are not in the page: their number says nothing.
  const newest = async (): Promise<string | null> =>
    (await answers.count()) === 0 ? null : answers.last().getAttribute('id');
  const before = await newest();
  await send(page, text);
  await eventually(newest).not.toBe(before);
  await eventually(() => page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
}

/** Types a message and sends it. */
export async function send(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Chooses a line of the menu of a block, an agent or a conversation. */
export async function choose(page: Page, of: string, line: string): Promise<void> {
  await page.getByRole('button', { name: `More for ${of}`, exact: true }).click();
  await page.getByRole('menuitem', { name: line, exact: true }).click();
}

/** The newest answer in the talk. */
export function lastAnswer(page: Page, agent = 'Ada'): Locator {
  return answersOf(page, agent).last();
}

/** The talk. */
export function talk(page: Page): Locator {
  return page.getByRole('log', { name: 'Conversation' });
}

/** The card of a block in the state pane. */
export function block(page: Page, label: string): Locator {
  return page.getByRole('region', { name: `Block ${label}`, exact: true });
}

function answersOf(page: Page, agent: string): Locator {
  return talk(page).getByRole('article', { name: agent, exact: true });
}
