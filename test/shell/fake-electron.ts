/** A recording fake of the parts of Electron the shell's own modules touch, for `vi.mock('electron', ...)`. */
import { EventEmitter } from 'node:events';

/** Options of every window made, in order. */
export const madeWindows: unknown[] = [];

/** The contents of a window: events and what was asked of them. */
export class FakeContents extends EventEmitter {
  readonly id = 7;
  readonly asked: string[] = [];
  openHandler: ((details: { url: string }) => unknown) | null = null;

  setWindowOpenHandler(handler: (details: { url: string }) => unknown): void {
    this.openHandler = handler;
  }

  reload(): void {
    this.asked.push('reload');
  }

  forcefullyCrashRenderer(): void {
    this.asked.push('crash');
  }

  send(): void {}
}

/** A window that shows nothing. */
export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly asked: string[] = [];
  bounds = { x: 10, y: 20, width: 900, height: 700 };

  constructor(options: unknown = {}) {
    super();
    madeWindows.push(options);
  }

  show(): void {
    this.asked.push('show');
  }

  maximize(): void {
    this.asked.push('maximize');
  }

  destroy(): void {
    this.asked.push('destroy');
  }

  isDestroyed(): boolean {
    return this.asked.includes('destroy');
  }

  isMaximized(): boolean {
    return this.asked.includes('maximize');
  }

  getNormalBounds(): typeof this.bounds {
    return this.bounds;
  }
}
