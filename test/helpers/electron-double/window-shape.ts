import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { SCREEN } from './system.ts';

/** How a window lies on the screen. */
export type Shape = 'normal' | 'minimized' | 'maximized' | 'full screen';

/** Place, size and shape of a window, in pixels. */
export class WindowShape {
  readonly #emit: (event: string) => void;
  #bounds: Rectangle;
  #shape: Shape = 'normal';

  constructor(options: BrowserWindowConstructorOptions, emit: (event: string) => void) {
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    this.#emit = emit;
  }

  is(shape: Shape): boolean {
    return this.#shape === shape;
  }

  /** What the window covers now. */
  get bounds(): Rectangle {
    return this.is('maximized') || this.is('full screen') ? { ...SCREEN } : { ...this.#bounds };
  }

  /** What it covers when it is neither maximized nor full screen. */
  get normalBounds(): Rectangle {
    return { ...this.#bounds };
  }

  /** Moves or resizes, and says so. */
  place(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    if (bounds.width !== undefined || bounds.height !== undefined) this.#emit('resize');
    if (bounds.x !== undefined || bounds.y !== undefined) this.#emit('move');
  }

  /** Changes the shape and says so by the event's name; nothing happens when it is so already. */
  become(shape: Shape, event: string): void {
    if (this.#shape === shape) return;
    this.#shape = shape;
    this.#emit(event);
    if (shape !== 'minimized') this.#emit('resize');
  }
}
