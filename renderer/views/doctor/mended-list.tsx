import { CircleCheck } from 'lucide-react';
import type { JSX } from 'react';
import type { Repair } from '../../../shared/contract/doctor.ts';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { CopyButton } from '../archive/copy-button.tsx';
import { MOST_SHOWN } from './most-shown.ts';

/** What a repair did, each in a sentence, and where the store of before is. */
export function MendedList({ repair }: { readonly repair: Repair }): JSX.Element | null {
  const { mended, backup } = repair;
  if (mended.length === 0) return null;
  const more = mended.length - MOST_SHOWN;
  return (
    <>
      <ul className="findings mended" aria-label={t('doctor.mended')}>
        {mended.slice(0, MOST_SHOWN).map(({ finding_id, agent_name, did }) => (
          <li key={finding_id} className="finding">
            <Icon icon={CircleCheck} className="ok" />
            <div className="grow">
              <p className="wrap" dir="auto">
                <span className="em">{agent_name ?? t('doctor.whole')}: </span>
                <span lang="en">{did}</span>
              </p>
            </div>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="t12 t2">{t('doctor.more', { count: more })}</p>}
      {backup !== null && (
        <p className="row strip">
          <span className="t12 t2">{t('doctor.backup')}</span>
          <span className="mono t12 wrap">{backup}</span>
          <CopyButton text={backup} />
        </p>
      )}
    </>
  );
}
