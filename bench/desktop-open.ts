/**
 * From opening a window of the desktop app, under the double of Electron, to a usable talk, and the main thread
 * meanwhile; beside an empty page for the same time. What reaches the page comes over the driver there, so its tasks
 * count. Build first (`npm run build`).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { Desktop } from '../test/helpers/electron-double/desktop.ts';
import { startDouble } from '../test/helpers/electron-double/start-double.ts';
import { withDataDir, withPage } from './ade-page.ts';
import { median, print } from './figures.ts';
import { beatEmptyPage, type MainThread, recordMainThread, toldTasks } from './main-thread.ts';

const RUNS = 3;
/** Milliseconds above the empty page that no task may take. */
const AIM = 50;
const COMPOSER = 'textarea#composer:enabled';

const above: number[] = [];
const taken: number[] = [];
await withDataDir(async (data_dir) => {
  const desktop = await startDouble({ data_dir });
  try {
    const first = await windowOf(desktop, 0);
    await first.locator(COMPOSER).waitFor();
    for (let run = 1; run <= RUNS; run += 1) await measure(desktop, first, run);
  } finally {
    await desktop.kill();
  }
});
print(`open a window of the desktop app: usable after ${median(taken).toFixed(0)} ms (median of ${RUNS})`);
if (above.some((ms) => ms > AIM)) process.exitCode = 1;

async function measure(desktop: Desktop, first: Page, run: number): Promise<void> {
  const empty = await withPage((page: Page, browser: Browser) =>
    recordMainThread(browser, page, () => beatEmptyPage(page).then(() => delay(1000))),
  );
  const window = await open(desktop, first);
  const more = window.worst - empty.worst;
  above.push(more);
  print(`open a window of the desktop app, run ${run}: ${toldTasks(window)}`);
  print(`  empty page: ${toldTasks(empty)}`);
  print(
    `  above it: worst ${more.toFixed(1)} ms (aim <= ${AIM}), p99 ${(window.p99 - empty.p99).toFixed(1)} ms`,
  );
}

/** Opens one more window, as the menu does, and closes it again. */
async function open(desktop: Desktop, first: Page): Promise<MainThread> {
  const browser = first.context().browser();
  if (browser === null) throw new Error('The window belongs to no browser.');
  const thread = await recordMainThread(
    browser,
    first,
    async () => {
      const start = performance.now();
      await chooseNewWindow(desktop);
      const second = await windowOf(desktop, 1);
      await second.locator(COMPOSER).waitFor();
      taken.push(performance.now() - start);
      await delay(300);
    },
    { driven: true },
  );
  await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(-1)?.close());
  while (desktop.windows().length > 1) await delay(20);
  return thread;
}

function chooseNewWindow(desktop: Desktop): Promise<void> {
  return desktop.evaluate(({ Menu, BrowserWindow }) => {
    const menu = Menu.getApplicationMenu()?.items.find((item) => item.label === 'Window');
    const window = BrowserWindow.getAllWindows()[0];
    menu?.submenu?.items
      .find((item) => item.label === 'New Window')
      ?.click(undefined, window, window?.webContents);
  });
}

async function windowOf(desktop: Desktop, index: number): Promise<Page> {
  for (;;) {
    const page = desktop.windows()[index];
    if (page !== undefined) return page;
    await delay(10);
  }
}
