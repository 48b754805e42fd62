import { type BrowserWindow, ipcMain } from 'electron';
import { toWire } from '../../shared/errors.ts';
import type { Backend } from '../backend.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';
import { APP_ORIGIN } from './protocol.ts';

/**
 * Opens the IPC door: `{ ok: true, output }` or `{ ok: false, error }` for each call from our own page; calls from any
 * other frame are refused.
 */
export function openIpc(backend: Backend, windows: () => readonly BrowserWindow[]): void {
  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, input: unknown) => {
    if (event.senderFrame === null || new URL(event.senderFrame.url).origin !== new URL(APP_ORIGIN).origin) {
      throw new Error('Refused: this page is not Memoir.');
    }
    try {
      return { ok: true, output: await backend.call(String(name) as never, input as never) };
    } catch (error) {
      return { ok: false, error: toWire(error) };
    }
  });
  backend.subscribe((envelope) => {
    for (const window of windows()) window.webContents.send(EVENT_CHANNEL, envelope);
  });
}
