/** The double itself: it fails an app that a real Electron would fail, and says what it does not model. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { eventually } from '../helpers/ade.ts';
import type { Desktop } from '../helpers/electron-double/desktop.ts';
import { DoubleSafeStorage } from '../helpers/electron-double/safe-storage.ts';
import { startDouble } from '../helpers/electron-double/start-double.ts';
import { wireFormat } from '../helpers/electron-double/wire-format.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const WINDOW = `
  const window = new BrowserWindow({ webPreferences: { preload: import.meta.dirname + '/preload.cjs' } });
  await window.loadURL('planted://app/');`;

const SCHEME = `protocol.registerSchemesAsPrivileged([
  { scheme: 'planted', privileges: { standard: true, secure: true } },
]);`;

const SERVE = `protocol.handle('planted', () =>
  new Response('<title>Planted</title><h1>Planted</h1>', { headers: { 'content-type': 'text/html' } }));`;

describe('the double of Electron', () => {
  test.each([
    [
      'waits for ready before its entry is evaluated',
      "import { app } from 'electron'; await app.whenReady();",
      '13',
    ],
    ['uses a part that is not modelled', "import { app, autoUpdater } from 'electron';", 'autoUpdater'],
    [
      'declares its scheme too late',
      `import { app, protocol } from 'electron'; app.whenReady().then(() => { ${SCHEME} }).catch((e) => {
        console.error(e.message); app.exit(1); });`,
      'should be called before app is ready',
    ],
    [
      'makes a window without a sandbox',
      `import { app, BrowserWindow } from 'electron'; app.whenReady().then(() => {
        new BrowserWindow({ webPreferences: { sandbox: false } }); }).catch((e) => { console.error(e.message); app.exit(1); });`,
      'only sandboxed, isolated windows',
    ],
    [
      'asks a question no test answered',
      `import { app, dialog } from 'electron'; app.whenReady().then(() => dialog.showMessageBox({ message: 'Sure?' }))
        .catch((e) => { console.error(e.message); app.exit(1); });`,
      'gave no answer to dialog.showMessageBox: {"message":"Sure?"}',
    ],
  ])('ends an app that %s, and says so', async (_what, main, words) => {
    await expect(startDouble({ data_dir: tempDir(), app_folder: plant(main) })).rejects.toThrow(words);
  });

  test('ends an app that lets a page open a window', async () => {
    const app_folder = plant(
      `import { app, BrowserWindow, protocol } from 'electron'; ${SCHEME}
      app.whenReady().then(async () => { ${SERVE} ${WINDOW} });`,
    );
    const desktop = await startDouble({ data_dir: tempDir(), app_folder });
    onTestFinished(() => desktop.kill());
    await eventually(() => desktop.windows().length).toBe(1);
    await desktop
      .windows()[0]
      ?.evaluate("window.open('https://example.com/') && undefined")
      .catch(() => undefined);
    expect(await desktop.ended).toBe(1);
    expect(desktop.printed()).toContain('https://example.com/ was not denied');
  });

  test('walls nothing off by itself: what an app does not refuse, its page can do', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('access-control-allow-origin', '*').end('reached');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const app_folder = plant(
      `import { app, BrowserWindow, protocol } from 'electron'; ${SCHEME}
      app.whenReady().then(async () => { ${SERVE} ${WINDOW} });`,
    );
    const desktop = await startDouble({ data_dir: tempDir(), app_folder });
    onTestFinished(() => desktop.kill());
    const page = await vi.waitUntil(() => desktop.windows()[0], { timeout: 15_000 });
    const text = await page.evaluate(
      `fetch('http://127.0.0.1:${port}/fetch').then((answer) => answer.text())`,
    );
    expect([text, asked]).toEqual(['reached', ['/fetch']]);
    const permission = "navigator.permissions.query({ name: 'notifications' }).then(({ state }) => state)";
    expect(await page.evaluate(permission)).toBe('granted');
    await page.evaluate(`location.href = 'http://127.0.0.1:${port}/away'`);
    await eventually(() => asked).toContain('/away');
  });

  test('keeps the preload in a world of its own and gives the page frozen copies', async () => {
    const app_folder = plant(
      `import { app, BrowserWindow, ipcMain, protocol } from 'electron'; ${SCHEME}
      ipcMain.handle('echo', (_event, value) => ({ got: value, kind: Object.prototype.toString.call(value.when) }));
      app.whenReady().then(async () => { ${SERVE} ${WINDOW} });`,
      `const { contextBridge, ipcRenderer } = require('electron');
      globalThis.secret = 'of the preload';
      const reason = (run) => { try { return run(); } catch (error) { return error.message; } };
      contextBridge.exposeInMainWorld('planted', {
        list: [{ deep: true }],
        fs: reason(() => require('node:fs')),
        sees_page: () => typeof globalThis.ofThePage,
        call: (back) => back({ n: 1 }),
        fail: () => { throw Object.assign(new Error('no'), { code: 7 }); },
        later: () => Promise.reject(new Error('later')),
        echo: (value) => ipcRenderer.invoke('echo', value),
        nobody: () => ipcRenderer.invoke('nobody'),
      });`,
    );
    const desktop = await startDouble({ data_dir: tempDir(), app_folder });
    onTestFinished(() => desktop.kill());
    const page = await vi.waitUntil(() => desktop.windows()[0], { timeout: 15_000 });
    await page.getByRole('heading').waitFor();
    expect(await page.evaluate(PROBE)).toEqual({
      secret: 'undefined',
      frozen: [true, true, true],
      fs: 'module not found: node:fs',
      sees_page: 'undefined',
      called_back: [1, true],
      failure: ['no', 'undefined'],
      later: 'later',
      echo: [true, '[object Date]', 'undefined'],
      nobody: "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    });
  });

  test('asks before it quits, asks nobody when it exits, and passes the exit code on', async () => {
    const app_folder = plant(
      `import { app, BrowserWindow, protocol } from 'electron'; ${SCHEME}
      let asked = 0;
      app.on('before-quit', () => console.error('before-quit'));
      app.on('will-quit', (event) => {
        console.error('will-quit');
        asked += 1;
        if (asked === 1) { event.preventDefault(); setImmediate(() => app.quit()); }
      });
      app.on('quit', (_event, code) => console.error('quit ' + code));
      app.whenReady().then(async () => { ${SERVE} ${WINDOW} });`,
    );
    const run = async (end: Parameters<Desktop['evaluate']>[0]): Promise<string> => {
      const desktop = await startDouble({ data_dir: tempDir(), app_folder });
      onTestFinished(() => desktop.kill());
      await desktop.evaluate(end);
      return `${String(await desktop.ended)}: ${desktop.printed().trim().replaceAll('\n', ', ')}`;
    };
    expect(await run(({ app }) => app.quit())).toBe(
      '0: before-quit, will-quit, before-quit, will-quit, quit 0',
    );
    expect(await run(({ app }) => app.exit(7))).toBe('7: quit 7');
  });

  test('refuses a debugging port to a packaged app, as that app asks', async () => {
    const started = startDouble({
      data_dir: tempDir(),
      settings: { packaged: true },
      switches: ['--remote-debugging-port=9222'],
    });
    await expect(started).rejects.toThrow('--remote-debugging-port is refused');
  });
});

const PROBE = `(async () => {
  window.ofThePage = true;
  const { planted } = window;
  const failure = (() => { try { planted.fail(); } catch (error) { return [error.message, typeof error.code]; } })();
  const reason = (promise) => promise.then(() => 'resolved', (error) => error.message);
  const sent = { when: new Date(0), nothing: undefined };
  const echo = await planted.echo(sent);
  return {
    secret: typeof secret,
    frozen: [planted, planted.list, planted.list[0]].map(Object.isFrozen),
    fs: planted.fs,
    sees_page: planted.sees_page(),
    called_back: planted.call((copy) => [copy.n, Object.isFrozen(copy)]),
    failure,
    later: await reason(planted.later()),
    echo: [echo.got.when instanceof Date, echo.kind, 'nothing' in echo.got ? typeof echo.got.nothing : 'lost'],
    nobody: await reason(planted.nobody()),
  };
})()`;

describe("the double's safeStorage", () => {
  const storage = (
    backend: ConstructorParameters<typeof DoubleSafeStorage>[0],
    ready = true,
  ): DoubleSafeStorage => new DoubleSafeStorage(backend, 'the test', () => ready);

  test('reads again after a restart what it encrypted, and says when its key was changed', async () => {
    const sealed = await storage('keychain').encryptStringAsync('canary');
    expect(sealed.toString('latin1')).not.toContain('canary');
    expect(await storage('keychain').decryptStringAsync(sealed)).toEqual({
      result: 'canary',
      shouldReEncrypt: false,
    });
    expect(await storage('rotated').decryptStringAsync(sealed)).toEqual({
      result: 'canary',
      shouldReEncrypt: true,
    });
  });

  test.each([
    ['keychain', true, true, 'gnome_libsecret'],
    ['basic_text', false, true, 'basic_text'],
    ['unavailable', false, false, 'unknown'],
  ] as const)('over %s tells what is available', async (backend, sync, async, named) => {
    const made = storage(backend);
    expect(made.isEncryptionAvailable()).toBe(sync);
    expect(await made.isAsyncEncryptionAvailable()).toBe(async);
    expect(made.getSelectedStorageBackend()).toBe(named);
  });

  test('fails where there is no keychain, where it fails, and before the app is ready', async () => {
    for (const made of [storage('unavailable'), storage('throwing'), storage('keychain', false)])
      await expect(made.encryptStringAsync('x')).rejects.toThrow('Error while encrypting');
    await expect(storage('throwing').isAsyncEncryptionAvailable()).rejects.toThrow('keychain failed');
  });
});

test('what crosses between page and main keeps what a structured clone keeps', () => {
  const { encode, decode } = wireFormat();
  const value = {
    nothing: undefined,
    when: new Date(0),
    map: new Map([['a', new Set([1n])]]),
    bytes: new Uint8Array([1, 255]),
    numbers: [Number.NaN, Infinity, -1.5],
    $: { $: 'date', value: 'plain' },
  };
  expect(decode(encode(value))).toEqual(value);
  expect(Object.keys(decode(encode(value)) as object)).toContain('nothing');
  expect(() => encode({ run: () => undefined })).toThrow('An object could not be cloned.');
});

function plant(main: string, preload = ''): string {
  const folder = tempDir();
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'planted', version: '1.0.0', main: 'main.mjs' }),
  );
  writeFileSync(join(folder, 'main.mjs'), main);
  writeFileSync(join(folder, 'preload.cjs'), preload);
  return folder;
}
