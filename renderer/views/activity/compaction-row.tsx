import { FoldVertical } from 'lucide-react';
import type { JSX } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { RowFrame, type RowProps } from './row-frame.tsx';
import { Sentence } from './sentence.tsx';
import { Name, useAgentName } from './who.tsx';

type Summary = Extract<Activity, { kind: 'compaction' }>['summary'];

/** Props of {@link CompactionRow}. */
export type CompactionRowProps = RowProps & { readonly agent_id: string; readonly summary: Summary };

/** A compaction in its words: how many messages became a summary, and the tokens before and after. */
export function CompactionRow({ agent_id, summary, ...row }: CompactionRowProps): JSX.Element {
  const who = <Name words={useAgentName(agent_id)} />;
  return (
    <RowFrame
      {...row}
      at={summary.created_at}
      icon={FoldVertical}
      aside={<span className="t12 t3 num">{tokensWords(summary)}</span>}
    >
      <Sentence text={t('activity.compacted')} parts={{ who }} />{' '}
      <span className="t2">{t('activity.compacted.messages', { count: messagesOf(summary) })}</span>
    </RowFrame>
  );
}

/** How many messages a summary stands for. */
export function messagesOf({ covers_from_seq, covers_to_seq }: Summary): number {
  return covers_to_seq - covers_from_seq + 1;
}

/** The tokens of the window before and after. */
export function tokensWords({ stats }: Summary): string {
  return t('activity.compacted.tokens', {
    before: formatNumber(stats.tokens_before),
    count: stats.tokens_after,
  });
}
