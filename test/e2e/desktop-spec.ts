import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/index.ts';
import { block, eventually, lastAnswer, say } from '../helpers/ade.ts';
import type { Desktop, StartDesktop } from '../helpers/electron-double/desktop.ts';
import { answerDialogs, chooseMenu, keptSince, windowPage } from '../helpers/electron-double/person.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A key no program may show: it looks like one, so that what redacts keys is not spared. */
const CANARY = 'sk-canary-7fQ2mZ0xWq8LrT4vNc6B';

/** What is printed of a failed promise: by the app, or by the double where the app does not. */
const NOBODY_TOOK = /Nobody took|Unhandled rejection/;

/** What every desktop must do, told once for the double and for a real binary. */
export function describeDesktop(kind: string, start: StartDesktop): void {
  describe(`the desktop app, ${kind}`, () => {
    lifeOfTheApp(start);
    wallsOfTheWindow(start);
  });
}

function lifeOfTheApp(start: StartDesktop): void {
  test('a talk, an edit by hand and the place of the window are there again after a quit', async () => {
    const data_dir = tempDir();
    const first = await started(start, { data_dir });
    const page = await windowPage(first);
    const reports = reportsOf(page);
    await say(page, 'Hi, my name is Kit and I like concise answers');
    await eventually(() => block(page, 'human').textContent()).toContain('Kit');
    await block(page, 'human').getByRole('button', { name: 'Edit human' }).click();
    const box = page.getByRole('textbox', { name: 'Value of human' });
    await box.fill((await box.inputValue()).replaceAll('Kit', 'Kestrel'));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await eventually(() => block(page, 'human').textContent()).toContain('Kestrel');
    expect(reports).toEqual([]);
    await first.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ width: 1024, height: 700 }),
    );
    await chooseMenu(first, ['Memoir', 'Quit Memoir']);
    expect(await first.ended).toBe(0);

    const second = await started(start, { data_dir });
    const again = await windowPage(second);
    await eventually(() => block(again, 'human').textContent()).toContain('Kestrel');
    await say(again, 'What is my name?');
    await eventually(() => lastAnswer(again).textContent()).toContain('Kestrel');
    const bounds = await second.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getBounds(),
    );
    expect(bounds).toMatchObject({ width: 1024, height: 700 });
    await quit(second);
    for (const { printed } of [first, second]) expect(printed()).not.toMatch(NOBODY_TOOK);
  });

  test('a key outlives a kill where there is a keyring, shows its last four characters, and is found nowhere', async () => {
    const data_dir = tempDir();
    const env = { GROQ_API_KEY: `${CANARY}-groq` };
    const first = await started(start, { data_dir, env });
    const page = await windowPage(first);
    const { keep_choices } = await call(page, 'providers.list', {});
    const safest = keep_choices[0] === 'keyring' ? 'keyring' : 'session';
    const key = { provider: 'openai', api_key: CANARY, keep: { kind: safest } } as const;
    const kept = { connected: true, source: safest, last4: CANARY.slice(-4) };
    expect(await call(page, 'providers.connect', key)).toMatchObject(kept);
    expect(await everythingIn(page)).not.toContain(CANARY);
    await first.kill();

    const second = await started(start, { data_dir, env });
    const { providers } = await call(await windowPage(second), 'providers.list', {});
    const sources = Object.fromEntries(providers.map(({ id, source }) => [id, source]));
    expect(sources).toMatchObject({ openai: safest === 'keyring' ? 'keyring' : 'none', groq: 'environment' });
    await quit(second);
    for (const { printed } of [first, second]) expect(printed()).not.toContain(CANARY);
    expect(filesWith(data_dir, CANARY)).toEqual([]);
    expect(filesWith(data_dir, Buffer.from(CANARY).toString('base64'))).toEqual([]);
    // The same search finds what is there.
    expect(filesWith(data_dir, 'openai')).not.toEqual([]);
  });

  test('an agent file the system opens with the app is shown, and nothing is saved before a click', async () => {
    const data_dir = tempDir();
    const path = join(tempDir(), 'kit.af');
    const first = await started(start, { data_dir });
    const page = await windowPage(first);
    const { agents } = await call(page, 'agents.list', {});
    const { text } = await call(page, 'agents.export', { agent_id: agents[0]?.id ?? '' });
    writeFileSync(path, text);
    const shown = async (window: Page): Promise<void> => {
      const dialog = window.getByRole('dialog', { name: 'kit.af' });
      await dialog.waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect((await call(window, 'agents.list', {})).agents).toEqual(agents);
    };
    expect(await first.startAgain([path, 'memoir://import/kit.af', '--import=kit.af'])).toBe(0);
    await shown(page);
    // As macOS tells it.
    await first.evaluate(
      ({ app }, opened) => void app.emit('open-file', { preventDefault: () => 0 }, opened),
      path,
    );
    await shown(page);
    await quit(first);

    const second = await started(start, { data_dir, files: [path] });
    // Not its talk is waited for: the preview may cover it from the start.
    await shown(await vi.waitUntil(() => second.windows()[0], { timeout: 15_000 }));
    await quit(second);
  });
}

function wallsOfTheWindow(start: StartDesktop): void {
  const folder = mkdtempSync(join(tmpdir(), 'memoir-test-'));
  let running: Desktop | null = null;
  const desktop = (): Desktop => {
    if (running === null) throw new Error('The desktop runs inside tests only.');
    return running;
  };
  const first = (): Promise<Page> => windowPage(desktop());

  beforeAll(async () => {
    running = await start({ data_dir: folder });
    await windowPage(running);
  });
  afterAll(async () => {
    await running?.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('a page has no Node, and of Electron only a bridge of two functions that it can not change', async () => {
    const page = await first();
    expect(await page.evaluate(LOOK_AROUND)).toEqual({
      require: 'undefined',
      process: 'undefined',
      module: 'undefined',
      bridge: ['call', 'on'],
      isFrozen: true,
      isReplaced: false,
      electron: [],
    });
  });

  test('a call the contract does not know is refused with a reason, and the app goes on', async () => {
    const page = await first();
    const ask = (name: unknown, input: unknown): Promise<unknown> =>
      page.evaluate(
        ([method, given]) => (window as unknown as BridgeWindow).memoir.call(method as string, given),
        [name, input] as const,
      );
    expect(await ask('agents.haunt', {})).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await ask('toString', {})).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await ask(7, {})).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    expect(await ask('blocks.list', { agent_id: 7 })).toMatchObject({ ok: false });
    expect(await ask('system.info', {})).toMatchObject({ ok: true, output: { store: 'ready' } });
  });

  test('what can not be copied does not cross the bridge', async () => {
    const page = await first();
    const refusal = await page.evaluate(async () => {
      try {
        await (window as unknown as BridgeWindow).memoir.call('system.info', { planted: Symbol('x') });
        return 'crossed';
      } catch (error) {
        return String(error);
      }
    });
    expect(refusal).toContain('could not be cloned');
  });
  wallsToTheOutside(desktop, first);
  windowsOfTheApp(desktop, first);
  troubleAndRecovery(desktop, first);
}

function wallsToTheOutside(desktop: () => Desktop, first: () => Promise<Page>): void {
  test('a page that leads outside stays, and the address goes to the system once the person agreed', async () => {
    const page = await first();
    await answerDialogs(desktop(), 0);
    await page.evaluate("location.href = 'https://example.com/away'");
    await eventually(async () => (await keptSince(desktop())).opened).toEqual(['https://example.com/away']);
    await answerDialogs(desktop(), 1);
    await page.evaluate("window.open('https://example.org/popup')");
    await eventually(() => questions(desktop())).toEqual(['Open example.org?']);
    expect((await keptSince(desktop())).opened).toEqual([]);
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    expect(desktop().windows()).toHaveLength(1);
  });

  test('addresses that are no web page or mail go nowhere, and nobody is asked', async () => {
    const page = await first();
    await answerDialogs(desktop(), 0);
    await page.evaluate(OPEN_EACH);
    await eventually(async () => (await keptSince(desktop())).opened).toEqual(['mailto:kit@example.com']);
    expect((await keptSince(desktop())).asked).toHaveLength(1);
    expect(desktop().windows()).toHaveLength(1);
  });

  test('nothing but the app itself is loaded, not even by a page that tries', async () => {
    const page = await first();
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const loaded = await page.evaluate(`(${TRY_TO_LOAD})('http://127.0.0.1:${port}/')`);
    expect(loaded).toEqual([]);
    expect(asked).toEqual([]);
    // The canary does hear whoever reaches it.
    await fetch(`http://127.0.0.1:${port}/control`);
    expect(asked).toEqual(['/control']);
  });

  test('a page has no permission but to put text on the clipboard', async () => {
    const page = await first();
    expect(await page.evaluate(ASK_PERMISSIONS)).toEqual({
      notifications: 'denied',
      geolocation: 'denied',
      'clipboard-read': 'denied',
      'clipboard-write': 'granted',
    });
  });
}

function windowsOfTheApp(desktop: () => Desktop, first: () => Promise<Page>): void {
  test('a second window, opened by the menu, shows the same memory and closes alone', async () => {
    const page = await first();
    await chooseMenu(desktop(), ['Window', 'New Window']);
    const second = await windowPage(desktop(), 1);
    await say(second, 'My name is Robin');
    await eventually(() => block(page, 'human').textContent()).toContain('Robin');
    await desktop().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(-1)?.close());
    await eventually(() => desktop().windows().length).toBe(1);
    expect(await page.evaluate("memoir.call('system.info', {})")).toMatchObject({ ok: true });
  });

  test('what the menu offers, the page does', async () => {
    const page = await first();
    const choose = (...labels: string[]): Promise<void> => chooseMenu(desktop(), labels);
    await choose('View', 'Archive');
    await page.getByRole('searchbox', { name: 'Search archive' }).waitFor();
    await choose('View', 'Write a Message');
    await eventually(() => page.evaluate('document.activeElement?.id')).toBe('composer');
    await choose('View', 'State');
    await eventually(() => page.getByRole('complementary', { name: 'State' }).count()).toBe(0);
    await choose('View', 'State');
    await say(page, 'Call me Wren');
    await eventually(() => block(page, 'human').textContent()).toContain('Wren');
    await choose('Edit', 'Undo Memory Change');
    await eventually(() => block(page, 'human').textContent()).not.toContain('Wren');
    expect(await page.getByRole('searchbox', { name: 'Search archive' }).count()).toBe(0);
  });

  test('the menu speaks the language that is chosen on the settings page, at once', async () => {
    const page = await first();
    const tops = (): Promise<string[]> =>
      desktop().evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label) ?? []);
    await chooseMenu(desktop(), ['Memoir', 'Settings']);
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await eventually(tops).toEqual(['Memoir', 'Bearbeiten', 'Ansicht', 'Fenster', 'Hilfe']);
    await chooseMenu(desktop(), ['Ansicht', 'Archiv']);
    await page.getByRole('searchbox', { name: 'Archiv durchsuchen' }).waitFor();
    await chooseMenu(desktop(), ['Memoir', 'Einstellungen']);
    await page.getByRole('button', { name: 'English' }).click();
    await eventually(tops).toEqual(['Memoir', 'Edit', 'View', 'Window', 'Help']);
    await chooseMenu(desktop(), ['View', 'Chat']);
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  });

  test('the app started once more ends at once and brings the window of the first to the front', async () => {
    await first();
    await desktop().evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window === undefined) throw new Error('There is no window.');
      window.focus = () => Object.assign(globalThis, { brought_to_front: true });
      window.minimize();
    });
    expect(await desktop().startAgain()).toBe(0);
    const state = (): Promise<unknown> =>
      desktop().evaluate(({ BrowserWindow }) => ({
        windows: BrowserWindow.getAllWindows().length,
        minimized: BrowserWindow.getAllWindows()[0]?.isMinimized(),
        brought_to_front: Reflect.get(globalThis, 'brought_to_front') as unknown,
      }));
    await eventually(state).toEqual({ windows: 1, minimized: false, brought_to_front: true });
  });
}

function troubleAndRecovery(desktop: () => Desktop, first: () => Promise<Page>): void {
  test('an engine that crashes is started again; what was asked meanwhile is answered, what was written is not', async () => {
    const page = await first();
    const before = await page.evaluate(BOOT_ID);
    await crashEngineAtNextCall(desktop());
    expect(await page.evaluate("memoir.call('agents.create', { name: 'Lost' })")).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('engine stopped during this') as string },
    });
    await eventually(() => page.evaluate(BOOT_ID)).not.toBe(before);
    await say(page, 'What is my name?');
    await eventually(() => lastAnswer(page).textContent()).toContain('Robin');
  });

  test('an engine that crashes twice stops with a page that says so, and runs again at a click', async () => {
    const page = await first();
    await crashEngineAtNextCall(desktop());
    // Its answer may find the page gone.
    await page.evaluate("void memoir.call('system.info', {})");
    await eventually(() => page.getByRole('alert').textContent()).toContain("Memoir's engine stopped");
    await page.getByRole('button', { name: 'Restart' }).click();
    const again = await first();
    await eventually(() => block(again, 'human').textContent()).toContain('Robin');
  });

  test('a page that hangs is asked about, and left alone by whoever waits', async () => {
    const page = await first();
    await answerDialogs(desktop(), 1);
    await desktop().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.emit('unresponsive'));
    await eventually(() => questions(desktop())).toEqual(['This window does not answer']);
    expect(await page.getByRole('textbox', { name: 'Message', exact: true }).count()).toBe(1);
  });

  // Last, since Playwright can not use the page of a real window after its crash.
  test('a page that crashes is asked about, and is there again when the person reloads it', async () => {
    await first();
    await answerDialogs(desktop(), 0);
    await desktop().evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await eventually(() => questions(desktop())).toEqual(['This window stopped working']);
    const human = (): Promise<unknown> =>
      desktop().evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
          `document.querySelector('[aria-label="Block human"]')?.textContent ?? ''`,
        ),
      );
    await eventually(human).toContain('Robin');
    expect(await questions(desktop())).toHaveLength(1);
  });
}

/** The engine's thread ends when it is called next, in place of answering. */
function crashEngineAtNextCall(desktop: Desktop): Promise<void> {
  return desktop.evaluate(() => {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const { prototype } = Worker;
    const usual = Object.getOwnPropertyDescriptor(prototype, 'postMessage') ?? {};
    prototype.postMessage = function (this: Worker): void {
      Object.defineProperty(prototype, 'postMessage', usual);
      void this.terminate();
    };
  });
}

async function questions(desktop: Desktop): Promise<string[]> {
  return (await keptSince(desktop)).asked.map(({ message }) => message);
}

const BOOT_ID = "memoir.call('system.info', {}).then((answer) => answer.output?.boot_id)";

type BridgeWindow = {
  readonly memoir: { readonly call: (name: string, input: unknown) => Promise<unknown> };
};

const LOOK_AROUND = `(() => {
  const before = window.memoir;
  try { window.memoir = { call: () => 'mine' }; } catch {}
  try { window.memoir.call = () => 'mine'; } catch {}
  try { delete window.memoir; } catch {}
  return {
    require: typeof require,
    process: typeof process,
    module: typeof module,
    bridge: Object.keys(window.memoir).toSorted(),
    isFrozen: Object.isFrozen(window.memoir) && Object.isFrozen(window.memoir.call),
    isReplaced: window.memoir !== before,
    electron: Object.getOwnPropertyNames(window).filter((name) => /electron|ipc|__/i.test(name)),
  };
})()`;

const OPEN_EACH = `for (const address of [
  'file:///etc/passwd', 'smb://server/share', 'javascript:alert(1)', 'memoir-other://x', 'mailto:kit@example.com',
]) window.open(address);`;

const TRY_TO_LOAD = `async (canary) => {
  const tries = {
    fetch: () => fetch(canary + 'fetch', { mode: 'no-cors' }),
    image: () => new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = resolve;
      image.onerror = reject;
      image.src = canary + 'image';
    }),
    beacon: () => navigator.sendBeacon(canary + 'beacon') ? Promise.reject(new Error('queued')) : Promise.reject(new Error('refused')),
    import: () => import(canary + 'script.js'),
  };
  const loaded = [];
  for (const [name, attempt] of Object.entries(tries)) {
    try { await attempt(); loaded.push(name); } catch {}
  }
  return loaded;
}`;

const ASK_PERMISSIONS = `(async () => {
  const names = ['notifications', 'geolocation', 'clipboard-read', 'clipboard-write'];
  const answers = await Promise.all(names.map(async (name) => [name, (await navigator.permissions.query({ name })).state]));
  return Object.fromEntries(answers);
})()`;

async function started(start: StartDesktop, options: Parameters<StartDesktop>[0]): Promise<Desktop> {
  const desktop = await start(options);
  onTestFinished(() => desktop.kill());
  return desktop;
}

async function quit(desktop: Desktop): Promise<void> {
  // Not at once: the app would be gone before it answered the test.
  await desktop.evaluate(({ app }) => void setImmediate(() => app.quit()));
  expect(await desktop.ended).toBe(0);
}

function reportsOf(page: Page): string[] {
  const reports: string[] = [];
  page.on('console', (line) => {
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(line.text())) reports.push(line.text());
  });
  page.on('pageerror', (error) => reports.push(error.message));
  return reports;
}

async function call<Name extends MethodName>(
  page: Page,
  name: Name,
  input: InputOf<Name>,
): Promise<OutputOf<Name>> {
  const answer = await page.evaluate(
    ([method, given]) => (window as unknown as BridgeWindow).memoir.call(method, given),
    [name, input] as const,
  );
  const { ok, output } = answer as { ok: boolean; output: OutputOf<Name> };
  if (!ok) throw new Error(`${name} was refused: ${JSON.stringify(answer)}`);
  return output;
}

async function everythingIn(page: Page): Promise<string> {
  const kept = await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })');
  const answers = await page.evaluate(
    "Promise.all(['models.list', 'providers.list', 'system.info'].map((name) => memoir.call(name, {}))).then(JSON.stringify)",
  );
  return `${await page.content()} ${String(kept)} ${String(answers)}`;
}

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}
