import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { openBackend } from '../../electron/backend.ts';
import { createApp } from '../../electron/http/app.ts';
import { listen } from '../../electron/http/listen.ts';
import { eventually, openAde, openPage, send } from '../helpers/ade.ts';
import { sharedChromium } from '../helpers/chromium.ts';
import { openRelay } from '../helpers/relay.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await sharedChromium();
});

const canMount = mountable();
if (!canMount) process.stderr.write('Skipped: a full disk needs the right to mount a small one.\n');

test('a damaged store says so, where it lies, and opens after it was moved away', async () => {
  const dataDir = tempDir();
  const file = join(dataDir, 'memoir.db');
  const text = 'These are not the bytes of a database, not even nearly.';
  writeFileSync(file, text);
  await seeFailure({
    dataDir,
    serve: spawned,
    heading: 'The memory store is damaged',
    cause: 'The file does not pass its check',
    advice: 'Restore a backup, or move the file away to start afresh.',
    cure: () => renameSync(file, `${file}.damaged`),
  });
  expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text);
});

test('a store of a newer Memoir is left alone, with the words to update', async () => {
  const dataDir = tempDir();
  const file = join(dataDir, 'memoir.db');
  const handle = new SqliteHandle(file);
  handle.pragma('user_version = 9000');
  handle.close();
  const bytes = readFileSync(file);
  await seeFailure({
    dataDir,
    serve: spawned,
    heading: 'The memory store is from a newer Memoir',
    cause: 'This version of Memoir is older than the file',
    advice: 'Update Memoir, or choose another data folder.',
    cure: () => renameSync(file, `${file}.newer`),
  });
  expect(readFileSync(`${file}.newer`).equals(bytes)).toBe(true);
});

test('a store that another Memoir holds names the cause, and opens once the other one is closed', async () => {
  const dataDir = tempDir();
  const holder = await spawnServer(dataDir);
  onTestFinished(() => holder.kill());
  await seeFailure({
    dataDir,
    // The headless server refuses to start; the desktop window shows the page.
    serve: served,
    heading: 'The memory store could not be opened',
    cause: 'The file is locked by another process',
    advice: 'Close it, or start this one with another data folder.',
    cure: () => holder.stop(),
  });
  expect(holder.child.exitCode).toBe(0);
});

test.skipIf(!canMount)('a full disk says so, and the store opens once there is room', async () => {
  const dataDir = smallDisk('64k');
  await seeFailure({
    dataDir,
    serve: spawned,
    heading: 'There is no room left to write',
    cause: 'The disk is full',
    advice: 'Free some space and try again.',
    cure: () => run('mount', '-o', 'remount,size=32m', dataDir),
  });
  expect(statSync(join(dataDir, 'memoir.db-wal')).size).toBeGreaterThan(64 * 1024);
});

test.skipIf(!canMount)('a message that finds the disk full is not sent and not lost', async () => {
  const dataDir = smallDisk('8m');
  const server = await spawnServer(dataDir);
  onTestFinished(() => server.kill());
  const page = await openAde(server.url, { browser, may_lose_backend: true });
  fillUp(dataDir);
  const text = `Remember this: ${'a long story '.repeat(2000)}`.trim();
  await send(page, text);
  await eventually(() => page.getByRole('alert').textContent()).toContain('Your text is still here.');
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  expect(await box.inputValue()).toBe(text);

  rmSync(join(dataDir, 'filler'));
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await eventually(() => page.getByRole('alert').count()).toBe(0);
  await eventually(() => page.getByRole('article', { name: 'You' }).count()).toBe(1);
});

type Failure = {
  readonly dataDir: string;
  readonly serve: (
    dataDir: string,
  ) => Promise<{ readonly url: string; readonly end: () => Promise<unknown> }>;
  readonly heading: string;
  readonly cause: string;
  readonly advice: string;
  readonly cure: () => unknown;
};

/** The failure page with its cause, place and advice; its actions before and after the cure. */
async function seeFailure(failure: Failure): Promise<void> {
  const failing = await failure.serve(failure.dataDir);
  const relay = await openRelay(failing.url);
  const page = await openPage(relay.url, { browser, may_lose_backend: true });
  const told = page.getByRole('alert');
  await eventually(() => told.getByRole('heading').textContent()).toBe(failure.heading);
  const words = (await told.textContent()) ?? '';
  for (const part of [failure.cause, failure.dataDir, failure.advice, 'Nothing was changed or deleted'])
    expect(words).toContain(part);
  expect(JSON.parse(await copyDiagnostics(page))).toMatchObject({ info: { data_dir: failure.dataDir } });

  const again = page.getByRole('button', { name: 'Try again' });
  await again.click();
  await eventually(() => again.isEnabled()).toBe(true);
  expect(await told.getByRole('heading').textContent()).toBe(failure.heading);

  // The window looks by itself as well; here the click alone has to do it.
  await page.evaluate('for (let timer = 0; timer < 10000; timer += 1) clearTimeout(timer)');
  await failing.end();
  await failure.cure();
  const well = await spawned(failure.dataDir);
  relay.lead(well.url);
  await again.click();
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
}

async function copyDiagnostics(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy diagnostics' }).click();
  await eventually(() => page.getByRole('button', { name: 'Copied' }).count()).toBe(1);
  return page.evaluate<string>('navigator.clipboard.readText()');
}

async function spawned(dataDir: string): ReturnType<Failure['serve']> {
  const server = await spawnServer(dataDir);
  onTestFinished(() => server.kill());
  return { url: server.url, end: server.kill };
}

/** What the desktop window shows, over HTTP: the backend without the headless server's refusal to start. */
async function served(dataDir: string): ReturnType<Failure['serve']> {
  const backend = await openBackend({ dataDir, env: {}, log: () => undefined });
  const closing = new AbortController();
  const app = createApp({
    call: backend.call,
    subscribe: backend.subscribe,
    letta: new Hono(),
    rendererDir: join(import.meta.dirname, '..', '..', 'out', 'renderer'),
    host: '127.0.0.1',
    allowedOrigins: [],
    closing: closing.signal,
    log: () => undefined,
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 }, closing);
  const end = async (): Promise<void> => {
    await listening.close();
    await backend.close();
  };
  onTestFinished(end);
  return { url: listening.url, end };
}

function mountable(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && mounts();
}

function mounts(): boolean {
  try {
    run('unshare', '--mount', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt');
    return true;
  } catch {
    // In a container without that right the skip above says so.
    return false;
  }
}

function smallDisk(size: string): string {
  const path = tempDir();
  run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path);
  onTestFinished(() => run('umount', '--lazy', path));
  return path;
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'ignore' });
}

function fillUp(folder: string): void {
  const piece = Buffer.alloc(64 * 1024);
  for (;;) {
    try {
      writeFileSync(join(folder, 'filler'), piece, { flag: 'a' });
    } catch {
      return;
    }
  }
}
