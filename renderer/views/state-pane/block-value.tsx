import { useMemo, useState, type JSX } from 'react';
import type { Block } from '../../../shared/contract/blocks.ts';
import { t } from '../../messages/t.ts';
import { keyed } from '../../ui/diff.tsx';
import { diffWords, type DiffRow } from '../../ui/word-diff.ts';

/** Props of {@link BlockValue}: `before` is the text the reader knows, when newer words are to be marked. */
export type BlockValueProps = { readonly block: Block; readonly before: string | null };

/** Characters from which a value is folded to four lines; never while it holds words not seen. */
const LONG = 240;

/** The value of a block, each line its own paragraph. */
export function BlockValue({ block, before }: BlockValueProps): JSX.Element {
  const [whole, setWhole] = useState(false);
  const rows = useMemo(
    () => diffWords(before ?? block.value, block.value).rows.filter((row) => row.kind !== 'del'),
    [before, block.value],
  );
  if (block.value === '') {
    return <p className="t3">{t(block.label === 'human' ? 'block.emptyHuman' : 'block.empty')}</p>;
  }
  const long = block.value.length > LONG || rows.length > 4;
  const folded = long && before === null && !whole;
  return (
    <>
      <div className={folded ? 'clamp' : ''}>
        {rows.map((row) => (
          <Line key={row.number} row={row} />
        ))}
      </div>
      {long && before === null && (
        <button type="button" className="link t12" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {t(whole ? 'block.less' : 'block.more')}
        </button>
      )}
    </>
  );
}

function Line({ row }: { readonly row: DiffRow }): JSX.Element {
  return (
    <p>
      {keyed(row.segments).map(({ key, segment }) =>
        segment.changed ? <mark key={key}>{segment.text}</mark> : <span key={key}>{segment.text}</span>,
      )}
      {row.segments.length === 0 && <br />}
    </p>
  );
}
