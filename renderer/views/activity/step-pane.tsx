import { ChevronLeft, ChevronRight, MessageCircle, Play } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import type { Step } from '../../../shared/contract/steps.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { DetailHead, Facts, type DetailProps } from './detail-head.tsx';
import { goToTalk } from './go-to-talk.ts';
import { ReplayPanel } from './replay-panel.tsx';
import { StepDetail } from './step-detail.tsx';
import { cachedPercent, endWords } from './step-words.ts';
import { useStep, type WholeStep } from './use-step.ts';

/** Props of {@link StepPane}: `step` is what the list knows of it. */
export type StepPaneProps = DetailProps & {
  readonly step: Step;
  readonly outcome: Extract<Activity, { kind: 'step' }>['outcome'];
};

/** A step in full, or asking it again. */
export function StepPane({ step: listed, outcome, onOpen, onClose }: StepPaneProps): JSX.Element {
  const { whole, failure, again } = useStep(listed.id);
  const [replaying, setReplaying] = useState(false);
  const step = whole?.step ?? listed;
  if (replaying && whole !== null) {
    return <ReplayPanel whole={whole} onMade={again} onBack={() => setReplaying(false)} onClose={onClose} />;
  }
  return (
    <>
      <DetailHead title={t('activity.stepTitle', { step: step.ord })} id={step.id} onClose={onClose}>
        <Neighbours whole={whole} onOpen={onOpen} />
        <Button
          kind="ghost"
          size="s"
          disabled={(whole?.prompt ?? null) === null}
          title={whole !== null && whole.prompt === null ? t('activity.replay.impossible') : undefined}
          onClick={() => setReplaying(true)}
        >
          <Icon icon={Play} size={12} />
          {t('activity.replay')}
        </Button>
      </DetailHead>
      <StepFacts step={step} />
      {failure !== null && (
        <p className="note warn act-note" role="alert">
          {failure}
        </p>
      )}
      {whole === null ? <Skeleton lines={6} /> : <StepDetail whole={whole} outcome={outcome} />}
    </>
  );
}

type NeighboursProps = Pick<DetailProps, 'onOpen'> & { readonly whole: WholeStep | null };

function Neighbours({ whole, onOpen }: NeighboursProps): JSX.Element {
  const stores = useStores();
  const { previous_id = null, next_id = null, message_id = null } = whole ?? {};
  const conversation_id = whole?.step.conversation_id ?? '';
  return (
    <>
      <IconButton
        icon={ChevronLeft}
        label={t('activity.previous')}
        disabled={previous_id === null}
        onClick={() => previous_id !== null && onOpen(previous_id)}
      />
      <IconButton
        icon={ChevronRight}
        label={t('activity.next')}
        disabled={next_id === null}
        onClick={() => next_id !== null && onOpen(next_id)}
      />
      <IconButton
        icon={MessageCircle}
        label={t('activity.openMessage')}
        disabled={message_id === null}
        onClick={() =>
          message_id !== null && attempt(stores, () => goToTalk(stores, { conversation_id, message_id }))
        }
      />
    </>
  );
}

function StepFacts({ step }: { readonly step: Step }): JSX.Element {
  const { usage } = step;
  const percent = cachedPercent(step);
  const none = <span className="t3">{t('activity.unknown')}</span>;
  return (
    <Facts
      facts={[
        {
          name: t('activity.fact.model'),
          value: <span title={step.model}>{step.model.slice(step.model.indexOf('/') + 1)}</span>,
        },
        {
          name: (
            <>
              {t('activity.fact.in')}
              {percent !== null && <span className="hide-m">{t('activity.fact.cached', { percent })}</span>}
            </>
          ),
          value: usage === null ? none : formatNumber(usage.prompt_tokens),
        },
        {
          name: t('activity.fact.out'),
          value: usage === null ? none : formatNumber(usage.completion_tokens),
        },
        { name: t('activity.fact.end'), value: endWords(step) },
      ]}
    />
  );
}
