import { useState, type JSX } from 'react';
import { AppError } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import type { ReviewGroup } from './review-groups.ts';

/** One answer to all that waits of an agent: its changes of memory, and its calls. Nothing where there is but one. */
export function AcceptAll({ group }: { readonly group: ReviewGroup }): JSX.Element | null {
  const stores = useStores();
  const [busy, setBusy] = useState(false);
  const { name } = group.agent;
  const edits = group.items.flatMap((item) => (item.kind === 'edit' ? [item.edit.id] : []));
  const calls = group.items.flatMap((item) =>
    item.kind === 'call' && item.call.kind === 'approval' ? [item.call.id] : [],
  );
  if (edits.length < 2 && calls.length < 2) return null;
  const run = (act: () => Promise<void>): void => {
    setBusy(true);
    attempt(stores, () => act().finally(() => setBusy(false)));
  };
  const approve = (): Promise<void> =>
    stores.review.getState().decide(calls.map((id) => ({ approval_id: id, decision: 'approve' })));
  return (
    <div className="rev-all">
      {edits.length > 1 && (
        <Button
          size="s"
          disabled={busy}
          aria-label={t('review.acceptAllOf', { count: edits.length, name })}
          onClick={() => run(() => acceptEdits(stores, edits))}
        >
          {t('review.acceptAll', { count: edits.length })}
        </Button>
      )}
      {calls.length > 1 && (
        <Button
          size="s"
          disabled={busy}
          aria-label={t('review.approveAllOf', { count: calls.length, name })}
          onClick={() => run(approve)}
        >
          {t('review.approveCalls', { count: calls.length })}
        </Button>
      )}
    </div>
  );
}

/** One after the other, each onto what the one before made. Those in conflict stay for a look of their own. */
async function acceptEdits({ review, toast }: Stores, ids: readonly string[]): Promise<void> {
  let accepted = 0;
  let left = 0;
  for (const proposal_id of ids) {
    try {
      await review.getState().decideProposal({ proposal_id, decision: 'accept' });
      accepted += 1;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      left += 1;
    }
  }
  const words = [t('review.acceptedAll', { count: accepted })];
  if (left > 0) words.push(t('review.leftOver', { count: left }));
  toast.getState().show(words.join(' '));
}
