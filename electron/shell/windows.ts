import { BrowserWindow } from 'electron';
import { EVENT_CHANNEL } from './channels.ts';
import { APP_URL } from './own-page.ts';
import { STOPPED_URL } from './stopped-page.ts';
import { type FaultOptions, watchWindowFaults } from './window-faults.ts';
import { openWindow, type WindowOptions } from './window.ts';

/** The windows of the app. */
export type Windows = {
  readonly open: () => void;
  /** Brings a window to the front; opens one when there is none. */
  readonly focus: () => void;
  /** Whether a page's id is that of a window. */
  readonly owns: (id: number) => boolean;
  /** Tells every page something. */
  readonly tell: (message: unknown) => void;
  /** Tells the page in front something. */
  readonly tellFront: (message: unknown) => void;
  /** Shows the page of the stopped engine in every window, or the ADE again where it was left. */
  readonly showStopped: (isStopped: boolean) => void;
};

/** Keeps the windows; each is made by the one factory. */
export function createWindows(options: WindowOptions, faults: FaultOptions): Windows {
  /** Where the ADE was left, by window. */
  const left = new Map<number, string>();
  let stopped = false;
  const all = (): BrowserWindow[] => BrowserWindow.getAllWindows().filter((window) => !window.isDestroyed());
  const front = (): BrowserWindow | undefined => BrowserWindow.getFocusedWindow() ?? all()[0];
  const load = (window: BrowserWindow, url: string): void => {
    window.loadURL(url).catch((error: unknown) => options.log(`The window did not load: ${String(error)}`));
  };
  const open = (): void => {
    const window = openWindow(options);
    const { id } = window;
    watchWindowFaults(window, faults);
    window.on('closed', () => left.delete(id));
    load(window, stopped ? STOPPED_URL : APP_URL);
  };
  return {
    open,
    focus: () => {
      const window = front();
      if (window === undefined) return open();
      if (window.isMinimized()) window.restore();
      return window.focus();
    },
    owns: (id) => all().some((window) => window.webContents.id === id),
    tell: (message) => {
      for (const window of all()) window.webContents.send(EVENT_CHANNEL, message);
    },
    tellFront: (message) => front()?.webContents.send(EVENT_CHANNEL, message),
    showStopped: (isStopped) => {
      if (stopped === isStopped) return;
      stopped = isStopped;
      for (const window of all()) {
        if (isStopped) left.set(window.id, window.webContents.getURL());
        load(window, isStopped ? STOPPED_URL : (left.get(window.id) ?? APP_URL));
      }
    },
  };
}
