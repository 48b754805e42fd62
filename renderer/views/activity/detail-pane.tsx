import { FileQuestion, MousePointerClick } from 'lucide-react';
import type { JSX } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AskDetail } from './ask-detail.tsx';
import { ChangeDetail } from './change-detail.tsx';
import { CompactionDetail } from './compaction-detail.tsx';
import type { DetailProps } from './detail-head.tsx';
import { MessageDetail } from './message-detail.tsx';
import { StepPane } from './step-pane.tsx';
import type { Opened } from './use-opened.ts';

/** Props of {@link DetailPane}. */
export type DetailPaneProps = DetailProps & { readonly opened: Opened };

/** The thing that is open, in full. */
export function DetailPane({ opened, ...props }: DetailPaneProps): JSX.Element {
  switch (opened.kind) {
    case 'none':
      return <Empty icon={MousePointerClick} fact={t('activity.choose')} why={t('activity.choose.why')} />;
    case 'reading':
      return <Skeleton lines={6} />;
    case 'failed':
      return (
        <Empty
          icon={FileQuestion}
          fact={t('activity.gone')}
          why={opened.error.code === 'not_found' ? t('activity.gone.why') : opened.error.message}
          action={<Button onClick={props.onClose}>{t('close')}</Button>}
        />
      );
    case 'here':
      return <Detail key={opened.id} activity={opened.activity} {...props} />;
  }
}

function Detail({ activity, ...props }: DetailProps & { readonly activity: Activity }): JSX.Element {
  switch (activity.kind) {
    case 'step':
      return <StepPane {...props} step={activity.step} outcome={activity.outcome} />;
    case 'change':
      return <ChangeDetail {...props} change={activity.change} agent_ids={activity.agent_ids} />;
    case 'compaction':
      return <CompactionDetail {...props} compaction={activity} />;
    case 'message':
      return <MessageDetail {...props} opening={activity} />;
    case 'approval':
    case 'proposal':
      return <AskDetail {...props} asked={activity} />;
  }
}
