import {
  anchorOf,
  firstMessageIn,
  heightsIn,
  messageElement,
  restOf,
  rowElement,
  selectedRows,
  topIn,
} from './talk-elements.ts';
import { isWithin, piecesOf, rowAt, spanOf, topsOf, type Piece, type Row, type Span } from './row-places.ts';

/** A row of the talk; `has` says whether it is, or took in, the row or the message of that name. */
export type TalkRow = Row & { readonly has: (name: string) => boolean };

/** What stays where it is when anything around it changes. */
type Hold =
  | { readonly kind: 'end' }
  | {
      readonly kind: 'row';
      readonly key: string;
      /** The message in the row; the row itself without one. */
      readonly message: string | null;
      /** Pixels below the upper edge of the view; `null` before it was drawn: then it goes to the middle. */
      readonly offset: number | null;
      /** Somebody went to this message. */
      readonly sought: boolean;
    };

/** Pixels from the end that still count as being there. */
const AT_END = 48;
/** Pixels drawn beyond the view, and how many of them must be left before more is drawn. */
const AHEAD = 900;
const ENOUGH = 350;
/** Rows a person opened something in stay in the page, so many of them. */
const TOUCHED = 40;
/** Rows with selected words stay in the page, so many of them. */
const SELECTED = 300;

/** What the place tells the part that draws it. */
export type PlaceListener = {
  /** Other rows are to be drawn; `now` when the reader would see a hole. */
  readonly onRows?: (now: boolean) => void;
  /** Where the reader is changed: `end`, `reading` or the id of the message somebody went to. */
  readonly onPlace?: (place: string, far: boolean) => void;
};

/**
 * Where the reader of a talk is. It keeps one thing in its place, the end or a row, while rows grow, come in above or
 * are drawn for the first time, and says which rows are to be in the page. Nothing in it depends on time.
 */
export class TalkPlace {
  private readonly heights = new Map<string, number>();
  private readonly touched: string[] = [];
  private focused: string | null = null;
  private hold: Hold = { kind: 'end' };
  private view = '';
  private rows: readonly TalkRow[] = [];
  private tops: readonly number[] = [0];
  private span: Span = { first: 0, last: -1 };
  private box: HTMLElement | null = null;
  private log: HTMLElement | null = null;
  private lastTop = 0;
  private lastHeights = '';
  private reaches = false;
  private touches = false;
  private told = { place: 'end', far: false };
  private readonly listeners = new Set<PlaceListener>();

  /** Takes the scrolling box and the list in it, or lets go of them. */
  attach(box: HTMLElement | null, log: HTMLElement | null): void {
    this.box = box;
    this.log = log;
  }

  /** Tells of changes until the answer is called. */
  listen(listener: PlaceListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What to draw of these rows. Heights are known for one view at a time. */
  look(view: string, rows: readonly TalkRow[]): readonly Piece[] {
    if (view !== this.view) this.heights.clear();
    this.view = view;
    this.rows = rows;
    this.tops = topsOf(rows, this.heights);
    this.hold = this.heldNow();
    this.span = this.wanted(AHEAD);
    return piecesOf(this.tops, this.span, this.kept());
  }

  /** After anything was drawn or changed its size: puts what is held back in its place. */
  settle(): void {
    const { box, log } = this;
    if (box === null || log === null) return;
    this.shift(box);
    this.measure(log);
    this.put(box, log);
    // What was opened left the reader at the end: the talk is followed on.
    if (this.touches && restOf(box) < AT_END) this.hold = { kind: 'end' };
    this.touches = false;
    this.lastTop = box.scrollTop;
    this.lastHeights = heightsOf(box);
    this.tellPlace(box);
    if (!isWithin(this.wanted(ENOUGH), this.span)) this.tellRows(false);
  }

  /** The reader reaches for another place, or has come to rest there. */
  reach(reaches: boolean): void {
    this.reaches = reaches;
  }

  /** After the reader scrolled: from now on what is in view is held. */
  follow(): void {
    const { box, log } = this;
    if (box === null || log === null || box.scrollTop === this.lastTop) return;
    const down = box.scrollTop > this.lastTop;
    // A talk that was shorter for a moment is scrolled by the browser, which is no one's wish.
    if (this.hold.kind === 'end' && !down && !this.reaches && heightsOf(box) !== this.lastHeights) {
      this.settle();
      return;
    }
    this.lastTop = box.scrollTop;
    this.measure(log);
    const rest = restOf(box);
    this.hold = rest < 2 || (down && rest < AT_END) ? { kind: 'end' } : this.holdView(box, log);
    this.tellPlace(box);
    if (!isWithin(this.wanted(ENOUGH), this.span)) this.tellRows(!isWithin(this.wanted(0), this.span));
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.hold = { kind: 'end' };
    this.tellRows(true);
    this.settle();
  }

  /** Brings a message to the middle of the view; false when no row has it. */
  goTo(id: string): boolean {
    const row = this.rows.find((each) => each.has(id));
    if (row === undefined) return false;
    this.hold = { kind: 'row', key: row.key, message: id, offset: null, sought: true };
    this.tellRows(true);
    this.settle();
    return true;
  }

  /** The reader opens or closes something in a row: that stays under the pointer, and the row in the page. */
  touch(key: string): void {
    const { box, log } = this;
    const known = this.touched.indexOf(key);
    if (known >= 0) this.touched.splice(known, 1);
    this.touched.push(key);
    if (this.touched.length > TOUCHED) this.touched.shift();
    if (box === null || log === null) return;
    this.touches = true;
    const row = rowElement(log, key);
    if (row !== null) this.hold = heldRow(key, topIn(box, anchorOf(row)));
  }

  /** The row with the focus stays in the page. */
  focus(key: string | null): void {
    this.focused = key;
  }

  // The row that is held may have become part of another one, when older messages came in.
  private heldNow(): Hold {
    const { hold, rows, box, log } = this;
    if (hold.kind === 'end' || rows.length === 0 || this.indexOf(hold.key) >= 0) return hold;
    const heir = rows.find((row) => row.has(hold.key));
    if (heir === undefined) return { kind: 'end' };
    const row = log === null ? null : rowElement(log, hold.key);
    const inside = row === null || hold.message !== null ? null : firstMessageIn(row);
    return inside === null || box === null
      ? { ...hold, key: heir.key, message: hold.message ?? hold.key }
      : { ...hold, key: heir.key, message: inside.id, offset: topIn(box, inside.element) };
  }

  /** The rows to be in the page, with so many pixels beyond the view. */
  private wanted(beyond: number): Span {
    const height = this.box?.clientHeight ?? innerHeight;
    const from = this.viewTop(height);
    const span = spanOf(this.tops, from - beyond, from + height + beyond);
    if (this.hold.kind === 'end') return { first: span.first, last: this.rows.length - 1 };
    const held = this.indexOf(this.hold.key);
    return held < 0 ? span : { first: Math.min(span.first, held), last: Math.max(span.last, held) };
  }

  /** Where the view starts in the list, by what is known of the heights. */
  private viewTop(height: number): number {
    const { hold, tops } = this;
    if (hold.kind === 'end') return (tops.at(-1) ?? 0) - height;
    return (tops[this.indexOf(hold.key)] ?? 0) - (hold.offset ?? height / 2);
  }

  private indexOf(key: string): number {
    return this.rows.findIndex((row) => row.key === key);
  }

  private kept(): readonly number[] {
    const keys = [...this.touched, ...(this.focused === null ? [] : [this.focused])];
    const kept = keys.map((key) => this.indexOf(key));
    const [from = -1, to = -1] = (selectedRows() ?? []).map((key) => this.indexOf(key));
    if (from < 0 || to < 0 || Math.abs(to - from) > SELECTED) return kept;
    const first = Math.min(from, to);
    return [...kept, ...Array.from({ length: Math.abs(to - from) + 1 }, (_each, at) => first + at)];
  }

  // The reader may have scrolled since, and the event that says so is still to come.
  private shift(box: HTMLElement): void {
    const moved = box.scrollTop - this.lastTop;
    if (moved === 0) return;
    if (this.hold.kind === 'end') {
      if (moved < 0 && this.reaches && restOf(box) >= AT_END && this.log !== null) {
        this.measure(this.log);
        this.hold = this.holdView(box, this.log);
      }
    } else if (this.hold.offset !== null) this.hold = { ...this.hold, offset: this.hold.offset - moved };
  }

  private measure(log: HTMLElement): void {
    for (const [key, height] of heightsIn(log)) this.heights.set(key, height);
    this.tops = topsOf(this.rows, this.heights);
  }

  private put(box: HTMLElement, log: HTMLElement): void {
    if (this.hold.kind === 'end') {
      box.scrollTop = box.scrollHeight;
      return;
    }
    const row = rowElement(log, this.hold.key);
    if (row === null) return;
    const anchor = (this.hold.message === null ? null : messageElement(this.hold.message)) ?? anchorOf(row);
    const top = topIn(box, anchor);
    const { height } = anchor.getBoundingClientRect();
    const wish = this.hold.offset ?? Math.max(16, (box.clientHeight - height) / 2);
    if (Math.abs(top - wish) >= 1) box.scrollTop += top - wish;
    // At the start of what was read it waits for older messages to come in above; at the end it stays where it is.
    if (this.hold.offset === null && box.scrollTop > 0) {
      this.hold = { ...this.hold, offset: topIn(box, anchor) };
    }
  }

  private holdView(box: HTMLElement, log: HTMLElement): Hold {
    const from = -topIn(box, log);
    const index = rowAt(this.tops, from + 1);
    const row = this.rows[index];
    if (row === undefined) return { kind: 'end' };
    const element = rowElement(log, row.key);
    const offset = element === null ? (this.tops[index] ?? 0) - from : topIn(box, anchorOf(element));
    return heldRow(row.key, offset);
  }

  private tellRows(now: boolean): void {
    for (const { onRows } of this.listeners) onRows?.(now);
  }

  private tellPlace(box: HTMLElement): void {
    const { hold, told } = this;
    const place = hold.kind === 'end' ? 'end' : ((hold.sought ? hold.message : null) ?? 'reading');
    const far = hold.kind !== 'end' && restOf(box) >= AT_END;
    if (place === told.place && far === told.far) return;
    this.told = { place, far };
    for (const { onPlace } of this.listeners) onPlace?.(place, far);
  }
}

/** Of the talk and of its view: while they stay, only a reader scrolls. */
function heightsOf({ scrollHeight, clientHeight }: HTMLElement): string {
  return `${scrollHeight} ${clientHeight}`;
}

function heldRow(key: string, offset: number): Hold {
  return { kind: 'row', key, message: null, offset, sought: false };
}
