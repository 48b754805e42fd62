import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { usePreferences } from '../../state/stores.ts';
import {
  browserStorage,
  fitWidths,
  keepWidths,
  LIMITS,
  readWidths,
  widestFor,
  type Side,
  type Widths,
} from './column-widths.ts';

/** The side columns as drawn, and what may be done to them. */
export type Columns = {
  readonly widths: Widths;
  readonly widest: Widths;
  readonly resize: (side: Side, width: number) => void;
  /** Gives a column the width of the design again. */
  readonly reset: (side: Side) => void;
  readonly hide: (side: Side) => void;
};

/** Widths of the side columns: chosen by the person, else of the design, always fit for this window. */
export function useColumns(): Columns {
  const left = usePreferences((state) => state.left_open);
  const right = usePreferences((state) => state.right_open);
  const change = usePreferences((state) => state.change);
  const design = useDesign();
  const [chosen, setChosen] = useState(() => readWidths(browserStorage()));
  const room = { wanted: { ...design.widths, ...chosen }, open: { left, right }, room: design.room };
  const widest = { left: widestFor('left', room), right: widestFor('right', room) };
  useEffect(() => keepWidths(browserStorage(), chosen), [chosen]);
  return {
    widths: fitWidths(room),
    widest,
    // What was seen is what is remembered, also for a larger window.
    resize: (side, width) =>
      setChosen((before) => ({
        ...before,
        [side]: Math.round(Math.max(LIMITS[side].min, Math.min(width, widest[side]))),
      })),
    reset: (side) => setChosen(({ [side]: _width, ...others }) => others),
    hide: (side) => change(side === 'left' ? { left_open: false } : { right_open: false }),
  };
}

type Design = { readonly room: number; readonly widths: Widths };

/** What the design gives the columns in a window of this size; follows the window. */
function useDesign(): Design {
  const [design, setDesign] = useState(readDesign);
  useEffect(() => {
    // In the frame of the resize itself: else the columns are drawn once with the widths of the window before.
    const onResize = (): void => flushSync(() => setDesign(readDesign()));
    addEventListener('resize', onResize);
    return () => removeEventListener('resize', onResize);
  }, []);
  return design;
}

/** The values stand in `tokens.css` alone. */
function readDesign(): Design {
  const tokens = getComputedStyle(document.documentElement);
  const pixels = (name: string): number => Number.parseFloat(tokens.getPropertyValue(name));
  return {
    room: innerWidth - pixels('--rail'),
    widths: { left: pixels('--left'), right: pixels('--right') },
  };
}
