import { type JSX, type Ref } from 'react';
import type { Passage } from '../../../shared/contract/archive.ts';
import { t } from '../../messages/t.ts';
import { Time } from '../../ui/time.tsx';
import type { ArchiveRow } from './archive-state.ts';
import { MarkedText } from './marked-text.tsx';

/** Props of {@link EntryRow}: `best` is the highest score of the answer, 0 while browsing. */
export type EntryRowProps = {
  readonly row: ArchiveRow;
  readonly agent_name: string;
  readonly best: number;
  readonly selected: boolean;
  /** The one row of the list that Tab reaches. */
  readonly reachable: boolean;
  readonly onOpen: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
};

/** One entry of the list: its text with hits, when and by whom, tags, and its score in a search. */
export function EntryRow(props: EntryRowProps): JSX.Element {
  const { row, agent_name, best, selected, reachable, onOpen, ref } = props;
  const { passage, hit } = row;
  return (
    <button
      ref={ref}
      type="button"
      className={`res ${selected ? 'sel' : ''} ${hit === null ? '' : 'scored'}`}
      tabIndex={reachable ? 0 : -1}
      aria-current={selected ? 'true' : undefined}
      onClick={onOpen}
    >
      <span className="res-text" dir="auto">
        <MarkedText text={passage.text} matches={hit?.matches ?? []} snippet />
      </span>
      <span className="meta">
        <Time at={passage.created_at} className="num" />
        <span className="cut by" title={authorOf(passage, agent_name)}>
          {authorOf(passage, agent_name)}
        </span>
        <Tags tags={passage.tags} />
      </span>
      {hit !== null && <Score score={hit.score} best={best} />}
    </button>
  );
}

/** Tags that a row has room for; the number of the others stands behind them. */
const MOST_TAGS = 4;

function Tags({ tags }: Pick<Passage, 'tags'>): JSX.Element {
  const others = tags.slice(MOST_TAGS);
  return (
    <>
      {tags.slice(0, MOST_TAGS).map((tag) => (
        <TagMark key={tag} tag={tag} />
      ))}
      {others.length > 0 && (
        <span className="num" dir="auto" title={others.join(', ')}>
          {t('change.plus', { count: others.length })}
        </span>
      )}
    </>
  );
}

/** A tag that is but read; a long one ends in dots and shows whole on hover. */
export function TagMark({ tag }: { readonly tag: string }): JSX.Element {
  return (
    <span className="tag line">
      <span className="cut" dir="auto" title={tag}>
        {tag}
      </span>
    </span>
  );
}

/** Who put an entry there: "by Ada", "by you", "by an import". */
export function authorOf({ actor }: Pick<Passage, 'actor'>, agent_name: string): string {
  return t(`archive.by.${actor}`, { name: agent_name });
}

function Score({ score, best }: { readonly score: number; readonly best: number }): JSX.Element {
  const share = best > 0 ? Math.max(0, Math.min(1, score / best)) : 0;
  // Scores mean something only beside each other, so the share of the best is shown and the score on hover.
  const number = share.toFixed(2);
  return (
    <span className="score" title={t('archive.score', { score: String(score) })}>
      <i aria-hidden="true">
        <b style={{ width: `${share * 100}%` }} />
      </i>
      <span className="num r">
        <span className="sr">{t('archive.score', { score: number })}</span>
        <span aria-hidden="true">{number}</span>
      </span>
    </span>
  );
}
