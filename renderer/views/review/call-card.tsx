import { AppWindow, Hand } from 'lucide-react';
import { useMemo, type JSX, type ReactNode } from 'react';
import type { Approval, ApprovalDecision } from '../../../shared/contract/approvals.ts';
import type { Block } from '../../../shared/contract/blocks.ts';
import type { AppError } from '../../../shared/errors.ts';
import { exactTime, untilTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { useReview } from '../../state/stores.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { EditError } from '../state-pane/edit-error.tsx';
import { CallAnswerForm } from './call-answer.tsx';
import { CallBody } from './call-body.tsx';
import { readCall, type ReadCall } from './call-words.ts';
import { fieldsOf } from './edited-arguments.ts';
import { useCallAnswer, type CallAnswer } from './kept-answer.ts';
import { nextWaiting } from './next-waiting.ts';
import { useAttempt } from './use-attempt.ts';

/** Props of {@link CallCard}: `wide` puts texts side by side, `onDecided` runs after a decision. */
export type CallCardProps = {
  readonly approval: Approval;
  /** Of the agent that made the call. */
  readonly agent: string;
  readonly blocks: readonly Block[];
  readonly wide?: boolean;
  readonly onDecided?: () => void;
  /** Between what it would do and the answer: why it is asked for. */
  readonly children?: ReactNode;
};

/** A call that waits: what it would do, and the ways to decide about it. */
export function CallCard(props: CallCardProps): JSX.Element {
  const { approval, agent, blocks, wide = false, onDecided, children } = props;
  const { id, name, kind, arguments: raw } = approval;
  const decide = useReview((state) => state.decide);
  const kept = useCallAnswer(id);
  const { busy, failure, run, forget } = useAttempt();
  const read = useMemo(() => readCall(approval, blocks), [approval, blocks]);
  const answer = async (decision: ApprovalDecision): Promise<void> => {
    const goOn = onDecided ?? nextWaiting(id);
    if (!(await run(() => decide([decision])))) return;
    kept.drop();
    goOn();
  };
  const begin = (begun: CallAnswer): void => {
    forget();
    kept.keep(begun);
  };
  const cancel = (): void => {
    forget();
    kept.drop();
  };
  return (
    <div
      className="chg asks"
      role="group"
      aria-label={t('tool.name', { name })}
      data-review={id}
      tabIndex={-1}
    >
      <div className="chg-h">
        <Title approval={approval} agent={agent} read={read} />
        <Acts
          kind={kind}
          busy={busy}
          mode={kept.value?.mode ?? null}
          onBegin={(mode) => begin(beginning(mode, read))}
          onApprove={() => void answer({ approval_id: id, decision: 'approve' })}
        />
      </div>
      {kind === 'client' && <p className="why">{t('review.client')}</p>}
      {kept.value?.mode !== 'edit' && <CallBody name={name} raw={raw} read={read} wide={wide} />}
      {children}
      {kept.value === null ? (
        <Failure failure={failure} />
      ) : (
        <CallAnswerForm
          approval={approval}
          read={read}
          answer={kept.value}
          busy={busy}
          failure={failure?.message ?? null}
          onChange={begin}
          onAnswer={(decision) => void answer(decision)}
          onCancel={cancel}
        />
      )}
      {wide && <Expiry at={approval.expires_at} />}
    </div>
  );
}

function Failure({ failure }: { readonly failure: AppError | null }): JSX.Element | null {
  return failure === null ? null : <EditError message={failure.message} />;
}

type TitleProps = { readonly approval: Approval; readonly agent: string; readonly read: ReadCall };

function Title({ approval, agent, read }: TitleProps): JSX.Element {
  const isApp = approval.kind === 'client';
  return (
    <>
      <Icon icon={isApp ? AppWindow : Hand} size={14} className="acc" />
      <span className="lab cut">{titleOf(approval, read)}</span>
      <Badge tone="acc">{t(isApp ? 'review.waitsApp' : 'review.waits')}</Badge>
      <span className="t12 t2 cut grow" title={read.words}>
        {t('review.wants', { name: agent, act: read.words })}
      </span>
    </>
  );
}

/** When nobody answering counts as a denial. */
function Expiry({ at }: { readonly at: string | null }): JSX.Element | null {
  if (at === null) return null;
  return (
    <p className="why">
      <ExpiryWords at={at} />
    </p>
  );
}

/** The words of it, for all that waits alike. */
export function ExpiryWords({ at }: { readonly at: string }): JSX.Element {
  const now = useNow();
  return <span title={exactTime(at)}>{t('review.expires', { when: untilTime(at, now) })}</span>;
}

/** What the card is of: the block it would change, the archive, else the tool. */
function titleOf({ name }: Approval, { preview }: ReadCall): string {
  if (preview === null) return name;
  return preview.kind === 'entry' ? t('change.archive') : preview.label;
}

function beginning(mode: CallAnswer['mode'], { args }: ReadCall): CallAnswer {
  if (mode === 'deny') return { mode, reason: '' };
  if (mode === 'return') return { mode, result: '', failed: false };
  return { mode, fields: fieldsOf(args ?? {}), json: args === null ? '{}' : null };
}

type ActsProps = {
  readonly kind: Approval['kind'];
  readonly busy: boolean;
  readonly mode: CallAnswer['mode'] | null;
  readonly onBegin: (mode: CallAnswer['mode']) => void;
  readonly onApprove: () => void;
};

function Acts({ kind, busy, mode, onBegin, onApprove }: ActsProps): JSX.Element {
  const begin = (
    wanted: CallAnswer['mode'],
    words: string,
    look: 'ghost' | 'plain' | 'prim',
  ): JSX.Element => (
    <Button
      kind={look}
      size="s"
      disabled={busy}
      aria-expanded={mode === wanted}
      data-act={wanted}
      onClick={() => onBegin(wanted)}
    >
      {words}
    </Button>
  );
  return (
    <span className="row g1 acts-end">
      {begin('deny', t('review.deny'), 'ghost')}
      {kind === 'client' ? (
        begin('return', t('review.giveAnswer'), 'prim')
      ) : (
        <>
          {begin('edit', t('review.edit'), 'plain')}
          <Button
            kind="prim"
            size="s"
            disabled={busy || mode === 'edit'}
            data-act="accept"
            onClick={onApprove}
          >
            {t('review.approve')}
          </Button>
        </>
      )}
    </span>
  );
}
