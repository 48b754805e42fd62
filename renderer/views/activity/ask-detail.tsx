import type { JSX } from 'react';
import { exactTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { Diff } from '../../ui/diff.tsx';
import { CodeBlock } from '../chat/code-block.tsx';
import { AskWords, ReviewLink, statesOf, type Asked } from './ask-row.tsx';
import { DetailHead, Facts, type DetailProps } from './detail-head.tsx';
import { prettyJson } from './json-tree.ts';
import { StepLink, TalkLink } from './place-links.tsx';

/** Props of {@link AskDetail}. */
export type AskDetailProps = DetailProps & { readonly asked: Asked };

/** What an agent asks: the words or the call in question, why, and the way to answer. */
export function AskDetail({ asked, onClose }: AskDetailProps): JSX.Element {
  const { state, trust } = statesOf(asked);
  const about = asked.kind === 'approval' ? asked.approval : asked.proposal;
  const { id, step_id, conversation_id, message_id, reason } = about;
  return (
    <>
      <DetailHead title={t('activity.question')} id={id} onClose={onClose}>
        {state === 'pending' && <ReviewLink asked={asked} />}
      </DetailHead>
      <Facts
        facts={[
          { name: t('activity.fact.state'), value: t(`activity.asked.${state}`) },
          ...(trust === null
            ? []
            : [{ name: t('activity.fact.trust'), value: t(`activity.trust.${trust}`) }]),
        ]}
      />
      <div className="scroll act-body">
        <p className="act-line">
          <AskWords asked={asked} />
        </p>
        {asked.kind === 'proposal' ? (
          <Diff
            before={asked.proposal.before ?? ''}
            after={asked.proposal.edited ?? asked.proposal.after ?? ''}
            label={asked.proposal.label}
          />
        ) : (
          <div className="act-line">
            <CodeBlock label={t('tool.request')} text={prettyJson(asked.approval.arguments)} />
          </div>
        )}
        <dl className="kv act-kv">
          <dt>{t('activity.fact.when')}</dt>
          <dd>{exactTime(asked.at)}</dd>
          {reason !== null && (
            <>
              <dt>{t('activity.fact.reason')}</dt>
              <dd dir="auto">
                <q>{reason}</q>
              </dd>
            </>
          )}
          <dt>{t('activity.fact.cause')}</dt>
          <dd className="row g3">
            <TalkLink {...{ conversation_id, message_id }} words={t('activity.openMessage')} />
            <StepLink step_id={step_id} />
          </dd>
        </dl>
      </div>
    </>
  );
}
