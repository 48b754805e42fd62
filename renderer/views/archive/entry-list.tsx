import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type JSX, type KeyboardEvent } from 'react';
import { t } from '../../messages/t.ts';
import type { ArchiveRow } from './archive-state.ts';
import { EntryRow } from './entry-row.tsx';

/** Pixels of a row before it is measured. */
const ROW_HEIGHT = 82;
/** Rows before the end at which the next page is read. */
const READ_AHEAD_ROWS = 15;

/** Props of {@link EntryList}. `onMove` takes a distance in rows and says which entry is selected now. */
export type EntryListProps = {
  readonly rows: readonly ArchiveRow[];
  readonly agent_name: string;
  readonly selected_id: string | null;
  /** Rows there are in all, loaded or not. */
  readonly total: number;
  /** Grows each time the selected row is to take the focus. */
  readonly focus_requests: number;
  readonly onOpen: (passage_id: string) => void;
  readonly onMove: (distance: number) => void;
  readonly onEdit: (passage_id: string) => void;
  readonly onTrash: (passage_id: string) => void;
  /** Reads the next page when there is one. */
  readonly onNearEnd: () => Promise<void>;
};

/** The entries, virtualised: only rows in sight are in the page. Arrows move, Enter opens, E edits, Del trashes. */
export function EntryList(props: EntryListProps): JSX.Element {
  const { rows, agent_name, selected_id, total, focus_requests, onOpen, onNearEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const focusNext = useRef(false);
  // oxlint-disable-next-line react/incompatible-library -- nothing of it is passed to a memoised part
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.passage.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - READ_AHEAD_ROWS) void onNearEnd();
  }, [last, rows.length, onNearEnd]);
  const selected = rows.findIndex(({ passage }) => passage.id === selected_id);
  useEffect(() => {
    if (selected >= 0 && focusNext.current) virtual.scrollToIndex(selected, { align: 'auto' });
  }, [selected, virtual]);
  const answered = useRef(focus_requests);
  useEffect(() => {
    if (focus_requests === answered.current || selected < 0) return;
    answered.current = focus_requests;
    focusNext.current = true;
    virtual.scrollToIndex(selected, { align: 'auto' });
    rowOf(scroller.current, selected)?.focus();
  }, [focus_requests, selected, virtual]);
  // A row scrolled into the page by the arrows takes the focus when it appears.
  const takeFocus = (isSelected: boolean) => (button: HTMLButtonElement | null) => {
    if (button === null || !isSelected || !focusNext.current) return;
    focusNext.current = false;
    button.focus({ preventScroll: true });
  };
  const isInSight = items.some(({ index }) => index === selected);
  const best = Math.max(0, ...rows.map(({ hit }) => hit?.score ?? 0));
  return (
    <div ref={scroller} className="scroll">
      <div
        role="list"
        aria-label={t('archive.list')}
        style={{ position: 'relative', height: virtual.getTotalSize() }}
        onKeyDown={(event) => {
          if (pressKey(event, props)) focusNext.current = true;
        }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const isSelected = row.passage.id === selected_id;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              role="listitem"
              aria-setsize={total}
              aria-posinset={item.index + 1}
              style={{
                position: 'absolute',
                insetInline: 0,
                top: 0,
                transform: `translateY(${item.start}px)`,
              }}
            >
              <EntryRow
                ref={takeFocus(isSelected)}
                row={row}
                agent_name={agent_name}
                best={best}
                selected={isSelected}
                reachable={isInSight ? isSelected : item === items[0]}
                onOpen={() => onOpen(row.passage.id)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The button of a row, when it is in the page. */
function rowOf(scroller: HTMLElement | null, index: number): HTMLElement | null {
  return scroller?.querySelector(`[data-index="${index}"] button`) ?? null;
}

const DISTANCES: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8,
  Home: -Infinity,
  End: Infinity,
};

/** Does what a key means here; whether the focus must follow the selection. */
function pressKey(event: KeyboardEvent, props: EntryListProps): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const distance = DISTANCES[event.key];
  if (distance !== undefined) {
    event.preventDefault();
    props.onMove(distance);
    return true;
  }
  if (props.selected_id === null) return false;
  if (event.key === 'e' || event.key === 'E') {
    event.preventDefault();
    props.onEdit(props.selected_id);
  } else if (event.key === 'Delete') {
    event.preventDefault();
    props.onTrash(props.selected_id);
    return true;
  }
  return false;
}
