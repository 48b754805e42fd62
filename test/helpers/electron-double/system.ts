/** The small parts of Electron that stand for the system around the app. */
import { EventEmitter } from 'node:events';
import type { Clipboard, Display, NativeTheme, Rectangle, Screen, Shell } from 'electron';

/** `shell`: nothing leaves the test; what would have been opened is kept. */
export class DoubleShell implements Pick<Shell, 'openExternal' | 'openPath' | 'showItemInFolder' | 'beep'> {
  /** Addresses and paths, in order. */
  readonly opened: string[] = [];

  openExternal(url: string): Promise<void> {
    this.opened.push(url);
    return Promise.resolve();
  }

  openPath(path: string): Promise<string> {
    this.opened.push(path);
    return Promise.resolve('');
  }

  showItemInFolder(path: string): void {
    this.opened.push(path);
  }

  beep(): void {}
}

/** `clipboard` of the main process: one text. */
export class DoubleClipboard implements Pick<Clipboard, 'readText' | 'writeText' | 'clear'> {
  #text = '';

  readText(): Promise<string> {
    return Promise.resolve(this.#text);
  }

  writeText(text: string): Promise<void> {
    this.#text = text;
    return Promise.resolve();
  }

  clear(): void {
    this.#text = '';
  }
}

/** `nativeTheme` of a light system. */
export class DoubleNativeTheme
  extends EventEmitter
  implements Pick<NativeTheme, 'shouldUseDarkColors' | 'themeSource' | 'shouldUseHighContrastColors'>
{
  readonly shouldUseHighContrastColors = false;
  #source: NativeTheme['themeSource'] = 'system';
  readonly #onSource: (source: NativeTheme['themeSource']) => void;

  /** `onSource` makes the pages follow. */
  constructor(onSource: (source: NativeTheme['themeSource']) => void) {
    super();
    this.#onSource = onSource;
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }

  get themeSource(): NativeTheme['themeSource'] {
    return this.#source;
  }

  set themeSource(source: NativeTheme['themeSource']) {
    this.#source = source;
    this.#onSource(source);
    this.emit('updated');
  }
}

/** The double's display, in pixels: 1920 by 1080 with a panel of 40 below. */
export const SCREEN: Rectangle = { x: 0, y: 0, width: 1920, height: 1080 };

type ModelledDisplay = Pick<Display, 'id' | 'bounds' | 'workArea' | 'size' | 'workAreaSize' | 'scaleFactor'>;

type ScreenMethod = keyof Pick<Screen, 'getAllDisplays' | 'getPrimaryDisplay' | 'getDisplayMatching'>;

/** `screen` with one display, of which the sizes are told. */
export class DoubleScreen extends EventEmitter implements Record<ScreenMethod, () => unknown> {
  getAllDisplays(): ModelledDisplay[] {
    return [this.getPrimaryDisplay()];
  }

  getPrimaryDisplay(): ModelledDisplay {
    const { width, height } = SCREEN;
    const workAreaSize = { width, height: height - 40 };
    return {
      id: 1,
      bounds: { ...SCREEN },
      workArea: { ...SCREEN, ...workAreaSize },
      size: { width, height },
      workAreaSize,
      scaleFactor: 1,
    };
  }

  getDisplayMatching(): ModelledDisplay {
    return this.getPrimaryDisplay();
  }
}
