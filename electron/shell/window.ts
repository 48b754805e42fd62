import { BrowserWindow, type BrowserWindowConstructorOptions } from 'electron';
import { UI_PARTITION } from './session-policy.ts';
import { type Bounds, clampState, keepWindowState, LEAST_SIZE, readWindowState } from './window-state.ts';

/** A window that did not move for so long lies where it is to lie, in ms. */
const SETTLED_MS = 500;

/** What a window is made with. */
export type WindowOptions = {
  readonly preload: string;
  readonly isPackaged: boolean;
  /** Whether the system is dark, so that the empty window does not flash. */
  readonly isDark: () => boolean;
  /** File that keeps how the window lies. */
  readonly stateFile: string;
  /** The free area of each display, the main one first. */
  readonly workAreas: () => readonly Bounds[];
  readonly log: (line: string) => void;
};

/**
 * Options of every window: sandboxed, isolated, without Node, unable to embed or leave. Whatever Electron would allow
 * by default is said here, so that a change of a default changes nothing.
 */
export function windowOptions({
  preload,
  isPackaged,
  isDark,
}: Pick<WindowOptions, 'preload' | 'isPackaged' | 'isDark'>): BrowserWindowConstructorOptions & {
  readonly webPreferences: NonNullable<BrowserWindowConstructorOptions['webPreferences']>;
} {
  return {
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    title: 'Memoir',
    show: false,
    backgroundColor: isDark() ? '#161513' : '#f4f2ee',
    webPreferences: {
      preload,
      partition: UI_PARTITION,
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
      // The system's own checker; Electron would fetch word lists from the web for it.
      spellcheck: false,
      devTools: !isPackaged,
    },
  };
}

/** Opens an empty window where the last one lay, shown once its page is, and keeps where it goes. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const state = clampState(readWindowState(options.stateFile), options.workAreas());
  const { maximized, ...bounds } = state;
  const window = new BrowserWindow({ ...windowOptions(options), ...bounds });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  keepPlace(window, options);
  return window;
}

// Kept while the window moves as well, since a computer may be switched off without a close.
function keepPlace(window: BrowserWindow, options: WindowOptions): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keepSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => keepState(window, options), SETTLED_MS);
  };
  window.on('resize', keepSoon);
  window.on('move', keepSoon);
  window.on('close', () => keepState(window, options));
  window.on('closed', () => clearTimeout(timer));
}

function keepState(window: BrowserWindow, { stateFile, log }: WindowOptions): void {
  try {
    keepWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  } catch (error) {
    log(`How the window lies was not kept: ${String(error)}`);
  }
}
