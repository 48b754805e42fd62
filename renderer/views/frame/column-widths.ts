/** A side column of the window. */
export type Side = 'left' | 'right';

/** Widths of the side columns in CSS pixels. */
export type Widths = Readonly<Record<Side, number>>;

/** What the widths of the side columns depend on. */
export type ColumnRoom = {
  /** What the person chose, or the design. */
  readonly wanted: Widths;
  readonly open: Readonly<Record<Side, boolean>>;
  /** Pixels that the three columns share: the window without the rail. */
  readonly room: number;
};

/** Narrowest and widest of each side column, in CSS pixels. */
export const LIMITS = { left: { min: 184, max: 420 }, right: { min: 264, max: 560 } } as const;

/** What the talk keeps, in CSS pixels, while the columns have more than their minimum: its head still fits. */
const CENTRE = 448;

const KEY = 'memoir.columns';

/** The widths as drawn: within their limits, and so that the talk keeps its share. The end side gives way first. */
export function fitWidths(columns: ColumnRoom): Widths {
  const left = clamp('left', columns.wanted.left, widestFor('left', columns));
  return { left, right: clamp('right', columns.wanted.right, widestFor('right', columns)) };
}

/** How wide a side may become in this window. At least its minimum. */
export function widestFor(side: Side, columns: ColumnRoom): number {
  const { open, room, wanted } = columns;
  const other =
    side === 'left'
      ? open.right && LIMITS.right.min
      : open.left && clamp('left', wanted.left, widestFor('left', columns));
  return clamp(side, room - CENTRE - Number(other), LIMITS[side].max);
}

/** The widths a person chose on this computer. A side that was left alone, or cannot be read, is absent. */
export function readWidths(storage: Storage | null): Partial<Widths> {
  const text = attemptOn(storage, (kept) => kept.getItem(KEY)) ?? '{}';
  const { left, right } = parse(text);
  return {
    ...(isWidth(left) ? { left } : {}),
    ...(isWidth(right) ? { right } : {}),
  };
}

/** Remembers the widths on this computer, as far as its browser allows. */
export function keepWidths(storage: Storage | null, widths: Partial<Widths>): void {
  attemptOn(storage, (kept) => kept.setItem(KEY, JSON.stringify(widths)));
}

/** A storage of this browser, or `null` where it is switched off. */
export function browserStorage(name: 'localStorage' | 'sessionStorage' = 'localStorage'): Storage | null {
  try {
    return window[name];
  } catch {
    // Some privacy settings throw on the mere look: the window then works and forgets.
    return null;
  }
}

function clamp(side: Side, width: number, widest: number): number {
  return Math.round(Math.max(LIMITS[side].min, Math.min(width, widest)));
}

function isWidth(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function parse(text: string): { readonly left?: unknown; readonly right?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Damaged widths are worth nothing: the design takes their place.
    return {};
  }
}

function attemptOn<Result>(storage: Storage | null, action: (storage: Storage) => Result): Result | null {
  try {
    return storage === null ? null : action(storage);
  } catch {
    // Full or forbidden storage must not stop anyone from resizing: the widths last as long as the window.
    return null;
  }
}
