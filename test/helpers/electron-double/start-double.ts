import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../chromium.ts';
import type { ControlAnswer, ControlListening } from './control.ts';
import { type Desktop, type ElectronModule, quotePrinted, type StartOptions } from './desktop.ts';
import { type DoubleSettings, SETTINGS_VARIABLE } from './settings.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const RUN = fileURLToPath(new URL('run.ts', import.meta.url));

/** What a test may choose of the double beyond what a real binary offers. */
export type DoubleOptions = StartOptions & {
  readonly settings?: Partial<DoubleSettings>;
  /** Switches such as `--remote-debugging-port=9222`. */
  readonly switches?: readonly string[];
  /** The app's folder; the project's own unless told. */
  readonly app_folder?: string;
};

/** Starts the production bundles under the double. Build them first. */
export async function startDouble(options: DoubleOptions): Promise<Desktop> {
  const app = await spawnApp(options);
  const port = await firstMessage(app, (message) => ('port' in message ? message.port : undefined));
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  return controlOf(app, browser, options);
}

type Running = {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly printed: () => string;
};

async function spawnApp({
  data_dir,
  env = {},
  settings = {},
  switches = [],
  files = [],
  app_folder = ROOT,
}: DoubleOptions): Promise<Running> {
  const { path } = await findChromium();
  const chosen: DoubleSettings = { chromium_path: path, secrets: 'keychain', packaged: false, ...settings };
  const child = spawn(process.execPath, [RUN, app_folder, ...switches, ...files], {
    env: {
      ...cleanEnvironment(),
      MEMOIR_DATA: data_dir,
      XDG_CONFIG_HOME: join(data_dir, 'config'),
      ...env,
      [SETTINGS_VARIABLE]: JSON.stringify(chosen),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const lines: string[] = [];
  child.stdout?.resume();
  child.stderr?.on('data', (bytes: Buffer) => lines.push(bytes.toString()));
  const printed = (): string => lines.join('');
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, printed, ended };
}

/** What the app sends that the reader takes; rejects when the app ends before. */
function firstMessage<Value>(
  { child, ended, printed }: Running,
  read: (message: ControlListening | ControlAnswer) => Value | undefined,
): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const hear = (message: ControlListening | ControlAnswer): void => {
    const value = read(message);
    if (value === undefined) return;
    child.off('message', hear);
    resolve(value);
  };
  child.on('message', hear);
  void ended.then((code) =>
    reject(
      new Error(`The app ended (exit code ${String(code)}) and did not answer: ${quotePrinted(printed())}`),
    ),
  );
  return promise;
}

function controlOf(app: Running, browser: Browser, options: DoubleOptions): Desktop {
  const { child, ended, printed } = app;
  let last = 0;
  const evaluate = async <Result, Argument>(
    run: (electron: ElectronModule, argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result> => {
    if (!child.connected) throw new Error(`The app has ended: ${quotePrinted(printed())}`);
    last += 1;
    const id = last;
    const answered = firstMessage(app, (message) =>
      'id' in message && message.id === id ? message : undefined,
    );
    child.send({ id, source: run.toString(), argument });
    const { value, error } = await answered;
    if (error !== undefined) throw new Error(quotePrinted(error));
    // What the function answers in the main process, copied.
    return value as Result;
  };
  return {
    evaluate,
    windows: () => pagesOf(browser),
    startAgain: async (files = []) => (await spawnApp({ ...options, files })).ended,
    ended,
    printed,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
      await closeOrphan(browser);
    },
  };
}

/** Chromium has a process group of its own; one that did not notice its parent's end is told. */
async function closeOrphan(browser: Browser): Promise<void> {
  if (!browser.isConnected()) return;
  const gone = new Promise((resolve) => browser.once('disconnected', resolve));
  browser
    .newBrowserCDPSession()
    .then((cdp) => cdp.send('Browser.close'))
    // It was going already.
    .catch(() => undefined);
  await gone;
}

function pagesOf(browser: Browser): Page[] {
  const pages = browser.contexts().flatMap((context) => context.pages());
  return pages.filter((page) => page.url().startsWith('https://'));
}

function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/_API_KEY$|_BASE_URL$|^MEMOIR_|^npm_|^VITEST|^NODE_/.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
}
