import type { JSX } from 'react';
import { t } from '../messages/t.ts';

/** Props of {@link Skeleton}: how many lines stand in for the text to come. */
export type SkeletonProps = { readonly lines?: number };

/** Grey lines while something loads; they appear only after 150 ms. */
export function Skeleton({ lines = 3 }: SkeletonProps): JSX.Element {
  return (
    <div className="grid gap-2 p-4" role="img" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="skel" style={{ height: 12, width: `${90 - ((line * 23) % 45)}%` }} />
      ))}
    </div>
  );
}
