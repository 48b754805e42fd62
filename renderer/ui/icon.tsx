import {
  ChevronLeft,
  ChevronRight,
  CornerDownLeft,
  CornerDownRight,
  type LucideIcon,
  PanelLeft,
  PanelRight,
  Redo2,
  Undo2,
} from 'lucide-react';
import type { JSX } from 'react';

/** Props of {@link Icon}: `size` in pixels, 16 unless told; `className` for a state colour. */
export type IconProps = {
  readonly icon: LucideIcon;
  readonly size?: 12 | 14 | 16 | 20;
  readonly className?: string;
};

const STROKES = { 12: 2, 14: 1.6, 16: 1.6, 20: 1.5 } as const;

/** Icons that point along the text or show where a column is: turned around where texts run from right to left. */
const POINTING: ReadonlySet<LucideIcon> = new Set([
  ChevronLeft,
  ChevronRight,
  CornerDownLeft,
  CornerDownRight,
  PanelLeft,
  PanelRight,
  Redo2,
  Undo2,
]);

/** A Lucide icon with the stroke of its size. Decoration only: the words stand beside it. */
export function Icon({ icon: Picture, size = 16, className = '' }: IconProps): JSX.Element {
  return (
    <Picture
      aria-hidden="true"
      className={`i i${size} ${POINTING.has(Picture) ? 'points' : ''} ${className}`}
      size={size}
      strokeWidth={STROKES[size]}
    />
  );
}
