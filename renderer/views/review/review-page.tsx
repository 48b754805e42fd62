import { ChevronLeft, ClipboardCheck } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { attemptQuietly } from '../../state/attempt.ts';
import { itemsOf } from '../../state/review.ts';
import { useAgents, useReview, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ReviewDetail } from './review-detail.tsx';
import { afterwards, groupItems, type ReviewGroup, type ReviewShow } from './review-groups.ts';
import { type ReviewAct, ReviewList } from './review-list.tsx';
import './review.css';

/** All that waits for a person, of all agents: calls to allow and edits of memory to accept; and what was decided. */
export function ReviewPage(): JSX.Element {
  const [show, setShow] = useState<ReviewShow>('waiting');
  const loaded = useReview((state) => state.loaded);
  const groups = useGroups(show);
  const count = groups.reduce((sum, { items }) => sum + items.length, 0);
  return (
    <main className="page">
      <div className="head">
        <Icon icon={ClipboardCheck} size={20} className="t3" />
        <h1 className="cut">{t('review.title')}</h1>
        {show === 'waiting' && count > 0 && (
          <span className="t12 t2 num" role="status">
            {t('review.count', { count })}
          </span>
        )}
        <span className="grow" />
        <Segments
          label={t('review.show')}
          value={show}
          onChange={setShow}
          options={[
            { value: 'waiting', label: t('review.show.waiting') },
            { value: 'decided', label: t('review.show.decided') },
          ]}
        />
      </div>
      {!loaded && <Skeleton lines={4} />}
      {loaded && groups.length === 0 && <Nothing show={show} />}
      {groups.length > 0 && <Panes key={show} groups={groups} show={show} />}
    </main>
  );
}

/** The items to show by agent. What was decided is read when it is asked for. */
function useGroups(show: ReviewShow): readonly ReviewGroup[] {
  const stores = useStores();
  const agents = useAgents((state) => state.agents);
  const approvals = useReview((state) => state.approvals);
  const proposals = useReview((state) => state.proposals);
  useEffect(() => {
    if (show === 'decided') attemptQuietly(stores, stores.review.getState().loadDecided);
  }, [stores, show]);
  return useMemo(
    () => groupItems(itemsOf({ approvals, proposals }), agents, show),
    [approvals, proposals, agents, show],
  );
}

function Nothing({ show }: { readonly show: ReviewShow }): JSX.Element {
  const key = show === 'waiting' ? 'review.none' : 'review.noneDecided';
  return (
    <div className="scroll rev-none">
      <Empty icon={ClipboardCheck} fact={t(key)} why={t(`${key}.why`)} />
    </div>
  );
}

type PanesProps = { readonly groups: readonly ReviewGroup[]; readonly show: ReviewShow };

function Panes({ groups, show }: PanesProps): JSX.Element {
  const [chosen, setChosen] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [focus_requests, setFocusRequests] = useState(0);
  const detail = useRef<HTMLElement>(null);
  const all = groups.flatMap((group) => group.items.map((item) => ({ item, agent: group.agent })));
  const shown = all.find(({ item }) => item.id === chosen) ?? all[0];
  const backToList = (): void => {
    setOpen(false);
    setFocusRequests((count) => count + 1);
  };
  const act = (wanted: ReviewAct): void => {
    setOpen(true);
    const selector =
      wanted === 'accept' ? '[data-act="accept"],[data-act="return"]' : `[data-act="${wanted}"]`;
    detail.current?.querySelector<HTMLElement>(selector)?.click();
  };
  return (
    <div className="rev" data-open={open}>
      <ReviewList
        groups={groups}
        show={show}
        selected_id={shown?.item.id ?? null}
        focus_requests={focus_requests}
        onSelect={(id, opens) => {
          setChosen(id);
          setOpen(opens);
        }}
        onAct={act}
      />
      <section ref={detail} className="scroll rev-detail" aria-label={t('review.detail')}>
        <Button kind="ghost" size="s" className="only-narrow" onClick={backToList}>
          <Icon icon={ChevronLeft} size={14} />
          {t('review.back')}
        </Button>
        {shown !== undefined && (
          <ReviewDetail
            key={shown.item.id}
            item={shown.item}
            agent={shown.agent}
            onDecided={() => {
              setChosen(afterwards(groups, shown.item.id));
              backToList();
            }}
          />
        )}
      </section>
    </div>
  );
}
