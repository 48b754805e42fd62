import type { JSX } from 'react';
import type { MemoryDifference } from '../../../shared/contract/branches.ts';
import type { OutputOf } from '../../../shared/contract/index.ts';
import { t } from '../../messages/t.ts';
import { Diff } from '../../ui/diff.tsx';

/** What a fork would take along. */
export type ForkPreview = OutputOf<'conversations.fork_preview'>;

/** Props of {@link ForkMemory}. */
export type ForkMemoryProps = { readonly preview: ForkPreview };

/** What a fork will remember, and in what that is other than now. */
export function ForkMemory({ preview: { blocks, archive } }: ForkMemoryProps): JSX.Element {
  const different = [...blocks.different, ...archive.different];
  const untold = archive.different_count - archive.different.length;
  const counts = {
    blocks: t('fork.blocks', { count: blocks.count }),
    entries: t('fork.entries', { count: archive.count }),
  };
  return (
    <section aria-label={t('fork.different')}>
      <p className="num">
        {t('fork.memory', counts)} {different.length === 0 && t('fork.same')}
      </p>
      {different.length > 0 && <h3 className="t12 t3">{t('fork.different')}</h3>}
      {different.map((each, at) => (
        <Difference key={`${each.label} ${at}`} difference={each} />
      ))}
      {untold > 0 && <p className="t12 t2">{t('fork.moreEntries', { count: untold })}</p>}
    </section>
  );
}

/** The words of now as removed, those of then as added: what the new agent has beside this one. */
function Difference({ difference }: { readonly difference: MemoryDifference }): JSX.Element {
  const label = difference.label === '' ? t('change.archive') : difference.label;
  return (
    <div className="chg" role="group" aria-label={label}>
      <div className="chg-h">
        <span className="lab cut">{label}</span>
        <span className="t12 t3 cut">{t(kindOf(difference))}</span>
      </div>
      <Diff before={difference.is ?? ''} after={difference.was ?? ''} label={label} around={0} />
    </div>
  );
}

function kindOf({ was, is }: MemoryDifference): 'fork.then' | 'fork.gone' | 'fork.changed' {
  if (was === null) return 'fork.then';
  return is === null ? 'fork.gone' : 'fork.changed';
}
