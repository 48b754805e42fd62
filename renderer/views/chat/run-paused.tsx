import { Hand } from 'lucide-react';
import { useMemo, useState, type JSX } from 'react';
import type { Approval } from '../../../shared/contract/approvals.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { waitingCalls } from '../../state/review.ts';
import { useAgent, useReview, useStores, useTalk } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { AnswerForm } from '../review/answer-form.tsx';
import { nextWaiting } from '../review/next-waiting.ts';
import { denial } from '../review/call-answer.tsx';
import { ExpiryWords } from '../review/call-card.tsx';

/** Under an answer that waits for a person: what for, and one answer to all of it where there are several calls. */
export function RunPaused(): JSX.Element | null {
  const run = useTalk((state) => state.run);
  const approvals = useReview((state) => state.approvals);
  const calls = useMemo(
    () => (run?.state === 'waiting' ? waitingCalls({ approvals }, run.id) : []),
    [run, approvals],
  );
  if (run?.state !== 'waiting') return null;
  return (
    <div className="trouble paused" role="group" aria-label={t('review.paused')}>
      <Icon icon={Hand} className="acc" />
      <span className="grow wrap" role="status">
        <PausedWords calls={calls} />
      </span>
      {calls.length > 1 && <All calls={calls} />}
    </div>
  );
}

function PausedWords({ calls }: { readonly calls: readonly Approval[] }): JSX.Element {
  const name = useAgent()?.name ?? '';
  const own = calls.filter(({ kind }) => kind === 'approval').length;
  const others = calls.length - own;
  const [first] = calls.flatMap(({ expires_at }) => expires_at ?? []).toSorted();
  return (
    <>
      <span className="em">{t('run.paused', { name })}</span>
      <span className="block t2">
        {own > 0 && t('run.paused.calls', { count: own })}{' '}
        {others > 0 && t('run.paused.apps', { count: others })}
        {calls.length === 0 && t('run.paused.decided')} {first !== undefined && <ExpiryWords at={first} />}
      </span>
    </>
  );
}

/** Approve all and Deny all; what an app has to answer can only be denied at once. */
function All({ calls }: { readonly calls: readonly Approval[] }): JSX.Element {
  const stores = useStores();
  const [reason, setReason] = useState<string | null>(null);
  const { decide } = stores.review.getState();
  const own = calls.filter(({ kind }) => kind === 'approval');
  const approve = (): void =>
    attempt(stores, async () => {
      await decide(own.map(({ id }) => ({ approval_id: id, decision: 'approve' })));
      nextWaiting('')();
    });
  const deny = (): void =>
    attempt(stores, async () => {
      await decide(calls.map(({ id }) => denial(id, reason ?? '')));
      setReason(null);
      nextWaiting('')();
    });
  return (
    <>
      <span className="row g1">
        <Button kind="ghost" size="s" aria-expanded={reason !== null} onClick={() => setReason('')}>
          {t('review.denyAll')}
        </Button>
        {own.length > 0 && (
          <Button kind="prim" size="s" onClick={approve}>
            {t('review.approveAll', { count: own.length })}
          </Button>
        )}
      </span>
      {reason !== null && (
        <AnswerForm
          label={t('review.denyAllWhy')}
          act={t('review.denyAll')}
          text={reason}
          busy={false}
          failure={null}
          onChange={setReason}
          onAct={deny}
          onCancel={() => setReason(null)}
        />
      )}
    </>
  );
}
