import type { JSX } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { exactTime } from '../../messages/time.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { Diff } from '../../ui/diff.tsx';
import { ChangeWords } from './change-row.tsx';
import { DetailHead, Facts, type DetailProps } from './detail-head.tsx';
import { StepLink, TalkLink } from './place-links.tsx';
import { UndoAct, UndoTrouble, useUndo } from './undo-act.tsx';
import { useChanger } from './who.tsx';

/** Props of {@link ChangeDetail}. */
export type ChangeDetailProps = DetailProps & {
  readonly change: MemoryChange;
  readonly agent_ids: readonly string[];
};

/** A change of memory in full: its diff, why, the message and the step it came from, its version. */
export function ChangeDetail({ change, agent_ids, onClose }: ChangeDetailProps): JSX.Element {
  const undo = useUndo(change);
  const who = useChanger(change);
  const title = t(change.kind === 'block' ? 'activity.changeOf' : 'activity.changeOfEntry', {
    label: change.label,
  });
  const { before, after } = change;
  return (
    <>
      <DetailHead title={title} id={change.id} onClose={onClose}>
        <UndoAct change={change} undo={undo} />
      </DetailHead>
      <Facts
        facts={[
          { name: t('activity.fact.author'), value: <span dir="auto">{who}</span> },
          { name: t('activity.fact.version'), value: formatNumber(change.version) },
          { name: t('activity.fact.trust'), value: t(`activity.trust.${change.trust}`) },
        ]}
      />
      <div className="scroll act-body">
        <p className="act-line">
          <ChangeWords change={change} agent_ids={agent_ids} />
        </p>
        {before === after ? (
          <p className="t2 act-line">{t('change.same')}</p>
        ) : (
          <Diff before={before ?? ''} after={after ?? ''} label={change.label} />
        )}
        <UndoTrouble change={change} undo={undo} />
        <Cause change={change} who={who} />
      </div>
    </>
  );
}

function Cause({ change, who }: { readonly change: MemoryChange; readonly who: string }): JSX.Element {
  return (
    <dl className="kv act-kv">
      <dt>{t('activity.fact.when')}</dt>
      <dd>{exactTime(change.created_at)}</dd>
      <dt>{t('activity.fact.reason')}</dt>
      <dd dir="auto">
        {change.reason === null ? t('change.noReason', { name: who }) : <q>{change.reason}</q>}
      </dd>
      {change.message_id !== null && (
        <>
          <dt>{t('activity.fact.cause')}</dt>
          <dd>
            <TalkLink
              conversation_id={change.conversation_id}
              message_id={change.message_id}
              words={t('activity.openMessage')}
            />
          </dd>
        </>
      )}
      {change.step_id !== null && (
        <>
          <dt>{t('activity.fact.step')}</dt>
          <dd>
            <StepLink step_id={change.step_id} />
          </dd>
        </>
      )}
    </dl>
  );
}
