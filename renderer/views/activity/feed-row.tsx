import type { JSX } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import { AskRow } from './ask-row.tsx';
import { ChangeRow } from './change-row.tsx';
import { CompactionRow } from './compaction-row.tsx';
import { MessageRow } from './message-row.tsx';
import type { RowProps } from './row-frame.tsx';
import { StepRow } from './step-row.tsx';

/** Props of {@link FeedRow}. */
export type FeedRowProps = RowProps & { readonly activity: Activity };

/** One thing that happened, on a line or two. */
export function FeedRow({ activity, ...row }: FeedRowProps): JSX.Element {
  switch (activity.kind) {
    case 'change':
      return <ChangeRow {...row} change={activity.change} agent_ids={activity.agent_ids} />;
    case 'step':
      return <StepRow {...row} step={activity.step} outcome={activity.outcome} />;
    case 'compaction':
      return <CompactionRow {...row} agent_id={activity.agent_id} summary={activity.summary} />;
    case 'message':
      return <MessageRow {...row} message={activity.message} run={activity.run} at={activity.at} />;
    case 'approval':
    case 'proposal':
      return <AskRow {...row} asked={activity} />;
  }
}
