import { useMemo, type JSX } from 'react';
import { t } from '../messages/t.ts';
import { DiffWords } from './diff.tsx';
import { diffWords, type DiffRow } from './word-diff.ts';

/** Props of {@link SideDiff}: `label` names what differs, the heads stand over the sides. */
export type SideDiffProps = {
  readonly before: string;
  readonly after: string;
  readonly label: string;
  readonly beforeHead: string;
  readonly afterHead: string;
};

/** Two texts side by side in one grid, so that lines that belong together stand level; one below the other where it is narrow. */
export function SideDiff({ before, after, label, beforeHead, afterHead }: SideDiffProps): JSX.Element {
  const pairs = useMemo(() => pairRows(diffWords(before, after).rows), [before, after]);
  return (
    <div className="sides" role="group" aria-label={t('change.diff', { label })}>
      <div className="side-head">{beforeHead}</div>
      <div className="side-head">{afterHead}</div>
      {pairs.map(({ left, right }) => (
        <Pair key={`${left?.number ?? '-'} ${right?.number ?? '-'}`} left={left} right={right} />
      ))}
    </div>
  );
}

/** A line on each side; `null` where the other side has one more. */
export type LinePair = { readonly left: DiffRow | null; readonly right: DiffRow | null };

/** Puts the rows of a diff side by side: removed lines beside those that replace them. */
export function pairRows(rows: readonly DiffRow[]): readonly LinePair[] {
  const pairs: LinePair[] = [];
  let removed: DiffRow[] = [];
  let added: DiffRow[] = [];
  let old_line = 1;
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1) {
      pairs.push({ left: removed[at] ?? null, right: added[at] ?? null });
    }
    removed = [];
    added = [];
  };
  for (const row of rows) {
    if (row.kind === 'add') added.push(row);
    else if (row.kind === 'del') {
      removed.push(row);
      old_line = row.number + 1;
    } else {
      flush();
      pairs.push({ left: { ...row, number: old_line }, right: row });
      old_line += 1;
    }
  }
  flush();
  return pairs;
}

function Pair({ left, right }: LinePair): JSX.Element {
  return (
    <>
      <Line row={left} old />
      <Line row={right} />
    </>
  );
}

const LINE_CLASS = { same: 'dl', add: 'dl a', del: 'dl d' } as const;

function Line({ row, old = false }: { readonly row: DiffRow | null; readonly old?: boolean }): JSX.Element {
  if (row === null) return <div className="dl none" />;
  return (
    <div className={`${LINE_CLASS[row.kind]} ${old ? 'old' : ''}`}>
      <span>{row.number}</span>
      {row.kind === 'same' ? (
        <span />
      ) : (
        <span role="img" aria-label={t(row.kind === 'add' ? 'change.added' : 'change.removed')}>
          {row.kind === 'add' ? '+' : '−'}
        </span>
      )}
      <span>
        <DiffWords row={row} />
      </span>
    </div>
  );
}
