/** E2, E3: what the window and the browser are served, and under which headers. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { pathPartsOf } from '../../electron/page-files.ts';
import { answerFile } from '../../electron/http/static-files.ts';
import { answerPage, registerScheme, serveRenderer } from '../../electron/shell/protocol.ts';
import { shellTexts } from '../../electron/shell/texts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const TEXTS = shellTexts('en');

const PAGE = '<!doctype html><html><head><title>Memoir</title></head><body></body></html>';

function bundle(): string {
  const outside = tempDir();
  const folder = join(outside, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'assets', 'main-AbCd1234.js'), 'export {};');
  writeFileSync(join(folder, 'assets', 'style-AbCd1234.css'), 'body {}');
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  mkdirSync(join(outside, 'renderer-2'));
  writeFileSync(join(outside, 'renderer-2', 'secret.txt'), 'secret');
  symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'));
  symlinkSync(outside, join(folder, 'out'));
  return folder;
}

describe('which file a path names', () => {
  const pieces =
    String.raw`.. . ... / \ %2e %2E%2e %2f %5c %00 %252e%252e a index.html C: ~ %c0%ae % %e0%a4 : assets
    %u002e ．． %ef%bc%8e ; ? # // file:`.split(/\s+/);
  const piece = fc.constantFrom(...pieces, ' ', '\0', '\n');
  const path = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((each) => each.join('')),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.webPath(),
  );

  test('none of 10,000 paths leaves the folder', () => {
    const root = resolve(sep, 'app', 'renderer');
    let named = 0;
    fc.assert(
      fc.property(path, (each) => {
        const parts = pathPartsOf(each);
        if (parts === null) return;
        named += 1;
        const file = join(root, ...parts);
        expect(file === root || file.startsWith(root + sep), each).toBe(true);
        expect(file).not.toMatch(/[\0\\%]/);
      }),
      { numRuns: 10_000 },
    );
    expect(named).toBeGreaterThan(500);
  });

  test.each([
    ['', []],
    ['index.html', ['index.html']],
    ['assets/main-AbCd1234.js', ['assets', 'main-AbCd1234.js']],
    ['/assets//a.css', ['assets', 'a.css']],
  ])('%j is the file %j', (given, parts) => expect(pathPartsOf(given)).toEqual(parts));

  test.each([
    '..',
    '../secret.txt',
    '%2e%2e/secret.txt',
    '..%2fsecret.txt',
    'a/..%5c..%5csecret.txt',
    'a%00.html',
    'C:/secret.txt',
    'index.html::$DATA',
    'index.html.',
    'index.html%20',
    '%252e%252e/secret.txt',
    '%c0%ae%c0%ae/secret.txt',
    '%',
  ])('%j names no file', (given) => expect(pathPartsOf(given)).toBeNull());
});

describe('what the window is served', () => {
  test('of a stopped engine is in the language of the shell', async () => {
    const page = await answerPage('memoir://app/engine-stopped.html', bundle(), shellTexts('de'));
    const html = await page.text();
    expect(html).toContain('<html lang="de" dir="ltr">');
    expect(html).toContain('>Neu starten</button>');
    expect(html).not.toMatch(/Restart|engine stopped|undefined/u);
  });

  test.each([
    ['memoir://app/', 'text/html; charset=utf-8'],
    ['memoir://app/index.html#/chat', 'text/html; charset=utf-8'],
    ['memoir://app/assets/main-AbCd1234.js', 'text/javascript; charset=utf-8'],
    ['memoir://app/assets/style-AbCd1234.css', 'text/css; charset=utf-8'],
    ['memoir://app/engine-stopped.html', 'text/html; charset=utf-8'],
    ['memoir://app/engine-stopped.js', 'text/javascript; charset=utf-8'],
  ])('%s is there as %s', async (address, type) => {
    const { status, headers } = await answerPage(address, bundle(), TEXTS);
    expect([status, headers.get('content-type')]).toEqual([200, type]);
  });

  test.each([
    'memoir://other/index.html',
    'memoir://app.evil/index.html',
    'memoir://user@app/index.html',
    'memoir://app:1/index.html',
    'https://app/index.html',
    'memoir://app/missing.js',
    'memoir://app/assets',
    'memoir://app/link.txt',
    'memoir://app/out/secret.txt',
    'memoir://app/..%2fsecret.txt',
    'memoir://app/%2e%2e%2frenderer-2/secret.txt',
    'memoir://app/..%5csecret.txt',
  ])('%s is not there, and the refusal carries the policy too', async (address) => {
    const response = await answerPage(address, bundle(), TEXTS);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('Not found');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('our scheme is a secure origin with no right beyond, and served in the session it is asked for', () => {
    const registered: unknown[] = [];
    registerScheme({ registerSchemesAsPrivileged: (schemes) => registered.push(...schemes) });
    expect(registered).toEqual([
      { scheme: 'memoir', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    const handled: string[] = [];
    serveRenderer({ handle: (scheme) => handled.push(scheme) }, '/app', () => TEXTS);
    expect(handled).toEqual(['memoir']);
  });
});

describe('the content policy', () => {
  async function fromBrowser(folder: string, path: string): Promise<Response> {
    const app = new Hono();
    app.get('*', (context) => answerFile(context, folder, path));
    return app.request('/');
  }
  const SECURITY = [
    'content-security-policy',
    'x-content-type-options',
    'referrer-policy',
    'cross-origin-opener-policy',
    'cross-origin-resource-policy',
  ];
  const security = ({ headers }: Response): unknown[] =>
    SECURITY.map((name) => headers.get(name)?.replace(/'nonce-[^']+'/, "'nonce-X'"));

  test('is the same in the window and in the browser, for the page, its files and what is missing', async () => {
    const folder = bundle();
    for (const path of ['', 'assets/main-AbCd1234.js', 'missing.js']) {
      const window = await answerPage(`memoir://app/${path}`, folder, TEXTS);
      const browser = await fromBrowser(folder, path);
      expect(security(window)).toEqual(security(browser));
      expect([window.status, window.headers.get('content-type')?.split(';')[0]]).toEqual([
        browser.status,
        browser.headers.get('content-type')?.split(';')[0],
      ]);
    }
  });

  test('allows own files alone: nothing inline, nothing evaluated, no other host, no frame, no policy of trusted types', async () => {
    const { headers } = await answerPage('memoir://app/', bundle(), TEXTS);
    const rules = (headers.get('content-security-policy') ?? '')
      .replace(/'nonce-[\w+/=]+'/, "'nonce-X'")
      .split('; ');
    expect(rules).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'nonce-X'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "manifest-src 'none'",
      "media-src 'none'",
      "frame-src 'none'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  test('carries another nonce each time, which the page is told and no cache keeps', async () => {
    const folder = bundle();
    const nonces = new Set<string>();
    for (const response of [
      await answerPage('memoir://app/', folder, TEXTS),
      await answerPage('memoir://app/', folder, TEXTS),
      await answerPage('memoir://app/engine-stopped.html', folder, TEXTS),
      await fromBrowser(folder, ''),
      await fromBrowser(folder, 'index.html'),
    ]) {
      const nonce = /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] ?? '';
      expect(nonce.length).toBeGreaterThanOrEqual(24);
      expect(await response.text()).toContain(`nonce="${nonce}"`);
      expect(response.headers.get('cache-control')).toMatch(/no-store|no-cache/);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(5);
  });
});
