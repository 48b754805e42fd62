import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, CommandLine } from 'electron';
import { AppPaths, type PathName } from './app-paths.ts';
import { CommandLineSwitches } from './command-line.ts';
import { InstanceLock } from './instance-lock.ts';
import { preventable } from './preventable.ts';

type Modelled = Pick<
  App,
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'focus'
  | 'getPath'
  | 'setPath'
  | 'setAppLogsPath'
  | 'getAppPath'
  | 'getName'
  | 'setName'
  | 'getVersion'
  | 'getLocale'
  | 'getPreferredSystemLanguages'
  | 'enableSandbox'
  | 'setAppUserModelId'
  | 'setAboutPanelOptions'
  | 'requestSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'isPackaged'
  | 'name'
>;

/** What quitting needs of the windows. */
export type Closable = { readonly close: () => void; readonly destroy: () => void };

/** What the app stands on. */
export type AppParts = {
  /** The app's folder, holding `package.json`. */
  readonly folder: string;
  readonly packaged: boolean;
  readonly argv: readonly string[];
  /** The open windows, kept by `BrowserWindow`. */
  readonly windows: ReadonlySet<Closable>;
  /** Ends browser and process. */
  readonly end: (code: number) => void;
};

/** `app`: life cycle, paths, switches, instance lock. */
export class DoubleApp extends EventEmitter implements Modelled {
  readonly commandLine: Pick<CommandLine, 'appendSwitch' | 'hasSwitch' | 'getSwitchValue' | 'removeSwitch'>;
  readonly isPackaged: boolean;
  name: string;
  /** Whether `enableSandbox` was called in time. */
  sandboxed = false;
  readonly #parts: AppParts;
  readonly #paths: AppPaths;
  readonly #version: string;
  readonly #ready = Promise.withResolvers<void>();
  #isReady = false;
  #phase: 'running' | 'quitting' | 'exiting' = 'running';
  #lock: InstanceLock | null = null;

  constructor(parts: AppParts) {
    super();
    this.#parts = parts;
    const text = readFileSync(join(parts.folder, 'package.json'), 'utf8');
    const named = JSON.parse(text) as { name: string; productName?: string; version: string };
    this.name = named.productName ?? named.name;
    this.#version = named.version;
    this.isPackaged = parts.packaged;
    const switches = new CommandLineSwitches(parts.argv);
    this.commandLine = switches;
    this.#paths = new AppPaths(switches.getSwitchValue('user-data-dir') || undefined);
  }

  /** For the runner: Electron is ready only after the entry has been evaluated (electron/electron#40719). */
  becomeReady(): void {
    this.#isReady = true;
    this.emit('will-finish-launching');
    this.emit('ready', preventable({}), {});
    this.#ready.resolve();
  }

  /** For the runner: the entry ended the app before it was ready. */
  isEnding(): boolean {
    return this.#phase !== 'running';
  }

  /** For windows: the last one is gone. */
  windowClosed(): void {
    if (this.#parts.windows.size > 0 || this.#phase === 'exiting') return;
    if (this.#phase === 'quitting') this.#finish();
    else if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  /** For windows: one refused to close, so nothing ends. */
  closeRefused(): void {
    if (this.#phase === 'quitting') this.#phase = 'running';
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  quit(): void {
    if (this.#phase !== 'running') return;
    const event = preventable({});
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.#phase = 'quitting';
    if (this.#parts.windows.size === 0) setImmediate(() => this.#finish());
    for (const window of this.#parts.windows) window.close();
  }

  exit(code = 0): void {
    if (this.#phase === 'exiting') return;
    // Unlike quitting, this asks nobody.
    this.#phase = 'exiting';
    for (const window of this.#parts.windows) window.destroy();
    this.#end(code);
  }

  focus(): void {
    this.emit('did-become-active', preventable({}));
  }

  getPath(name: PathName): string {
    return this.#paths.get(name, this.name);
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    this.#paths.set('logs', path ?? join(this.getPath('userData'), 'logs'));
  }

  getAppPath(): string {
    return this.#parts.folder;
  }

  getName(): string {
    return this.name;
  }

  setName(name: string): void {
    this.name = name;
  }

  getVersion(): string {
    return this.#version;
  }

  getLocale(): string {
    return this.#isReady ? 'en-US' : '';
  }

  getPreferredSystemLanguages(): string[] {
    return ['en-US'];
  }

  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.sandboxed = true;
  }

  setAppUserModelId(): void {}

  setAboutPanelOptions(): void {}

  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    this.#lock ??= new InstanceLock(this.getPath('userData'), (second) =>
      this.emit('second-instance', preventable({}), second.argv, second.cwd, second.additional_data),
    );
    return this.#lock.request(additionalData);
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock?.held ?? false;
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.release();
  }

  #finish(): void {
    const event = preventable({});
    this.emit('will-quit', event);
    if (this.#phase === 'exiting') return;
    if (event.defaultPrevented) this.#phase = 'running';
    else this.#end(0);
  }

  #end(code: number): void {
    this.emit('quit', preventable({}), code);
    this.#lock?.release();
    this.#parts.end(code);
  }
}
