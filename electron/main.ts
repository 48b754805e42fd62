import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { openBackend } from './backend.ts';
import { openIpc } from './shell/ipc.ts';
import { registerScheme, serveRenderer } from './shell/protocol.ts';
import { openWindow } from './shell/window.ts';
import { defaultDataDir } from './data-dir.ts';

const OUT = join(import.meta.dirname, '..');

registerScheme();

// No top-level await: `ready` fires only after this module has been evaluated (electron/electron#40719).
void app.whenReady().then(start).catch(fail);

async function start(): Promise<void> {
  serveRenderer(join(OUT, 'renderer'));
  const backend = await openBackend({
    dataDir: defaultDataDir(process.env),
    env: process.env,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  openIpc(backend, () => BrowserWindow.getAllWindows());
  openWindow(join(OUT, 'preload'));
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(join(OUT, 'preload'));
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    closed = true;
    void backend.close().finally(() => app.quit());
  });
}

function fail(error: unknown): void {
  dialog.showErrorBox('Memoir can not start', error instanceof Error ? error.message : String(error));
  app.exit(1);
}
