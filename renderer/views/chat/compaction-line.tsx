import { FoldVertical, Hourglass } from 'lucide-react';
import { useMemo, type JSX } from 'react';
import type { Summary } from '../../../shared/contract/summaries.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, useTalk } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { writtenBy } from '../context/summary-words.ts';
import { routeHref } from '../frame/route.ts';
import { compactionPlaces } from './compaction-places.ts';

/** The summaries by the id of the turn under which each is told. */
export function useCompactionLines(): ReadonlyMap<string, Summary> {
  const messages = useTalk((state) => state.messages);
  const summaries = useTalk((state) => state.summaries);
  return useMemo(() => compactionPlaces(messages, summaries), [messages, summaries]);
}

/** Below the talk: that the compaction a person asked for is under way, and how to stop it. */
export function CompactionUnderWay(): JSX.Element | null {
  const stores = useStores();
  const asked = useTalk((state) => state.compacting === 'person');
  const conversation_id = useTalk((state) => state.conversation_id);
  if (!asked || conversation_id === null) return null;
  const stop = (): void =>
    attempt(stores, () => stores.client.call('conversations.cancel_compaction', { conversation_id }));
  return (
    <div className="trouble" role="status">
      <Icon icon={Hourglass} />
      <span className="grow wrap">{t('talk.compacting')}</span>
      <Button size="s" onClick={stop}>
        {t('context.compact.stop')}
      </Button>
    </div>
  );
}

/** The quiet line where messages left the window; opens to the summary that stands for them. */
export function CompactionLine({ summary }: { readonly summary: Summary }): JSX.Element {
  const { messages_before, messages_after, tokens_before, tokens_after } = summary.stats;
  const count = Math.max(1, messages_before - messages_after);
  return (
    <details className="compacted">
      <summary className="step">
        <Icon icon={FoldVertical} size={12} />
        <span className="cut">{t('talk.compacted', { count })}</span>
        <span className="num t3 cut">
          {t('talk.compacted.tokens', {
            before: formatNumber(tokens_before),
            after: formatNumber(tokens_after),
          })}
        </span>
        <Time at={summary.created_at} clock className="num t12 t3" />
      </summary>
      <div className="thought" dir="auto">
        {summary.text}
      </div>
      <p className="t12 t3 wrap">
        {writtenBy(summary)}.{' '}
        <a className="link t12" href={routeHref('context')}>
          {t('talk.compacted.open')}
        </a>
      </p>
    </details>
  );
}
