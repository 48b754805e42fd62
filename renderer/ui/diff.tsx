import { useMemo, type JSX } from 'react';
import { t } from '../messages/t.ts';
import { diffWords, nearChanges, type DiffRow, type Segment, type WordDiff } from './word-diff.ts';

/** Props of {@link Diff}: `label` names what changed; `around` unchanged lines are shown beside each change. */
export type DiffProps = {
  readonly before: string;
  readonly after: string;
  readonly label: string;
  readonly around?: number;
};

/** A diff in rows: line number, sign, words. Readable without colour. */
export function Diff({ before, after, label, around = 1 }: DiffProps): JSX.Element {
  const rows = useMemo(() => nearChanges(diffWords(before, after).rows, around), [before, after, around]);
  return (
    <div className="diff" role="group" aria-label={t('change.diff', { label })}>
      {rows.map((row) => (
        <Row key={`${row.kind}${row.number}`} row={row} />
      ))}
    </div>
  );
}

/** Props of {@link DiffCounts}: `words` writes the unit after the numbers. */
export type DiffCountsProps = { readonly diff: WordDiff; readonly words?: boolean };

/** How many words came and went: `+3 −3 words`. */
export function DiffCounts({ diff, words = false }: DiffCountsProps): JSX.Element {
  const minus = t('change.minus', { count: diff.minus });
  const plus = t('change.plus', { count: diff.plus });
  if (diff.plus === 0 && diff.minus === 0) return <span className="pm t3">{t('change.same')}</span>;
  return (
    <span className="pm">
      {diff.plus > 0 && (
        <span className="a" dir="auto">
          {words && diff.minus === 0 ? t('change.wordsPlus', { count: diff.plus, plus }) : plus}
        </span>
      )}
      {diff.minus > 0 && (
        <span className="d" dir="auto">
          {words ? t('change.words', { count: diff.minus, minus }) : minus}
        </span>
      )}
    </span>
  );
}

/** Words of one line with the changed ones marked as added or removed. */
export function DiffWords({ row }: { readonly row: DiffRow }): JSX.Element {
  const Mark = row.kind === 'add' ? 'ins' : 'del';
  return (
    <>
      {keyed(row.segments).map(({ key, segment }) =>
        segment.changed ? <Mark key={key}>{segment.text}</Mark> : <span key={key}>{segment.text}</span>,
      )}
    </>
  );
}

/** Segments with keys: their offsets in the line. */
export function keyed(
  segments: readonly Segment[],
): readonly { readonly key: number; readonly segment: Segment }[] {
  let offset = 0;
  return segments.map((segment) => {
    const key = offset;
    offset += segment.text.length;
    return { key, segment };
  });
}

const ROW_CLASS = { same: 'dl', add: 'dl a', del: 'dl d' } as const;

function Row({ row }: { readonly row: DiffRow }): JSX.Element {
  return (
    <div className={ROW_CLASS[row.kind]}>
      <span>{row.number}</span>
      <Sign kind={row.kind} />
      <span>
        <DiffWords row={row} />
      </span>
    </div>
  );
}

function Sign({ kind }: { readonly kind: DiffRow['kind'] }): JSX.Element {
  if (kind === 'same') return <span />;
  return (
    <span role="img" aria-label={t(kind === 'add' ? 'change.added' : 'change.removed')}>
      {kind === 'add' ? '+' : '−'}
    </span>
  );
}
