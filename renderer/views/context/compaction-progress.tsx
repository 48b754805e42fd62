import { CircleAlert, Check, Hourglass } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { formatNumber, t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { CompactionEnd, CompactionWork } from './use-compaction.ts';

/** Props of {@link CompactionProgress}. */
export type CompactionProgressProps = {
  readonly compaction: CompactionWork;
  readonly onRead: (summary_id: string) => void;
};

/** How a compaction goes and what came of it. It goes on when its dialog is closed. */
export function CompactionProgress({ compaction, onRead }: CompactionProgressProps): JSX.Element | null {
  const { busy, by_run, end, stop } = compaction;
  if (busy) {
    return (
      <div className="note" role="status">
        <Icon icon={Hourglass} />
        <span className="grow">
          {t(by_run ? 'context.compact.byRun' : 'context.compact.busy')} <Elapsed />
        </span>
        {!by_run && (
          <Button size="s" onClick={stop}>
            {t('context.compact.stop')}
          </Button>
        )}
      </div>
    );
  }
  return end === null ? null : <End end={end} onRead={onRead} />;
}

/** Seconds since it was first shown; not read aloud with each tick. */
function Elapsed(): JSX.Element {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="num t3" aria-hidden="true">
      {t('tool.seconds', { seconds })}
    </span>
  );
}

type EndProps = { readonly end: CompactionEnd; readonly onRead: (summary_id: string) => void };

function End({ end, onRead }: EndProps): JSX.Element {
  if (end.kind === 'stopped') {
    return (
      <p className="note" role="status">
        {t('context.compact.stopped')}
      </p>
    );
  }
  if (end.kind === 'failed') {
    return (
      <p className="note warn" role="alert">
        <Icon icon={CircleAlert} />
        <span>{end.error.message}</span>
      </p>
    );
  }
  const { summary, effect } = end.done;
  const before = formatNumber(effect.tokens_before);
  const after = formatNumber(effect.tokens_after);
  return (
    <div className="note acc" role="status">
      <Icon icon={Check} />
      <span className="grow">
        {t('context.compact.done', { count: effect.messages, before, after })}
        {summary !== null && summary.stats.fallback !== null && (
          <span className="block warn">
            {t('context.summary.fallback', { reason: summary.stats.fallback })}
          </span>
        )}
      </span>
      {summary !== null && (
        <Button size="s" onClick={() => onRead(summary.id)}>
          {t('context.compact.read')}
        </Button>
      )}
    </div>
  );
}
