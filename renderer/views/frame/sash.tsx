import { useRef, useState, type JSX, type KeyboardEvent, type PointerEvent } from 'react';
import { t } from '../../messages/t.ts';
import { LIMITS, type Side } from './column-widths.ts';

/** Props of {@link Sash}. Widths are CSS pixels of its side column. */
export type SashProps = {
  readonly side: Side;
  readonly width: number;
  readonly widest: number;
  /** Called while it moves; the width may lie outside of the limits. */
  readonly onResize: (width: number) => void;
  readonly onReset: () => void;
  readonly onHide: () => void;
};

/** Pixels of an arrow key, and with Shift. */
const STEP = { small: 16, large: 64 };

/**
 * The line between a side column and the talk. Drag it, or use the arrows, Home and End; double click gives the
 * column its own width back, Enter hides it.
 */
export function Sash(props: SashProps): JSX.Element {
  const { side, width, widest, onResize, onReset } = props;
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const [dragging, setDragging] = useState(false);
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
    setDragging(true);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (start.current === null) return;
    const moved = event.clientX - start.current.x;
    if (moved !== 0) onResize(start.current.width + moved * growth(side, event.currentTarget));
  };
  const onEnd = (): void => {
    if (start.current === null) return;
    start.current = null;
    setDragging(false);
  };
  return (
    <div
      className={`sash ${side}`}
      data-dragging={dragging}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t(`frame.width.${side}`)}
      aria-valuemin={LIMITS[side].min}
      aria-valuemax={widest}
      aria-valuenow={width}
      aria-valuetext={t('frame.pixels', { count: width })}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onEnd}
      onLostPointerCapture={onEnd}
      onDoubleClick={onReset}
      onKeyDown={(event) => onKey(event, props)}
    />
  );
}

function onKey(event: KeyboardEvent<HTMLElement>, { side, width, widest, ...actions }: SashProps): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = (event.shiftKey ? STEP.large : STEP.small) * growth(side, event.currentTarget);
  const target = { ArrowRight: width + step, ArrowLeft: width - step, Home: LIMITS[side].min, End: widest };
  if (event.key in target) {
    event.preventDefault();
    actions.onResize(target[event.key as keyof typeof target]);
  } else if (event.key === 'Enter') {
    event.preventDefault();
    actions.onHide();
  }
}

/** 1 when the column grows as its line moves to the right, -1 when it shrinks. */
function growth(side: Side, element: HTMLElement): 1 | -1 {
  const mirrored = getComputedStyle(element).direction === 'rtl';
  return (side === 'left') === mirrored ? -1 : 1;
}
