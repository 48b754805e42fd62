import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../test/helpers/chromium.ts';
import { spawnServer } from '../test/helpers/server-process.ts';

/** Gives `work` a new data folder that is gone afterwards. */
export async function withDataDir<Result>(work: (dataDir: string) => Promise<Result>): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'memoir-bench-'));
  try {
    return await work(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Gives `work` the address of a server on a data folder; the server ends with it. */
export async function withServer<Result>(
  dataDir: string,
  env: Record<string, string>,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = await spawnServer(dataDir, env);
  try {
    return await work(server.url);
  } finally {
    await server.kill();
  }
}

/** Gives `work` an empty page, the only one of a new browser. */
export async function withPage<Result>(
  work: (page: Page, browser: Browser) => Promise<Result>,
): Promise<Result> {
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    return await work(await context.newPage(), browser);
  } finally {
    await browser.close();
  }
}
