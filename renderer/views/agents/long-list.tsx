import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type JSX, type KeyboardEvent, type ReactNode } from 'react';

/** Props of {@link LongList}. */
export type LongListProps<Row extends { readonly id: string }> = {
  readonly label: string;
  readonly className: string;
  readonly rows: readonly Row[];
  /** Pixels of a row before it is measured. */
  readonly guess: (row: Row) => number;
  /** The row that is open: kept in view when another one becomes it. */
  readonly selected_id: string | null;
  /** Draws a row; `reachable` says whether Tab stops at its buttons. */
  readonly draw: (row: Row, reachable: boolean) => ReactNode;
};

/**
 * A list of which only the rows near the view are in the page. Tab stops at one row, the one with the focus or the open
 * one; the arrows, Home and End lead to the others. The row with the focus stays in the page wherever one scrolls.
 */
export function LongList<Row extends { readonly id: string }>(props: LongListProps<Row>): JSX.Element {
  const { label, className, rows, guess, selected_id, draw } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const wanted = useRef<number | null>(null);
  const indexOf = (id: string | null): number => rows.findIndex((row) => row.id === id);
  const stop = Math.max(0, indexOf(focused ?? selected_id));
  const kept = indexOf(focused);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index] === undefined ? 0 : guess(rows[index])),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
    rangeExtractor: (range) => withKept(range, kept),
  });
  const items = virtual.getVirtualItems();
  const selected = indexOf(selected_id);
  useEffect(() => {
    if (selected >= 0) virtual.scrollToIndex(selected, { align: 'auto' });
    // Only another choice scrolls: rows that come, go or change their places do not.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selected_id, rows.length === 0]);
  useEffect(() => {
    const button = wanted.current === null ? null : buttonOf(scroller.current, wanted.current);
    if (button === null) return;
    wanted.current = null;
    button.focus({ preventScroll: true });
  });
  const last = useRef(-1);
  useEffect(() => {
    if (focused === null || kept >= 0) {
      last.current = kept;
      return;
    }
    // The row with the focus has gone: the one in its place has it now.
    if (last.current < 0 || document.activeElement !== document.body) return;
    buttonOf(scroller.current, Math.min(last.current, rows.length - 1))?.focus();
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextRow(event, indexOf(focused), rows.length);
    if (next === null) return;
    event.preventDefault();
    wanted.current = next;
    virtual.scrollToIndex(next, { align: 'auto' });
    setFocused(rows[next]?.id ?? null);
  };
  const isStopInPage = items.some(({ index }) => index === stop);
  return (
    <div ref={scroller} className={className}>
      <div
        role="list"
        aria-label={label}
        style={{ position: 'relative', height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
        onFocus={({ target }) => setFocused(target.closest('[data-id]')?.getAttribute('data-id') ?? null)}
        onBlur={() => setFocused(null)}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              data-id={row.id}
              role="listitem"
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              style={{ position: 'absolute', insetInline: 0, top: 0, translate: `0 ${item.start}px` }}
            >
              {draw(row, isStopInPage ? item.index === stop : item === items[0])}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function withKept(range: Range, kept: number): number[] {
  const indexes = defaultRangeExtractor(range);
  if (kept < 0 || indexes.includes(kept)) return indexes;
  return [...indexes, kept].toSorted((left, right) => left - right);
}

function buttonOf(scroller: HTMLElement | null, index: number): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-index="${index}"] button`) ?? null;
}

const DISTANCES: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};

/** The row a key leads to; `null` when it leads nowhere, or belongs to a field or an open menu. */
function nextRow(event: KeyboardEvent, from: number, count: number): number | null {
  const distance = DISTANCES[event.key];
  const { target, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (distance === undefined || from < 0 || ctrlKey || metaKey || altKey || shiftKey) return null;
  if (!(target instanceof HTMLButtonElement) || target.getAttribute('aria-expanded') === 'true') return null;
  // At a button that opens a menu the arrows open it.
  if (target.hasAttribute('aria-haspopup') && event.key === 'ArrowDown') return null;
  return Math.max(0, Math.min(count - 1, from + distance));
}
