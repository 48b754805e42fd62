import { CircleX, MessageCircle } from 'lucide-react';
import type { JSX } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import { t } from '../../messages/t.ts';
import { RowFrame, type RowProps } from './row-frame.tsx';
import { Sentence } from './sentence.tsx';
import { Name, useAgentName } from './who.tsx';

type Opening = Extract<Activity, { kind: 'message' }>;

/** Props of {@link MessageRow}. */
export type MessageRowProps = RowProps & Pick<Opening, 'message' | 'run' | 'at'>;

/** The message a run began with. A run that failed before its first step says so here. */
export function MessageRow({ message, run, at, ...row }: MessageRowProps): JSX.Element {
  const agent = useAgentName(message.agent_id);
  const failed = run.state === 'failed' && run.step_count === 0;
  return (
    <RowFrame {...row} at={at} icon={failed ? CircleX : MessageCircle} tone={failed ? 'error' : 'plain'}>
      <Sentence
        text={t('activity.said')}
        parts={{ who: <Name words={speakerOf(message)} />, agent: <span dir="auto">{agent}</span> }}
      />{' '}
      <span className={failed ? 'danger' : 't2'}>{failed ? (run.error?.message ?? '') : message.text}</span>
    </RowFrame>
  );
}

/** Who said it. */
export function speakerOf({ role, name }: Opening['message']): string {
  return name ?? t(role === 'user' ? 'chat.you' : 'chat.system');
}
