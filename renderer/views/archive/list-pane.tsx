import { Archive as ArchiveIcon, ListFilter, TriangleAlert } from 'lucide-react';
import type { JSX } from 'react';
import { formatNumber, t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Tag } from '../../ui/tag.tsx';
import { TroubleLink } from '../troubles/trouble-link.tsx';
import { isSearching, rowsOf, type ArchiveState } from './archive-state.ts';
import { EntryList, type EntryListProps } from './entry-list.tsx';
import type { Archive } from './use-archive.ts';

/** Props of {@link ListPane}. */
export type ListPaneProps = Pick<
  EntryListProps,
  'agent_name' | 'focus_requests' | 'onOpen' | 'onMove' | 'onEdit' | 'onTrash'
> & {
  readonly archive: Archive;
  readonly onFilters: () => void;
  readonly onAdd: () => void;
};

/** The middle of the page: how many entries, which filters, then the entries or why there are none. */
export function ListPane(props: ListPaneProps): JSX.Element {
  const { archive, onFilters, onAdd, ...list } = props;
  const { state, actions } = archive;
  const rows = rowsOf(state);
  const total = isSearching(state) ? rows.length : state.total;
  return (
    <div>
      <CountBar archive={archive} onFilters={onFilters} />
      {state.failure !== null && (
        <Empty
          icon={TriangleAlert}
          fact={t('archive.failed')}
          why={state.failure.message}
          action={
            <Button size="s" onClick={() => void actions.refresh()}>
              {t('archive.again')}
            </Button>
          }
        />
      )}
      {state.failure === null && rows.length === 0 && <NoRows archive={archive} onAdd={onAdd} />}
      {rows.length > 0 && (
        <EntryList
          {...list}
          rows={rows}
          total={total}
          selected_id={state.selected_id}
          onNearEnd={actions.loadMore}
        />
      )}
      <Ending state={state} />
    </div>
  );
}

function CountBar({ archive, onFilters }: Pick<ListPaneProps, 'archive' | 'onFilters'>): JSX.Element {
  const { state, actions } = archive;
  return (
    <div className="arc-count">
      <span className="num" role="status" aria-live="polite">
        {countWords(state)}
      </span>
      <Button size="s" className="only-m" onClick={onFilters}>
        <Icon icon={ListFilter} size={14} />
        {t('archive.filters')}
      </Button>
      {state.chosen_tags.map((tag) => (
        <Tag
          key={tag}
          text={tag}
          removeLabel={t('archive.tag.remove', { tag })}
          onRemove={() => actions.setTags(state.chosen_tags.filter((each) => each !== tag))}
        />
      ))}
      <span className="grow" />
      <span className="t12 t3 cut">{isSearching(state) ? t('archive.best') : t('archive.newest')}</span>
    </div>
  );
}

function countWords(state: ArchiveState): string {
  if (!isSearching(state)) return t('archive.count', { count: state.total });
  if (state.found === null) return t('archive.searching');
  const took = formatNumber(Math.round(state.found.took_ms));
  return t('archive.matches', { count: state.found.total, took });
}

function NoRows({ archive, onAdd }: Pick<ListPaneProps, 'archive' | 'onAdd'>): JSX.Element {
  const { state, actions } = archive;
  if (isSearching(state) ? state.found === null : state.loading !== null) return <Skeleton lines={6} />;
  const clear = (
    <Button size="s" onClick={() => actions.setTags([])}>
      {t('archive.noTag.act')}
    </Button>
  );
  const isFiltered = state.chosen_tags.length > 0;
  if (isSearching(state)) {
    return (
      <Empty
        icon={ArchiveIcon}
        fact={t('archive.noMatch', { query: state.found?.query ?? state.query })}
        why={state.found?.why_empty ?? t('archive.noMatch.why')}
        action={
          <>
            {isFiltered && clear}
            <TroubleLink row="empty_search" />
          </>
        }
      />
    );
  }
  if (isFiltered) {
    return <Empty icon={ArchiveIcon} fact={t('archive.noTag')} why={t('archive.noTag.why')} action={clear} />;
  }
  return (
    <Empty
      icon={ArchiveIcon}
      fact={t('archive.empty')}
      why={t('archive.empty.why')}
      action={
        <Button size="s" onClick={onAdd}>
          {t('archive.add')}
        </Button>
      }
    />
  );
}

/** What stands below the last row. */
function Ending({ state }: { readonly state: ArchiveState }): JSX.Element | null {
  const shown = state.found?.hits.length ?? 0;
  if (isSearching(state) && shown > 0 && shown < (state.found?.total ?? 0)) {
    return <p className="foot t12 t3">{t('archive.more', { count: shown })}</p>;
  }
  if (state.loading === 'more') return <p className="foot t12 t3">{t('archive.loadingMore')}</p>;
  return null;
}
