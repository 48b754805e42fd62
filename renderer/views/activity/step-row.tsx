import { CircleX, Cpu, LoaderCircle, RotateCcw, Search, type LucideIcon } from 'lucide-react';
import type { JSX } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import type { Step } from '../../../shared/contract/steps.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { RowFrame, type RowProps } from './row-frame.tsx';
import { Sentence } from './sentence.tsx';
import { secondsWords } from './step-words.ts';
import { Name, useAgentName } from './who.tsx';

/** Props of {@link StepRow}. */
export type StepRowProps = RowProps & {
  readonly step: Step;
  readonly outcome: Extract<Activity, { kind: 'step' }>['outcome'];
};

/** A step: the tools it called, tokens in and out, its time; one that failed says why and what came after. */
export function StepRow({ step, outcome, ...row }: StepRowProps): JSX.Element {
  const name = useAgentName(step.agent_id);
  const parts = { who: <Name words={name} />, step: String(step.ord) };
  if (step.error !== null) {
    const words = step.kind === 'compaction' ? 'activity.compactionFailed' : 'activity.stepFailed';
    return (
      <RowFrame
        {...row}
        at={step.created_at}
        icon={CircleX}
        tone="error"
        aside={outcome === null ? null : <Outcome step={step} outcome={outcome} />}
      >
        <Sentence text={t(words)} parts={parts} /> <span className="danger">{step.error.message}</span>
      </RowFrame>
    );
  }
  return (
    <RowFrame {...row} at={step.created_at} icon={iconOf(step)} aside={<Cost step={step} />}>
      <Sentence text={t('activity.step')} parts={parts} /> <span className="t2">{step.tools.join(', ')}</span>
    </RowFrame>
  );
}

const SEARCHES: ReadonlySet<string> = new Set(['archival_memory_search', 'conversation_search']);

function iconOf({ tools, state }: Step): LucideIcon {
  if (state !== 'closed') return LoaderCircle;
  return tools.length > 0 && tools.every((name) => SEARCHES.has(name)) ? Search : Cpu;
}

function Cost({ step }: { readonly step: Step }): JSX.Element | null {
  const { usage, timings, state } = step;
  if (usage === null) {
    return state === 'closed' ? null : <span className="t12 t3">{t('activity.underWay')}</span>;
  }
  const took = timings['model_ms'];
  return (
    <span className="row t12 t3 num">
      <span>
        {t('activity.tokens', {
          input: formatNumber(usage.prompt_tokens),
          output: formatNumber(usage.completion_tokens),
        })}
      </span>
      <span className="r ev-took">{took === undefined ? '' : secondsWords(took)}</span>
    </span>
  );
}

function Outcome({
  step,
  outcome,
}: {
  readonly step: Step;
  readonly outcome: NonNullable<StepRowProps['outcome']>;
}): JSX.Element {
  // A call for a summary that came to nothing holds nobody up.
  const words = step.kind === 'compaction' ? 'worked_without' : outcome;
  return (
    <span className="row g1 t12 t3">
      {outcome !== 'given_up' && <Icon icon={RotateCcw} size={12} />}
      {t(`activity.outcome.${words}`)}
    </span>
  );
}
