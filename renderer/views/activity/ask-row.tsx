import { Hand } from 'lucide-react';
import type { JSX } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import { t } from '../../messages/t.ts';
import { RowFrame, type RowProps } from './row-frame.tsx';
import { Sentence } from './sentence.tsx';
import { Name, useAgentName } from './who.tsx';

/** What an agent asked a person: whether a call may run, or an edit of memory may stand. */
export type Asked = Extract<Activity, { kind: 'approval' | 'proposal' }>;

/** Props of {@link AskRow}. */
export type AskRowProps = RowProps & { readonly asked: Asked };

/** What an agent asks, with the way to answer it; once answered, what became of it. */
export function AskRow({ asked, ...row }: AskRowProps): JSX.Element {
  const { state, trust } = statesOf(asked);
  const pending = state === 'pending';
  return (
    <RowFrame
      {...row}
      at={asked.at}
      icon={Hand}
      tone="memory"
      aside={pending ? null : <span className="t12 t3">{t(`activity.asked.${state}`)}</span>}
      acts={pending ? <ReviewLink asked={asked} /> : null}
    >
      <AskWords asked={asked} />
      {trust === 'tool_output_external' && <span className="t2"> {t('activity.asks.external')}</span>}
    </RowFrame>
  );
}

/** Who asks what, in a sentence. */
export function AskWords({ asked }: { readonly asked: Asked }): JSX.Element {
  const [agent_id, label] =
    asked.kind === 'approval'
      ? [asked.approval.agent_id, asked.approval.name]
      : [asked.proposal.agent_id, asked.proposal.label];
  const who = <Name words={useAgentName(agent_id)} />;
  return <Sentence text={t(wordsOf(asked))} parts={{ who, label: <Name words={label} /> }} />;
}

function wordsOf(
  asked: Asked,
): 'activity.asks.run' | 'activity.asks.client' | 'activity.asks.file' | 'activity.asks.change' {
  if (asked.kind === 'approval')
    return asked.approval.kind === 'client' ? 'activity.asks.client' : 'activity.asks.run';
  return asked.proposal.kind === 'passage' ? 'activity.asks.file' : 'activity.asks.change';
}

/** The state of what was asked, and how far its cause can be trusted where that is known. */
export function statesOf(asked: Asked): {
  readonly state:
    | Extract<Asked, { kind: 'approval' }>['approval']['state']
    | Extract<Asked, { kind: 'proposal' }>['proposal']['state'];
  readonly trust: Extract<Asked, { kind: 'proposal' }>['proposal']['trust'] | null;
} {
  if (asked.kind === 'approval') return { state: asked.approval.state, trust: null };
  return { state: asked.proposal.state, trust: asked.proposal.trust };
}

/** Leads to where what is asked can be decided. */
export function ReviewLink({ asked }: Pick<AskRowProps, 'asked'>): JSX.Element {
  const label = asked.kind === 'approval' ? asked.approval.name : asked.proposal.label;
  return (
    <a className="btn s" href="#/review" aria-label={t('activity.reviewName', { label })}>
      {t('activity.review')}
    </a>
  );
}
