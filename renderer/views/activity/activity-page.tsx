import { Activity as ActivityIcon, SearchX, TriangleAlert } from 'lucide-react';
import { useState, type JSX, type KeyboardEvent } from 'react';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ActivityHead } from './activity-head.tsx';
import { EMPTY_ACTIVITY, idOf, type ActivityState } from './activity-state.ts';
import './activity.css';
import type { ActivityActions } from './activity-store.ts';
import { DetailPane } from './detail-pane.tsx';
import { Feed } from './feed.tsx';
import { useActivity } from './use-activity.ts';
import { useOpened, useOpenedId } from './use-opened.ts';
import { useReach } from './use-reach.ts';

/** What happened to memory and in steps, of all agents, and each thing in full. */
export function ActivityPage(): JSX.Element {
  const { state, actions } = useActivity();
  const [id, open] = useOpenedId();
  const [focus_requests, setFocusRequests] = useState(0);
  const opened = useOpened(id, state.items);
  useReach(opened, state, actions);
  const close = (): void => {
    open(null);
    setFocusRequests(focus_requests + 1);
  };
  const enterList = (): void => {
    const [first] = state.items;
    if (first === undefined) return;
    if (!state.items.some((each) => idOf(each) === id)) open(idOf(first));
    setFocusRequests(focus_requests + 1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isInMenu = event.target instanceof Element && event.target.closest('[role="menu"]') !== null;
    if (event.key !== 'Escape' || event.defaultPrevented || id === null || isInMenu) return;
    event.preventDefault();
    close();
  };
  return (
    <main className="page" onKeyDown={onKeyDown}>
      <h1 className="sr">{t('nav.activity')}</h1>
      <ActivityHead state={state} onFilter={actions.setFilter} onLeave={enterList} />
      <div className="activity">
        <div className="act-list">
          <List
            state={state}
            actions={actions}
            selected_id={id}
            focus_requests={focus_requests}
            onOpen={(next) => open(next)}
          />
        </div>
        <aside className="act-det" data-open={id !== null} aria-label={t('activity.detail')}>
          <DetailPane opened={opened} onOpen={open} onClose={close} />
        </aside>
      </div>
    </main>
  );
}

type ListProps = {
  readonly state: ActivityState;
  readonly actions: ActivityActions;
  readonly selected_id: string | null;
  readonly focus_requests: number;
  readonly onOpen: (id: string) => void;
};

function List({ state, actions, selected_id, focus_requests, onOpen }: ListProps): JSX.Element {
  const { items, loading, failure, filter } = state;
  return (
    <>
      {failure !== null && (
        <div className="note warn act-note" role="alert">
          <span className="grow wrap">{t('activity.failed', { message: failure.message })}</span>
          <Button size="s" onClick={() => void actions.refresh()}>
            {t('activity.again')}
          </Button>
        </div>
      )}
      {items.length === 0 &&
        failure === null &&
        (loading === null ? <Nothing {...{ filter, actions }} /> : <Skeleton lines={8} />)}
      {items.length > 0 && (
        <Feed
          items={items}
          days={state.days}
          filter={filter}
          selected_id={selected_id}
          focus_requests={focus_requests}
          onOpen={onOpen}
          onMove={onOpen}
          onNearEnd={actions.loadMore}
        />
      )}
      <p className="sr" role="status">
        {loading === 'more' ? t('activity.loadingMore') : ''}
      </p>
    </>
  );
}

type NothingProps = { readonly filter: ActivityState['filter']; readonly actions: ActivityActions };

function Nothing({ filter, actions }: NothingProps): JSX.Element {
  const any = { ...EMPTY_ACTIVITY.filter, period: 'any' } as const;
  const isNarrowed = filter.query.trim() !== '' || filter.agent_id !== null || filter.author !== null;
  if (isNarrowed) {
    return (
      <Empty
        icon={SearchX}
        fact={t('activity.noMatch')}
        why={t('activity.noMatch.why', { period: t(`activity.period.${filter.period}`) })}
        action={
          filter.period === 'any' ? undefined : (
            <Button onClick={() => actions.setFilter({ period: 'any' })}>{t('activity.noMatch.act')}</Button>
          )
        }
      />
    );
  }
  if (filter.show === 'errors') {
    return <Empty icon={TriangleAlert} fact={t('activity.noErrors')} why={t('activity.noErrors.why')} />;
  }
  return (
    <Empty
      icon={ActivityIcon}
      fact={t('activity.empty', { period: t(`activity.period.${filter.period}`) })}
      why={t('activity.empty.why')}
      action={
        filter.period === 'any' ? undefined : (
          <Button onClick={() => actions.setFilter(any)}>{t('activity.empty.act')}</Button>
        )
      }
    />
  );
}
