import type { JSX } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import { exactTime } from '../../messages/time.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { messagesOf } from './compaction-row.tsx';
import { DetailHead, Facts, type DetailProps } from './detail-head.tsx';
import { StepLink } from './place-links.tsx';
import { Sentence } from './sentence.tsx';
import { Name, useAgentName } from './who.tsx';

/** Props of {@link CompactionDetail}. */
export type CompactionDetailProps = DetailProps & {
  readonly compaction: Extract<Activity, { kind: 'compaction' }>;
};

/** A compaction in full: what left the window, why, who wrote the summary, and the step that asked for it. */
export function CompactionDetail({ compaction, onClose }: CompactionDetailProps): JSX.Element {
  const { summary, agent_id, step_id } = compaction;
  const { stats } = summary;
  const who = <Name words={useAgentName(agent_id)} />;
  return (
    <>
      <DetailHead title={t('activity.compaction')} id={summary.id} onClose={onClose} />
      <Facts
        facts={[
          { name: t('activity.fact.messages'), value: formatNumber(messagesOf(summary)) },
          { name: t('activity.fact.before'), value: formatNumber(stats.tokens_before) },
          { name: t('activity.fact.after'), value: formatNumber(stats.tokens_after) },
        ]}
      />
      <div className="scroll act-body">
        <p className="act-line">
          <Sentence text={t('activity.compacted')} parts={{ who }} />{' '}
          {t('activity.compacted.messages', { count: messagesOf(summary) })}.{' '}
          {t(`activity.trigger.${stats.trigger}`)}
        </p>
        <dl className="kv act-kv">
          <dt>{t('activity.fact.when')}</dt>
          <dd>{exactTime(summary.created_at)}</dd>
          <dt>{t('activity.fact.writer')}</dt>
          <dd>{summary.model ?? stats.fallback ?? t('activity.noModel')}</dd>
          {step_id !== null && (
            <>
              <dt>{t('activity.fact.step')}</dt>
              <dd>
                <StepLink step_id={step_id} />
              </dd>
            </>
          )}
        </dl>
      </div>
    </>
  );
}
