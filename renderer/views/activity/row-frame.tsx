import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { exactTime, secondsTime } from '../../messages/time.ts';
import { Icon } from '../../ui/icon.tsx';

/** What every row is told. */
export type RowProps = {
  readonly selected: boolean;
  /** The one row of the list that Tab reaches. */
  readonly reachable: boolean;
  /** The last one of its day: the line between the icons ends here. */
  readonly isLast: boolean;
  readonly onOpen: () => void;
};

/** Props of {@link RowFrame}. */
export type RowFrameProps = RowProps & {
  readonly at: string;
  readonly icon: LucideIcon;
  /** `memory` is green, `error` red. */
  readonly tone?: 'plain' | 'memory' | 'error';
  /** The sentence: what the row's button says. */
  readonly children: ReactNode;
  /** Numbers at the end of the line. */
  readonly aside?: ReactNode;
  /** Buttons at the end of the line. */
  readonly acts?: ReactNode;
  /** A second line. */
  readonly below?: ReactNode;
};

/** Time, icon, sentence, and what stands beside and below it. The whole row opens. */
export function RowFrame(props: RowFrameProps): JSX.Element {
  const {
    selected,
    reachable,
    isLast,
    onOpen,
    at,
    icon,
    tone = 'plain',
    children,
    aside,
    acts,
    below,
  } = props;
  return (
    <div className={`ev ${selected ? 'sel' : ''} ${isLast ? 'last' : ''}`}>
      <time dateTime={at} title={exactTime(at)}>
        {secondsTime(at)}
      </time>
      <span className={`ev-icon ${tone}`}>
        <Icon icon={icon} size={tone === 'memory' ? 12 : 14} />
      </span>
      <button
        type="button"
        className="ev-open cut"
        dir="auto"
        tabIndex={reachable ? 0 : -1}
        aria-current={selected ? 'true' : undefined}
        onClick={onOpen}
      >
        {children}
      </button>
      <span className="row ev-end">
        {aside}
        {acts}
      </span>
      {below}
    </div>
  );
}
