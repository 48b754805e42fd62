import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
} from 'electron';
import { defaultDataDir } from './data-dir.ts';
import type { ThreadStart } from './shell/backend-messages.ts';
import { type BackendThread, startBackendThread } from './shell/backend-thread.ts';
import { refusedSwitch } from './shell/debug-switches.ts';
import { ask, confirmLink, tell } from './shell/dialogs.ts';
import { createLinkGate } from './shell/external-links.ts';
import { openIpc } from './shell/ipc.ts';
import { openShellLanguage } from './shell/language.ts';
import { openLog } from './log/log-file.ts';
import { menuTemplate } from './shell/menu.ts';
import { limitNavigation } from './shell/navigation.ts';
import { agentFilesIn, createOpenedFiles } from './shell/opened-files.ts';
import { registerScheme, serveRenderer } from './shell/protocol.ts';
import { createRedactor, secretsOf } from './log/redact.ts';
import { createSecrets } from './shell/secrets.ts';
import { lockSession, lockUiSession, UI_PARTITION } from './shell/session-policy.ts';
import { filled } from './shell/texts.ts';
import { createWindows, type Windows } from './shell/windows.ts';
import { VERSION } from './version.ts';

const OUT = join(import.meta.dirname, '..');
const dataDir = defaultDataDir(process.env);
const redactor = createRedactor(homedir());
const log = openLog({
  folder: join(dataDir, 'logs'),
  redact: redactor.redact,
  now: () => new Date(),
  echo: (line) => process.stderr.write(`${line}\n`),
});
const language = openShellLanguage({
  file: join(dataDir, 'language.json'),
  systemLanguage: () => app.getLocale(),
  log: log.write,
});
const opened = createOpenedFiles((name, problem) => {
  const texts = language.texts();
  void tell(texts, filled(texts['opened.message'], { name }), texts[`opened.${problem}`]);
});

begin();

// Nothing here may wait: `ready` fires only after this module has been evaluated (electron/electron#40719).
function begin(): void {
  const hasSwitch = (name: string): boolean => app.commandLine.hasSwitch(name);
  const args = [...process.argv, ...process.execArgv];
  const refused = refusedSwitch({ isPackaged: app.isPackaged, hasSwitch, args });
  if (refused !== null) {
    process.stderr.write(`memoir: ${refused} is refused: it would open your memories to other programs.\n`);
    return app.exit(1);
  }
  if (!hasSwitch('user-data-dir')) keepWindowDataIn(join(dataDir, 'window'));
  if (!app.requestSingleInstanceLock()) return app.quit();
  for (const secret of secretsOf(process.env)) redactor.learn(secret);
  app.enableSandbox();
  registerScheme(protocol);
  const openLink = createLinkGate({
    open: (url) => shell.openExternal(url),
    confirm: (shown, url) => confirmLink(language.texts(), shown, url),
    log: log.write,
  });
  app.on('session-created', (created) => lockSession(created));
  app.on('web-contents-created', (_event, contents) => limitNavigation(contents, openLink));
  app.on('child-process-gone', (_event, { type, reason }) =>
    log.write(`A helper process ended: ${type}, ${reason}.`),
  );
  opened.add(agentFilesIn(process.argv.slice(1), process.cwd()));
  // On macOS files come by an event, the one of the start before anything is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    opened.add(agentFilesIn([path], '/'));
  });
  // The terminal it was started from may be closed; the log file goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('unhandledRejection', (reason) => log.write(`Nobody took a failure: ${textOf(reason)}`));
  process.on('uncaughtException', fail);
  app.whenReady().then(start).catch(fail);
}

// Window data lies in the data folder, so that the lock of the one instance is the folder's own.
function keepWindowDataIn(folder: string): void {
  try {
    // What is remembered lies beside it, so other users of this computer are kept out from the start.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    app.setPath('userData', folder);
  } catch (error) {
    // The folder can't be used at all, which the backend finds as well and explains on a page.
    log.write(`Window data is kept in the usual place: ${textOf(error)}`);
  }
}

function start(): void {
  const ui = session.fromPartition(UI_PARTITION);
  lockUiSession(ui, app.isPackaged);
  serveRenderer(ui.protocol, join(OUT, 'renderer'), language.texts);
  const windows = createWindows(
    {
      preload: join(OUT, 'preload', 'preload.cjs'),
      isPackaged: app.isPackaged,
      isDark: () => nativeTheme.shouldUseDarkColors,
      stateFile: join(dataDir, 'window.json'),
      workAreas: () =>
        [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea),
      log: log.write,
    },
    { ask, texts: language.texts, log: log.write, onCrash: (report) => log.crash('window', report) },
  );
  const backend = startBackend(windows);
  openIpc(ipcMain, {
    isOwnWindow: windows.owns,
    call: backend.call,
    shell: {
      'shell.restart_engine': backend.restart,
      'shell.set_language': (input) => {
        if (language.choose(input)) showMenu(windows);
      },
      'shell.take_file': opened.take,
    },
    log: log.write,
  });
  showMenu(windows);
  windows.open();
  // A page that is still loading asks by itself once it is there.
  opened.listen(() => {
    windows.focus();
    windows.tellFront({ shell: 'file' });
  });
  app.on('second-instance', (_event, args, folder) => {
    windows.focus();
    opened.add(agentFilesIn(args.slice(1), folder));
  });
  app.on('activate', windows.focus);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  closeBeforeQuit(backend);
}

function startBackend(windows: Windows): BackendThread {
  let runs = 0;
  return startBackendThread({
    spawn: () => {
      const workerData: ThreadStart = { data_dir: dataDir, log_path: log.path };
      return new Worker(join(OUT, 'backend', 'backend.js'), { workerData, name: 'memoir-backend' });
    },
    secrets: createSecrets({
      keyring: safeStorage,
      platform: process.platform,
      path: join(dataDir, 'keys.json'),
      env: process.env,
      log: log.write,
      learn: redactor.learn,
    }),
    log: log.write,
    onEvent: windows.tell,
    onCrash: (report) => log.crash('engine', report),
    onState: (state) => {
      if (state.kind === 'stopped') windows.showStopped(true);
      if (state.kind !== 'running') return;
      windows.showStopped(false);
      if (runs > 0) windows.tell({ shell: 'engine', state: 'restarted' });
      runs += 1;
    },
    now: () => performance.now(),
  });
}

function showMenu(windows: Windows): void {
  const system = { platform: process.platform, isPackaged: app.isPackaged };
  const template = menuTemplate(system, menuActions(windows), language.texts());
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function menuActions(windows: Windows): Parameters<typeof menuTemplate>[1] {
  return {
    command: (command) => windows.tellFront({ shell: 'command', command }),
    newWindow: windows.open,
    minimize: () => BrowserWindow.getFocusedWindow()?.minimize(),
    closeWindow: () => BrowserWindow.getFocusedWindow()?.close(),
    showLog: () => shell.showItemInFolder(log.path),
    about: () => {
      const texts = language.texts();
      void tell(texts, `Memoir ${VERSION}`, filled(texts['about.data'], { folder: dataDir }));
    },
  };
}

// The store is closed in order, once the windows are gone; then the quit that waited goes on.
function closeBeforeQuit(backend: BackendThread): void {
  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void backend.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
}

function fail(error: unknown): void {
  log.crash('main', textOf(error));
  dialog.showErrorBox(
    language.texts()['failed.message'],
    error instanceof Error ? error.message : String(error),
  );
  app.exit(1);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
