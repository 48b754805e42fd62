import { useEffect, useState, type JSX } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import type { Step } from '../../../shared/contract/steps.ts';
import { exactTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { DetailHead, Facts, type DetailProps } from './detail-head.tsx';
import { speakerOf } from './message-row.tsx';
import { StepLink, TalkLink } from './place-links.tsx';
import { endWords } from './step-words.ts';
import { useAgentName } from './who.tsx';

/** Steps of a run that are listed. */
const MOST_STEPS = 100;

/** Props of {@link MessageDetail}. */
export type MessageDetailProps = DetailProps & {
  readonly opening: Extract<Activity, { kind: 'message' }>;
};

/** The message a run began with, how the run went, and its steps. */
export function MessageDetail({ opening, onClose }: MessageDetailProps): JSX.Element {
  const { message, run, at } = opening;
  const steps = useStepsOf(run.id, run.state);
  return (
    <>
      <DetailHead title={t('activity.message')} id={run.id} onClose={onClose} />
      <Facts
        facts={[
          { name: t('activity.fact.speaker'), value: <span dir="auto">{speakerOf(message)}</span> },
          { name: t('activity.fact.agent'), value: <span dir="auto">{useAgentName(message.agent_id)}</span> },
          { name: t('activity.fact.run'), value: t(`activity.run.${run.state}`) },
        ]}
      />
      <div className="scroll act-body">
        <p className="act-line act-said" dir="auto">
          {message.text}
        </p>
        {run.error !== null && <p className="note warn act-note">{run.error.message}</p>}
        <dl className="kv act-kv">
          <dt>{t('activity.fact.when')}</dt>
          <dd>{exactTime(at)}</dd>
          <dt>{t('activity.fact.talk')}</dt>
          <dd>
            <TalkLink
              conversation_id={message.conversation_id}
              message_id={message.id}
              words={t('activity.openMessage')}
            />
          </dd>
          {steps.map((step) => (
            <StepOfRun key={step.id} step={step} />
          ))}
        </dl>
      </div>
    </>
  );
}

function StepOfRun({ step }: { readonly step: Step }): JSX.Element {
  return (
    <>
      <dt>{t('activity.stepTitle', { step: step.ord })}</dt>
      <dd>
        <StepLink step_id={step.id} words={step.tools.length > 0 ? step.tools.join(', ') : endWords(step)} />
        {step.error !== null && <span className="danger"> {step.error.message}</span>}
      </dd>
    </>
  );
}

/** The steps of a run, the first one first; read again when the run's state is another. */
function useStepsOf(run_id: string, state: string): readonly Step[] {
  const stores = useStores();
  const [steps, setSteps] = useState<readonly Step[]>([]);
  useEffect(() => {
    let isAsked = true;
    attempt(stores, async () => {
      const answer = await stores.client.call('steps.list', { run_id, limit: MOST_STEPS });
      if (isAsked) setSteps(answer.steps.toReversed());
    });
    return () => {
      isAsked = false;
    };
  }, [stores, run_id, state]);
  return steps;
}
