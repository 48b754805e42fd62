import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useTalk } from '../../state/stores.ts';
import { Time } from '../../ui/time.tsx';
import type { ContextPaneProps } from './shown.ts';
import { rangeOf, writtenBy } from './summary-words.ts';

/** What stands for messages that left the window, the newest first; each opens beside the table. */
export function SummaryList({ shown, onShow }: ContextPaneProps): JSX.Element {
  const summaries = useTalk((state) => state.summaries);
  return (
    <section aria-label={t('context.summaries')}>
      <h2 className="sect ind high">{t('context.summaries')}</h2>
      {summaries.length === 0 ? (
        <p className="t12 t3 ctx-none">{t('context.summaries.none')}</p>
      ) : (
        <ul className="ctx-summaries">
          {summaries.map((summary) => (
            <li key={summary.id}>
              <button
                type="button"
                className={`item two ${shown.kind === 'summary' && shown.summary_id === summary.id ? 'sel' : ''}`}
                aria-pressed={shown.kind === 'summary' && shown.summary_id === summary.id}
                onClick={() => onShow({ kind: 'summary', summary_id: summary.id })}
              >
                <span className="grow">
                  <span className="row">
                    <span className="em cut">{rangeOf(summary)}</span>
                    {summary.in_window && <span className="tag on">{t('context.summary.seen')}</span>}
                  </span>
                  <span className="sub cut block">{writtenBy(summary)}</span>
                </span>
                <Time at={summary.created_at} short />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
