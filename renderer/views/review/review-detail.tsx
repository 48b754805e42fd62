import type { JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { Approval, Proposal } from '../../../shared/contract/approvals.ts';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { isWaiting, type ReviewItem } from '../../state/review.ts';
import { Time } from '../../ui/time.tsx';
import { CallBody } from './call-body.tsx';
import { CallCard } from './call-card.tsx';
import { readCall } from './call-words.ts';
import { DecidedLine } from './decided-line.tsx';
import { DecidedProposal } from './decided-proposal.tsx';
import { nameOfProposal, ProposalCard } from './proposal-card.tsx';
import { ReviewWhy } from './review-why.tsx';
import { useAgentBlocks } from './use-agent-blocks.ts';
import { type ItemContext, useItemContext } from './use-item-context.ts';

/** Props of {@link ReviewDetail}: `onDecided` goes on to the next item. */
export type ReviewDetailProps = {
  readonly item: ReviewItem;
  readonly agent: Agent;
  readonly onDecided: () => void;
};

/** One item in full: what led to it, what it would do, and the ways to decide. */
export function ReviewDetail({ item, agent, onDecided }: ReviewDetailProps): JSX.Element {
  const context = useItemContext(item);
  return (
    <div className="rev-one">
      <Said context={context} />
      {item.kind === 'call' ? (
        <Call call={item.call} agent={agent} context={context} onDecided={onDecided} />
      ) : (
        <Edit edit={item.edit} agent={agent} onDecided={onDecided} />
      )}
      {isWaiting(item) && <p className="t12 t3 hide-s">{t('review.keys')}</p>}
    </div>
  );
}

/** What a person said last before it, folded when it is long. */
function Said({ context: { said } }: { readonly context: ItemContext }): JSX.Element | null {
  if (said === null) return null;
  return (
    <div className="rev-said">
      <p className="t12 t3">
        {t('review.said')}, <Time at={said.created_at} />
      </p>
      <blockquote className="wrap" dir="auto" title={said.text.slice(0, MOST_HOVERED)}>
        {said.text}
      </blockquote>
    </div>
  );
}

/** Characters that hovering shows. */
const MOST_HOVERED = 1000;

type CallProps = {
  readonly call: Approval;
  readonly agent: Agent;
  readonly context: ItemContext;
  readonly onDecided: () => void;
};

function Call({ call, agent, context, onDecided }: CallProps): JSX.Element {
  const blocks = useAgentBlocks(agent.id);
  const why = (
    <ReviewWhy
      agent={agent.name}
      reason={context.reason}
      trust={null}
      message_id={call.message_id}
      conversation_id={call.conversation_id}
    />
  );
  if (call.state === 'pending') {
    return (
      <CallCard approval={call} agent={agent.name} blocks={blocks} wide onDecided={onDecided}>
        {why}
      </CallCard>
    );
  }
  const read = readCall(call, []);
  return (
    <div className="chg" role="group" aria-label={t('tool.name', { name: call.name })}>
      <div className="chg-h">
        <span className="lab cut">{call.name}</span>
        <span className="t12 t2 cut grow">{t('review.wants', { name: agent.name, act: read.words })}</span>
      </div>
      <CallBody name={call.name} raw={call.arguments} read={{ ...read, preview: null }} wide />
      {why}
      <div className="px-2 pb-2">
        <DecidedLine approval={call} />
      </div>
    </div>
  );
}

type EditProps = { readonly edit: Proposal; readonly agent: Agent; readonly onDecided: () => void };

function Edit({ edit, agent, onDecided }: EditProps): JSX.Element {
  const stores = useStores();
  const blocks = useAgentBlocks(agent.id);
  const onAccepted = (change: MemoryChange | null): void => {
    onDecided();
    if (change === null) return;
    // It is out of sight by then, so its way back is offered here.
    stores.toast.getState().show(t('review.accepted', { label: nameOfProposal(edit) }), {
      label: t('undo'),
      run: () => attempt(stores, () => stores.memory.getState().undo(change.id)),
    });
  };
  if (edit.state !== 'pending') return <DecidedProposal proposal={edit} agent={agent.name} wide />;
  const block = blocks.find(({ id }) => id === edit.target_id) ?? null;
  return <ProposalCard proposal={edit} agent={agent.name} block={block} wide onDecided={onAccepted} />;
}
