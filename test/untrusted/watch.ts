import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';

/** A server nobody has a reason to ask. */
export type Canary = {
  /** Without a trailing slash. */
  readonly url: string;
  /** `<method> <path>` of every request that came. */
  readonly hits: readonly string[];
  readonly close: () => Promise<void>;
};

/** Starts a canary on a free port of this computer. */
export async function startCanary(): Promise<Canary> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(200, { 'content-type': 'image/svg+xml', 'access-control-allow-origin': '*' });
    response.end('<svg xmlns="http://www.w3.org/2000/svg"/>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hits,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What untrusted text did in the pages of a context, each as a line: empty when it stayed text. */
export type Escapes = readonly string[];

/**
 * Watches every page a context opens from now on: `window.__pwned` set, a dialog, a page or frame that goes elsewhere, a
 * new window, a download, a request beyond `origin`, a report of the content policy, an error in the console.
 */
export async function watchEscapes(context: BrowserContext, origin: string): Promise<Escapes> {
  const escapes: string[] = [];
  await context.exposeBinding('__tellEscape', (_source, what: string) => void escapes.push(what));
  await context.addInitScript(WATCH_PAGE);
  let first = true;
  context.on('page', (page) => {
    if (!first) escapes.push(`window: ${page.url()}`);
    first = false;
    watchPage(page, origin, escapes);
  });
  context.on('request', (request) => {
    const url = request.url();
    const inside = url.startsWith(`${origin}/`) || url.startsWith('data:') || url.startsWith('blob:');
    if (!inside) escapes.push(`request: ${url}`);
  });
  return escapes;
}

function watchPage(page: Page, origin: string, escapes: string[]): void {
  page.on('dialog', (dialog) => {
    escapes.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('download', (download) => escapes.push(`download: ${download.url()}`));
  page.on('frameattached', (frame) => escapes.push(`frame: ${frame.url()}`));
  page.on('framenavigated', (frame) => {
    const url = frame.url();
    if (url !== 'about:blank' && !url.startsWith(`${origin}/`)) escapes.push(`navigation: ${url}`);
  });
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource'))
      escapes.push(`console: ${line.text()}`);
  });
  page.on('pageerror', (error) => escapes.push(`error: ${error.message}`));
}

// Runs before any script of any page and frame.
const WATCH_PAGE = `
  Object.defineProperty(window, '__pwned', { set: (value) => void window.__tellEscape('pwned: ' + value) });
  addEventListener('securitypolicyviolation', (report) => {
    void window.__tellEscape('report: ' + report.effectiveDirective + ' ' + report.blockedURI + ' ' + report.sample);
  });
`;
