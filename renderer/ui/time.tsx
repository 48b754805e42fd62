import { useEffect, useState, type JSX } from 'react';
import { clockTime, exactTime, relativeTime, shortTime } from '../messages/time.ts';

/** Props of {@link Time}: `at` is a UTC timestamp; `clock` shows the hour of the day, `short` the hour or the day. */
export type TimeProps = {
  readonly at: string;
  readonly clock?: boolean;
  readonly short?: boolean;
  readonly className?: string;
};

/** A time, relative or by the clock, with the exact one on hover. Relative times stay true while shown. */
export function Time({ at, clock = false, short = false, className = '' }: TimeProps): JSX.Element {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (clock) return undefined;
    const young = now - Date.parse(at) < 60_000;
    const timer = setTimeout(() => setNow(Date.now()), young ? 2_000 : 30_000);
    return () => clearTimeout(timer);
  }, [at, clock, now]);
  return (
    <time dateTime={at} title={exactTime(at)} className={className}>
      {clock ? clockTime(at, now) : short ? shortTime(at, now) : relativeTime(at, now)}
    </time>
  );
}
