import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** A place on the screen in device-independent pixels. */
export type Bounds = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** How a window lies; without a place the system chooses one. */
export type WindowState = {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
  readonly maximized: boolean;
};

/** Least size the frame is made for. */
export const LEAST_SIZE = { width: 800, height: 560 } as const;
/** How a window lies when nothing is known. */
export const FIRST_STATE: WindowState = { width: 1440, height: 900, maximized: false };

/** So much of a window's top must be on a display, in pixels: enough to be seen and dragged. */
const VISIBLE = 120;

/** Reads how the last window lay; the first state when nothing readable was kept. */
export function readWindowState(path: string): WindowState {
  try {
    return parse(JSON.parse(readFileSync(path, 'utf8'))) ?? FIRST_STATE;
  } catch {
    // Not kept yet, or damaged: the window opens as it first did.
    return FIRST_STATE;
  }
}

/** Keeps how a window lies, whole or not at all. */
export function keepWindowState(path: string, state: WindowState): void {
  const fresh = `${path}.new`;
  writeFileSync(fresh, JSON.stringify(state));
  renameSync(fresh, path);
}

/** Puts a window where it can be seen: no larger than its display, and not on a display that is gone. */
export function clampState(state: WindowState, workAreas: readonly Bounds[]): WindowState {
  const { maximized } = state;
  const place = { x: state.x ?? Number.NaN, y: state.y ?? Number.NaN, width: state.width };
  const area = workAreas.find((each) => isReachable(place, each));
  const room = area ?? workAreas[0];
  if (room === undefined) return { width: state.width, height: state.height, maximized };
  const width = Math.max(LEAST_SIZE.width, Math.min(state.width, room.width));
  const height = Math.max(LEAST_SIZE.height, Math.min(state.height, room.height));
  return area === undefined
    ? { width, height, maximized }
    : { x: place.x, y: place.y, width, height, maximized };
}

function isReachable(place: Omit<Bounds, 'height'>, area: Bounds): boolean {
  const seen = Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x);
  return seen >= VISIBLE && place.y >= area.y && place.y <= area.y + area.height - VISIBLE;
}

function parse(value: unknown): WindowState | null {
  if (typeof value !== 'object' || value === null) return null;
  const { x, y, width, height, maximized } = value as Record<string, unknown>;
  if (!isSize(width) || !isSize(height) || typeof maximized !== 'boolean') return null;
  const hasPlace = Number.isInteger(x) && Number.isInteger(y);
  return hasPlace
    ? { x: x as number, y: y as number, width, height, maximized }
    : { width, height, maximized };
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 100_000;
}
