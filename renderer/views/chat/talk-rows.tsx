import {
  useEffect,
  useLayoutEffect,
  useReducer,
  useRef,
  type JSX,
  type ReactNode,
  type RefObject,
} from 'react';
import { flushSync } from 'react-dom';
import { t } from '../../messages/t.ts';
import { keyOf } from './talk-elements.ts';
import type { TalkPlace, TalkRow } from './talk-place.ts';

/** Props of {@link TalkRows}. */
export type TalkRowsProps<Each extends TalkRow> = {
  /** Names the way the rows look: their heights are measured anew in another one. */
  readonly view: string;
  readonly place: TalkPlace;
  readonly rows: readonly Each[];
  readonly draw: (row: Each, index: number) => ReactNode;
  readonly busy: boolean;
  readonly className?: string;
  /** Below the last row, always in the page. */
  readonly children?: ReactNode;
};

/** Parts in which a click opens or closes something. */
const OPENS = '[aria-expanded], [data-opens], summary';

/**
 * The rows of a talk of which only those near the view are in the page. What is said aloud is up to the
 * announcements: rows come and go here while one reads.
 */
export function TalkRows<Each extends TalkRow>(props: TalkRowsProps<Each>): JSX.Element {
  const { view, place, rows, draw, busy, className = '', children } = props;
  const log = useRef<HTMLDivElement>(null);
  usePlace(place, log);
  const pieces = place.look(view, rows);
  return (
    <div
      ref={log}
      role="log"
      aria-live="off"
      aria-label={t('chat.log')}
      aria-busy={busy}
      className={className}
      onClickCapture={({ target }) => {
        const key = target instanceof Element && target.closest(OPENS) !== null ? keyOf(target) : null;
        if (key === null) return;
        place.touch(key);
        // By then it is open, also where nothing took another size.
        requestAnimationFrame(() => place.settle());
      }}
      onFocus={({ target }) => place.focus(keyOf(target))}
      onBlur={() => place.focus(null)}
    >
      {pieces.map((piece) => {
        if (piece.kind === 'gap')
          return <div key={`gap-${piece.before}`} style={{ blockSize: piece.height }} />;
        const row = rows[piece.index];
        if (row === undefined) return null;
        return (
          <div key={row.key} data-row={row.key} className="turn">
            {draw(row, piece.index)}
          </div>
        );
      })}
      {children}
    </div>
  );
}

/** Draws what the place asks for, and lets it settle whenever anything in the talk took another size. */
function usePlace(place: TalkPlace, log: RefObject<HTMLElement | null>): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => {
    place.attach(log.current?.closest<HTMLElement>('.talk') ?? null, log.current);
    const unlisten = place.listen({ onRows: (now) => (now ? flushSync(redraw) : redraw()) });
    return () => {
      unlisten();
      place.attach(null, null);
    };
  }, [place, log]);
  useLayoutEffect(() => place.settle());
  useEffect(() => {
    const box = log.current?.closest('.talk');
    if (log.current === null || box === null || box === undefined) return undefined;
    const observer = new ResizeObserver(() => place.settle());
    for (const each of [box, log.current]) observer.observe(each);
    return () => observer.disconnect();
  }, [place, log]);
}
