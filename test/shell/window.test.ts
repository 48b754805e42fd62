/** E1, E18: how windows are made and where they come to lie. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { shellTexts } from '../../electron/shell/texts.ts';
import {
  goneQuestion,
  hungQuestion,
  type Question,
  watchWindowFaults,
} from '../../electron/shell/window-faults.ts';
import { clampState, FIRST_STATE, readWindowState } from '../../electron/shell/window-state.ts';
import { openWindow, windowOptions } from '../../electron/shell/window.ts';
import { readSources } from '../helpers/sources.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { FakeWindow, madeWindows } from './fake-electron.ts';

const TEXTS = shellTexts('en');

vi.mock('electron', async () => ({ BrowserWindow: (await import('./fake-electron.ts')).FakeWindow }));

const isDark = (): boolean => false;

describe('how windows are made', () => {
  test('every wall is said outright, so that no change of a default opens one', () => {
    expect(windowOptions({ preload: '/app/preload.cjs', isPackaged: true, isDark }).webPreferences).toEqual({
      preload: '/app/preload.cjs',
      partition: 'persist:ui',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    });
  });

  test('developer tools are there in development only', () => {
    const devTools = (isPackaged: boolean): unknown =>
      windowOptions({ preload: '', isPackaged, isDark }).webPreferences.devTools;
    expect([devTools(true), devTools(false)]).toEqual([false, true]);
  });

  test('windows are made in one file, and the way outside is opened in one', () => {
    const files = readSources('electron');
    const having = (pattern: RegExp): string[] =>
      files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
    expect(having(/new (?:BrowserWindow|BaseWindow|WebContentsView|BrowserView)\b/)).toEqual([
      'electron/shell/window.ts',
    ]);
    expect(having(/\.openExternal\(/)).toEqual(['electron/main.ts']);
    expect(
      having(/crashReporter|shell\.openPath\(|setUsePlainTextEncryption|ELECTRON_RUN_AS_NODE|\bfork\(/),
    ).toEqual([]);
    expect(having(/defaultSession|\.(?:en|de)cryptString\(|isEncryptionAvailable\(/)).toEqual([]);
  });
});

describe('where a window comes to lie', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1040 };
  const beside = { x: 1920, y: -200, width: 1280, height: 1000 };

  test.each([
    [
      'on a display as it was',
      { x: 100, y: 50, width: 1200, height: 800 },
      { x: 100, y: 50, width: 1200, height: 800 },
    ],
    [
      'on the second display',
      { x: 2000, y: -100, width: 1000, height: 700 },
      { x: 2000, y: -100, width: 1000, height: 700 },
    ],
    ['on a display that is gone', { x: 4000, y: 0, width: 1000, height: 700 }, { width: 1000, height: 700 }],
    [
      'above the top, where it could not be dragged',
      { x: 0, y: -900, width: 1000, height: 700 },
      { width: 1000, height: 700 },
    ],
    ['with a sliver in sight', { x: 3150, y: 0, width: 1000, height: 700 }, { width: 1000, height: 700 }],
    [
      'larger than its display',
      { x: 0, y: 0, width: 4000, height: 3000 },
      { x: 0, y: 0, width: 1920, height: 1040 },
    ],
    [
      'smaller than the frame',
      { x: 0, y: 0, width: 300, height: 200 },
      { x: 0, y: 0, width: 800, height: 560 },
    ],
  ])('%s', (_what, kept, shown) => {
    expect(clampState({ ...kept, maximized: false }, [display, beside])).toEqual({
      ...shown,
      maximized: false,
    });
  });

  test.each([
    '',
    '{',
    '[]',
    'null',
    '{"width":"a","height":1,"maximized":true}',
    '{"width":-5,"height":9,"maximized":true}',
  ])('a kept state of %j is no state', (text) => {
    const path = join(tempDir(), 'window.json');
    writeFileSync(path, text);
    expect(readWindowState(path)).toEqual(FIRST_STATE);
  });

  test('a window that was maximised and closed comes back so', () => {
    const stateFile = join(tempDir(), 'window.json');
    const options = {
      preload: '',
      isPackaged: true,
      isDark,
      stateFile,
      workAreas: () => [display],
      log: () => undefined,
    };
    const first = openWindow(options) as unknown as FakeWindow;
    first.maximize();
    first.emit('close');
    expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toEqual({
      x: 10,
      y: 20,
      width: 900,
      height: 700,
      maximized: true,
    });

    const second = openWindow(options) as unknown as FakeWindow;
    expect(madeWindows.at(-1)).toMatchObject({ x: 10, y: 20, width: 900, height: 700, show: false });
    second.emit('ready-to-show');
    expect(second.asked).toEqual(['maximize', 'show']);
  });

  test('a window that was moved is kept before it is closed', async () => {
    const stateFile = join(tempDir(), 'window.json');
    const workAreas = (): (typeof display)[] => [display];
    const window = openWindow({
      preload: '',
      isPackaged: true,
      isDark,
      stateFile,
      workAreas,
      log: () => undefined,
    });
    window.emit('move');
    await expect.poll(() => readWindowState(stateFile), { timeout: 5000 }).toMatchObject({ x: 10, y: 20 });
  });
});

describe('a faulty window', () => {
  function stage(answer: 'first' | 'second'): {
    window: FakeWindow;
    questions: Question[];
    crashes: string[];
  } {
    const window = new FakeWindow();
    const questions: Question[] = [];
    const crashes: string[] = [];
    watchWindowFaults(window as unknown as BrowserWindow, {
      ask: (question) => {
        questions.push(question);
        return Promise.resolve(answer);
      },
      texts: () => TEXTS,
      log: () => undefined,
      onCrash: (report) => crashes.push(report),
    });
    return { window, questions, crashes };
  }

  test('a page that died is reloaded or its window closed, as the person says', async () => {
    const reloaded = stage('first');
    reloaded.window.webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 5 });
    await expect.poll(() => reloaded.window.webContents.asked).toEqual(['reload']);
    expect(reloaded.questions).toEqual([goneQuestion(TEXTS)]);
    expect(reloaded.crashes).toEqual(["The window's page ended: oom, exit code 5."]);

    const closed = stage('second');
    closed.window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    await expect.poll(() => closed.window.asked).toEqual(['destroy']);
  });

  test('a page that ended in order asks nothing', () => {
    const { window, questions } = stage('first');
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    expect(questions).toEqual([]);
  });

  test('a page that hangs is waited for, or ended and loaded again without a second question', async () => {
    const waited = stage('second');
    waited.window.emit('unresponsive');
    waited.window.emit('unresponsive');
    expect(waited.questions).toEqual([hungQuestion(TEXTS)]);

    const reloaded = stage('first');
    reloaded.window.emit('unresponsive');
    reloaded.window.webContents.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 });
    await expect.poll(() => reloaded.window.webContents.asked).toEqual(['crash', 'reload']);
    expect(reloaded.questions).toEqual([hungQuestion(TEXTS)]);
  });
});
