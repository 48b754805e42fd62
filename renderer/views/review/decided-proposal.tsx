import { Ban, Check } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Proposal } from '../../../shared/contract/approvals.ts';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { EditDiff } from './call-body.tsx';
import { decidedEditWords, Said } from './decided-line.tsx';
import { nameOfProposal } from './proposal-card.tsx';
import { ReviewWhy } from './review-why.tsx';

/** Props of {@link DecidedProposal}: `wide` puts both texts side by side. */
export type DecidedProposalProps = {
  readonly proposal: Proposal;
  readonly agent: string;
  readonly wide?: boolean;
};

/** A proposal that waits no more: what became of it, and on demand what it was. */
export function DecidedProposal({ proposal, agent, wide = false }: DecidedProposalProps): JSX.Element {
  const [open, setOpen] = useState(wide);
  const name = nameOfProposal(proposal);
  const accepted = proposal.state === 'accepted';
  return (
    <div className="chg" role="group" aria-label={t('review.proposal', { label: name })}>
      <div className="chg-h">
        <Icon icon={accepted ? Check : Ban} size={14} className={accepted ? 'ok' : 't3'} />
        <span className="lab t3 cut">{accepted ? name : <s>{name}</s>}</span>
        <span className="t12 t2 cut grow">
          {decidedEditWords(proposal)}
          <Said words={proposal.answer} />
        </span>
        <Button kind="ghost" size="s" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('change.why')}
        </Button>
      </div>
      {open && (
        <>
          <EditDiff
            label={name}
            before={proposal.before ?? ''}
            after={proposal.edited ?? proposal.after ?? ''}
            wide={wide && proposal.kind === 'block'}
          />
          <ReviewWhy agent={agent} {...proposal} />
        </>
      )}
    </div>
  );
}
