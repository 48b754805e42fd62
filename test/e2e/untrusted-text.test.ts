import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { secureHeaders } from '../../electron/content-policy.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { drillHole, drillUntrusted } from '../untrusted/drill.ts';
import { startCanary } from '../untrusted/watch.ts';

const PAYLOADS = 40;

test('40 payloads stay text on every surface, streamed and stored: no script, no request, no report', async () => {
  const report = await drillUntrusted({ dataDir: tempDir(), payloads: PAYLOADS, together: 8 });
  expect(report).toMatchObject({ payloads: PAYLOADS, escapes: [], hits: [] });
  expect(report.changes_streamed).toBeGreaterThan(100);
});

test('a page that takes the same texts for HTML is caught running scripts and fetching', async () => {
  const canary = await startCanary();
  onTestFinished(() => canary.close());
  const escapes = await drillHole(await servePage({}), canary.url, PAYLOADS);
  expect(kindsOf(escapes)).toEqual(expect.arrayContaining(['frame', 'pwned', 'request']));
  expect(canary.hits.length).toBeGreaterThan(5);
});

test('under the policy of the ADE such a page runs nothing, and every try is reported', async () => {
  const canary = await startCanary();
  onTestFinished(() => canary.close());
  const escapes = await drillHole(await servePage(secureHeaders('none')), canary.url, PAYLOADS);
  expect(kindsOf(escapes)).toContain('report');
  expect(kindsOf(escapes)).not.toContain('pwned');
  expect(canary.hits).toEqual([]);
});

function kindsOf(escapes: readonly string[]): string[] {
  return [...new Set(escapes.map((escape) => escape.replace(/:.*/su, '')))].toSorted();
}

/** A page of its own; its address. */
async function servePage(headers: Record<string, string>): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { ...headers, 'content-type': 'text/html' });
    response.end('<!doctype html><title>Planted</title><body></body>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
