import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type JSX, type KeyboardEvent } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import { dayName, dayOf } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { useNow } from '../../ui/use-now.ts';
import { idOf, type ActivityFilter, type ActivityState } from './activity-state.ts';
import { dayWords } from './day-words.ts';
import { FeedRow } from './feed-row.tsx';

/** Pixels of a row, of one with a diff and of a day's heading before they are measured. */
const ROW = 34;
const DIFF_ROW = 62;
const HEADING = 40;
/** Rows before the end at which the next page is read. */
const READ_AHEAD_ROWS = 15;

/** Props of {@link Feed}. */
export type FeedProps = {
  readonly items: readonly Activity[];
  readonly days: ActivityState['days'];
  readonly filter: ActivityFilter;
  readonly selected_id: string | null;
  /** Grows each time the selected row is to take the focus. */
  readonly focus_requests: number;
  readonly onOpen: (id: string) => void;
  /** Arrows went to this row. */
  readonly onMove: (id: string) => void;
  /** Reads the next page when there is one. */
  readonly onNearEnd: () => Promise<void>;
};

/** What happened, by day; only rows in sight are in the page. Arrows move, Enter opens. */
export function Feed(props: FeedProps): JSX.Element {
  const { items, days, filter, selected_id, focus_requests, onOpen, onMove, onNearEnd } = props;
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const focusNext = useRef(false);
  // oxlint-disable-next-line react/incompatible-library -- nothing of it is passed to a memoised part
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guess(items, index),
    getItemKey: (index) => (items[index] === undefined ? index : idOf(items[index])),
    overscan: 10,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? -1;
  useEffect(() => {
    if (items.length > 0 && last >= items.length - READ_AHEAD_ROWS) void onNearEnd();
  }, [last, items.length, onNearEnd]);
  const selected = items.findIndex((each) => idOf(each) === selected_id);
  const answered = useRef(focus_requests);
  // Where a link or the arrows of a step lead is brought into sight, once: reading on in the list is free after that.
  const brought = useRef<string | null>(null);
  useEffect(() => {
    if (brought.current === selected_id || (selected_id !== null && selected < 0)) return;
    brought.current = selected_id;
    if (selected >= 0) virtual.scrollToIndex(selected, { align: 'auto' });
  });
  useEffect(() => {
    const isAsked = focus_requests !== answered.current && selected >= 0;
    if (isAsked) answered.current = focus_requests;
    if (!isAsked && !focusNext.current) return;
    focusNext.current = true;
    virtual.scrollToIndex(selected, { align: 'auto' });
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${selected}"] .ev-open`);
    if (row === null || row === undefined) return;
    focusNext.current = false;
    row.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextRow(event, selected, items.length);
    const item = next === null ? undefined : items[next];
    if (item === undefined) return;
    event.preventDefault();
    focusNext.current = true;
    onMove(idOf(item));
  };
  const isInSight = rows.some(({ index }) => index === selected);
  return (
    <div ref={scroller} className="scroll">
      <div
        role="list"
        aria-label={t('activity.list')}
        style={{ position: 'relative', height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {rows.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          const day = dayOf(item.at);
          const opens = startsDay(items, row.index);
          return (
            <div
              key={row.key}
              ref={virtual.measureElement}
              data-index={row.index}
              role="listitem"
              aria-setsize={-1}
              aria-posinset={row.index + 1}
              style={{ position: 'absolute', insetInline: 0, top: 0, translate: `0 ${row.start}px` }}
            >
              {opens && (
                <div className={`sect ev-day ${row.index === 0 ? 'first' : ''}`}>
                  <h2 className="grow cut">{dayName(item.at, now)}</h2>
                  <span className="num">{dayWords(days[day], filter)}</span>
                </div>
              )}
              <FeedRow
                activity={item}
                selected={row.index === selected}
                reachable={isInSight ? row.index === selected : row === rows[0]}
                isLast={row.index + 1 >= items.length || startsDay(items, row.index + 1)}
                onOpen={() => onOpen(idOf(item))}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function startsDay(items: readonly Activity[], index: number): boolean {
  const [before, item] = [items[index - 1], items[index]];
  return item !== undefined && (before === undefined || dayOf(before.at) !== dayOf(item.at));
}

function guess(items: readonly Activity[], index: number): number {
  const item = items[index];
  const hasDiff = item?.kind === 'change' && item.change.before !== null;
  return (hasDiff ? DIFF_ROW : ROW) + (startsDay(items, index) ? HEADING : 0);
}

const DISTANCES: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};

/** The row a key leads to; `null` when it leads nowhere. */
function nextRow(event: KeyboardEvent, from: number, count: number): number | null {
  const distance = DISTANCES[event.key];
  const { target, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (distance === undefined || count === 0 || ctrlKey || metaKey || altKey || shiftKey) return null;
  if (!(target instanceof HTMLElement) || target.closest('.ev') === null) return null;
  const start = from >= 0 ? from : Number(target.closest('[data-index]')?.getAttribute('data-index') ?? 0);
  return Math.max(0, Math.min(count - 1, start + distance));
}
