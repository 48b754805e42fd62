import { FilePen } from 'lucide-react';
import { useMemo, type JSX } from 'react';
import type { Proposal } from '../../../shared/contract/approvals.ts';
import type { Block, MemoryChange } from '../../../shared/contract/blocks.ts';
import type { InputOf } from '../../../shared/contract/index.ts';
import { t } from '../../messages/t.ts';
import { useReview } from '../../state/stores.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DiffCounts } from '../../ui/diff.tsx';
import { Icon } from '../../ui/icon.tsx';
import { diffWords } from '../../ui/word-diff.ts';
import { EditError } from '../state-pane/edit-error.tsx';
import { AnswerForm } from './answer-form.tsx';
import { EditDiff, Tags } from './call-body.tsx';
import { ProposalConflict, readConflict } from './proposal-conflict.tsx';
import { type EditAnswer, useEditAnswer } from './kept-answer.ts';
import { nextWaiting } from './next-waiting.ts';
import { ReviewWhy } from './review-why.tsx';
import { type Attempt, useAttempt } from './use-attempt.ts';

/** Props of {@link ProposalCard}: `block` is the one it would change, when it is known. */
export type ProposalCardProps = {
  readonly proposal: Proposal;
  readonly agent: string;
  readonly block: Block | null;
  readonly wide?: boolean;
  /** Runs after a decision, with the change it became. */
  readonly onDecided?: (change: MemoryChange | null) => void;
};

/** An edit an agent proposes: its words, why, and the ways to decide about it. */
export function ProposalCard(props: ProposalCardProps): JSX.Element {
  const { proposal, agent, block, wide = false } = props;
  const kept = useEditAnswer(proposal.id);
  const { attempt, decide } = useDecide(props, kept.drop);
  const { busy, forget } = attempt;
  const begin = (answer: EditAnswer): void => {
    forget();
    kept.keep(answer);
  };
  const begins: BeginProps = {
    busy,
    mode: kept.value?.mode ?? null,
    onReject: () => begin({ mode: 'reject', reason: '' }),
    onEdit: () => begin({ mode: 'edit', text: proposal.after ?? '', base_version: null }),
    onAccept: () => decide({ decision: 'accept' }),
  };
  const name = nameOfProposal(proposal);
  return (
    <div
      className="chg asks"
      role="group"
      aria-label={t('review.proposal', { label: name })}
      data-review={proposal.id}
      tabIndex={-1}
    >
      <Head proposal={proposal} {...begins} />
      {kept.value?.mode !== 'edit' && <Words proposal={proposal} wide={wide} />}
      {kept.value === null && attempt.failure === null && <Older proposal={proposal} block={block} />}
      <ReviewWhy agent={agent} {...proposal} />
      <EditAnswering
        proposal={proposal}
        answer={kept.value}
        attempt={attempt}
        onChange={begin}
        onDecide={decide}
        onCancel={() => {
          forget();
          kept.drop();
        }}
      />
    </div>
  );
}

/** The words it would change, with the tags of an entry. */
function Words({ proposal, wide }: { readonly proposal: Proposal; readonly wide: boolean }): JSX.Element {
  const { kind, before, after, tags } = proposal;
  return (
    <>
      <EditDiff
        label={nameOfProposal(proposal)}
        before={before ?? ''}
        after={after ?? ''}
        wide={wide && kind === 'block'}
      />
      {tags.length > 0 && <Tags tags={tags} />}
    </>
  );
}

/** Says so when the block reads otherwise by now. */
function Older({ proposal, block }: Pick<ProposalCardProps, 'proposal' | 'block'>): JSX.Element | null {
  const { base_version, before } = proposal;
  if (block === null || block.version <= base_version || block.value === (before ?? '')) return null;
  return <p className="why">{t('review.older', { label: nameOfProposal(proposal) })}</p>;
}

/** What a proposal is of: the block's label, or the archive. */
export function nameOfProposal({ kind, label }: Proposal): string {
  return kind === 'passage' ? t('change.archive') : label;
}

type Decision = Omit<InputOf<'proposals.decide'>, 'proposal_id'>;

function useDecide(
  { proposal, onDecided }: ProposalCardProps,
  drop: () => void,
): { readonly attempt: Attempt; readonly decide: (decision: Decision) => void } {
  const decideProposal = useReview((state) => state.decideProposal);
  const attempt = useAttempt();
  const decide = (decision: Decision): void => {
    const goOn = onDecided ?? nextWaiting(proposal.id);
    const act = async (): Promise<void> => {
      const change = await decideProposal({ proposal_id: proposal.id, ...decision });
      drop();
      goOn(change);
    };
    void attempt.run(act);
  };
  return { attempt, decide };
}

type BeginProps = {
  readonly busy: boolean;
  readonly mode: EditAnswer['mode'] | null;
  readonly onReject: () => void;
  readonly onEdit: () => void;
  readonly onAccept: () => void;
};

function Head({
  proposal,
  busy,
  mode,
  onReject,
  onEdit,
  onAccept,
}: BeginProps & { proposal: Proposal }): JSX.Element {
  const { before, after, kind } = proposal;
  const diff = useMemo(() => diffWords(before ?? '', after ?? ''), [before, after]);
  return (
    <div className="chg-h">
      <Icon icon={FilePen} size={14} className="acc" />
      <span className="lab cut">{nameOfProposal(proposal)}</span>
      <Badge tone="acc">{t('review.proposed')}</Badge>
      {kind === 'block' ? (
        <DiffCounts diff={diff} words />
      ) : (
        <span className="pm">
          <span className="a">{t('change.entry', { count: 1 })}</span>
        </span>
      )}
      <span className="t12 t2 cut grow">{t('review.notYet')}</span>
      <span className="row g1 acts-end">
        <Button
          kind="ghost"
          size="s"
          disabled={busy}
          aria-expanded={mode === 'reject'}
          data-act="deny"
          onClick={onReject}
        >
          {t('review.reject')}
        </Button>
        <Button size="s" disabled={busy} aria-expanded={mode === 'edit'} data-act="edit" onClick={onEdit}>
          {t('review.edit')}
        </Button>
        <Button kind="prim" size="s" disabled={busy || mode === 'edit'} data-act="accept" onClick={onAccept}>
          {t('review.accept')}
        </Button>
      </span>
    </div>
  );
}

type AnsweringProps = {
  readonly proposal: Proposal;
  readonly answer: EditAnswer | null;
  readonly attempt: Attempt;
  readonly onChange: (answer: EditAnswer) => void;
  readonly onDecide: (decision: Decision) => void;
  readonly onCancel: () => void;
};

/** What is written about a proposal, or what stands in its way. */
function EditAnswering(props: AnsweringProps): JSX.Element | null {
  const { proposal, answer, attempt, onChange, onDecide, onCancel } = props;
  const { busy, failure } = attempt;
  const conflict = readConflict(failure);
  if (conflict !== null) {
    return (
      <ProposalConflict
        label={nameOfProposal(proposal)}
        conflict={conflict}
        busy={busy}
        onTake={() => onDecide({ decision: 'accept', text: conflict.yours, base_version: conflict.version })}
        onMerge={(text) => onChange({ mode: 'edit', text, base_version: conflict.version })}
        onLeave={onCancel}
      />
    );
  }
  const words = failure?.message ?? null;
  if (answer === null) return words === null ? null : <EditError message={words} />;
  const shared = { busy, failure: words, onCancel };
  if (answer.mode === 'reject') {
    return (
      <AnswerForm
        {...shared}
        label={t('review.rejectWhy')}
        act={t('review.reject')}
        text={answer.reason}
        onChange={(reason) => onChange({ mode: 'reject', reason })}
        onAct={() => onDecide(rejection(answer.reason))}
      />
    );
  }
  return (
    <AnswerForm
      {...shared}
      label={t('review.textOf', { label: nameOfProposal(proposal) })}
      act={t('review.acceptEdited')}
      rows={Math.min(16, answer.text.split('\n').length + 1)}
      needed={proposal.kind === 'passage'}
      text={answer.text}
      onChange={(text) => onChange({ ...answer, text })}
      onAct={() => onDecide(acceptance(answer))}
    />
  );
}

function rejection(reason: string): Decision {
  const said = reason.trim();
  return { decision: 'reject', ...(said === '' ? {} : { reason: said }) };
}

function acceptance({ text, base_version }: Extract<EditAnswer, { mode: 'edit' }>): Decision {
  return { decision: 'accept', text, ...(base_version === null ? {} : { base_version }) };
}
