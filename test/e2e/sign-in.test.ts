import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { call } from '../helpers/call.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { spawnServer } from '../helpers/server-process.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const TOKEN = 'right-8d1f0c5e7b';

let browser: Browser;
beforeAll(async () => {
  // The name a page was loaded from now leads to this computer, as after a change of its DNS entry.
  browser = await launchChromium({ args: ['--host-resolver-rules=MAP evil.example 127.0.0.1'] });
});
afterAll(() => browser.close());

async function openedServer(env: Record<string, string> = {}): Promise<string> {
  const server = await spawnServer(tempDir(), env);
  onTestFinished(() => server.kill());
  return server.url;
}

describe('a Memoir with a token, in a browser', () => {
  test('asks for it once in a tab, and the ADE then works until it no longer counts', async () => {
    const url = await openedServer({ MEMOIR_SERVER_TOKEN: TOKEN });
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await page.goto(`${url}/ade/#/settings`);
    const field = page.getByLabel('Token');
    await field.fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('That is not the token').waitFor();
    await field.fill(` ${TOKEN} `);
    await field.press('Enter');
    await page.getByRole('navigation').first().waitFor();
    expect(page.url()).toContain(`${url}/ade/#/settings`);
    await page.reload();
    await page.getByRole('navigation').first().waitFor();
    expect(addresses.filter((address) => address.includes(TOKEN))).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    await page.evaluate("sessionStorage['memoir.token'] = 'old'; location.reload()");
    await page.getByRole('heading', { name: 'Sign in to Memoir' }).waitFor();
  });
});

/** A page of another site, which tells what it could do to Memoir. */
async function foreignSite(): Promise<string> {
  const site: Server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>evil</title>');
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  onTestFinished(() => void site.close());
  return `http://evil.example:${(site.address() as AddressInfo).port}`;
}

const ATTACK = `async (base) => {
  const made = '{"name":"Planted"}';
  const tries = [
    ['/ade/rpc/agents.create', { method: 'POST', headers: { 'content-type': 'application/json' }, body: made }],
    ['/ade/rpc/agents.create', { method: 'POST', mode: 'no-cors', body: made }],
    ['/v1/agents/', { method: 'POST', mode: 'no-cors', body: made }],
    ['/v1/agents/', { mode: 'no-cors' }],
    ['/v1/agents/', {}],
    ['/ade/events', {}],
    ['/ade/', {}],
  ];
  return Promise.all(tries.map(async ([path, init]) => {
    try {
      const response = await fetch(base + path, init);
      return response.type === 'opaque' ? 'opaque' : String(response.status);
    } catch {
      return 'blocked';
    }
  }));
}`;

/** What a page at `start` could do to the Memoir at `base`. */
async function attack(
  start: string,
  base: string,
): Promise<{ status: number | undefined; outcomes: string[] }> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const opened = await page.goto(start);
  const outcomes = await page.evaluate<string[]>(`(${ATTACK})(${JSON.stringify(base)})`);
  return { status: opened?.status(), outcomes };
}

async function agentNames(url: string): Promise<string[]> {
  return (await call(url, 'agents.list', {})).agents.map(({ name }) => name);
}

describe('a page of another site', () => {
  test('whose name now leads to this computer (DNS rebinding) reads and changes nothing', async () => {
    const url = await openedServer();
    const before = await agentNames(url);
    // After a rebinding the page's own origin, port included, is answered by Memoir.
    const rebound = `http://evil.example:${new URL(url).port}`;
    expect(await attack(`${rebound}/ade/`, rebound)).toEqual({ status: 403, outcomes: Array(7).fill('403') });
    expect(await agentNames(url)).toEqual(before);
  });

  test('that asks this computer outright reads and changes nothing', async () => {
    const url = await openedServer();
    const before = await agentNames(url);
    const { status, outcomes } = await attack(await foreignSite(), url);
    expect([status, outcomes.length]).toEqual([200, 7]);
    expect(outcomes.filter((outcome) => outcome !== 'blocked' && outcome !== 'opaque')).toEqual([]);
    expect(await agentNames(url)).toEqual(before);
  });
});
