import { Ban, Check, Clock, CornerDownLeft } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Approval, Proposal } from '../../../shared/contract/approvals.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { CodeBlock } from '../chat/code-block.tsx';

const CALL_ICONS = {
  approved: Check,
  returned: CornerDownLeft,
  denied: Ban,
  expired: Clock,
  cancelled: Ban,
} as const satisfies Record<Exclude<Approval['state'], 'pending'>, typeof Check>;

/** Under a call that was asked for: who decided how, why, and with which arguments it ran instead. */
export function DecidedLine({ approval }: { readonly approval: Approval }): JSX.Element | null {
  const [open, setOpen] = useState(false);
  const { state, reason, edited_arguments, decided_at } = approval;
  if (state === 'pending') return null;
  return (
    <div className="decided">
      <p role="note">
        <Icon icon={CALL_ICONS[state]} size={12} className={state === 'approved' ? 'ok' : 't3'} />
        <span className="wrap">
          {callWords(approval)}
          <Said words={reason} />
          {decided_at !== null && (
            <>
              , <Time at={decided_at} className="num" />
            </>
          )}
        </span>
        {edited_arguments !== null && (
          <button type="button" className="link t12" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('review.changedArguments')}
          </button>
        )}
      </p>
      {open && edited_arguments !== null && (
        <CodeBlock
          sign="→"
          label={t('review.changedArguments')}
          text={JSON.stringify(edited_arguments, null, 2)}
        />
      )}
    </div>
  );
}

/** What a person said to a decision, if anything. */
export function Said({ words }: { readonly words: string | null }): JSX.Element | null {
  const said = words?.trim() ?? '';
  if (said === '') return null;
  return (
    <>
      : <q dir="auto">{said}</q>
    </>
  );
}

function callWords({ state, decided_by, edited_arguments }: Approval): string {
  const by = t(`review.by.${decided_by ?? 'system'}`);
  if (state === 'approved' && edited_arguments !== null) return t('review.was.approvedEdited', { by });
  return t(`review.was.${state === 'pending' ? 'cancelled' : state}`, { by });
}

/** How an edit was decided that waits no more. */
export function decidedEditWords({ state, edited, after, change_id }: Proposal): string {
  if (state === 'withdrawn') return t('review.was.withdrawn');
  if (state === 'rejected') return t('review.was.rejected');
  if (change_id === null) return t('review.was.acceptedAlready');
  const key: MessageKey =
    edited === null || edited === after ? 'review.was.accepted' : 'review.was.acceptedEdited';
  return t(key);
}
