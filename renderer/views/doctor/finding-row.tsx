import { CircleAlert, Info, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useId, type JSX } from 'react';
import type { Finding, Severity } from '../../../shared/contract/doctor.ts';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';

const ICONS: Readonly<Record<Severity, { readonly icon: LucideIcon; readonly tone: string }>> = {
  ok: { icon: Info, tone: 't2' },
  warning: { icon: TriangleAlert, tone: 'warn' },
  error: { icon: CircleAlert, tone: 'danger' },
};

/** One finding: what and whose it is in words, and what a repair or a person can do, in the backend's English. */
export function FindingRow({ finding }: { readonly finding: Finding }): JSX.Element {
  const { kind, severity, agent_name, what, where, repair, advice } = finding;
  const { icon, tone } = ICONS[severity];
  const name = useId();
  const cure = repair ?? advice;
  return (
    <li className="finding" aria-labelledby={name}>
      <Icon icon={icon} className={tone} />
      <div className="grow">
        <div className="row">
          <h3 id={name} className="grow">
            {t(`doctor.kind.${kind}`)}
          </h3>
          <span className="t12 t2 cut doctor-whose" dir="auto">
            {agent_name ?? t('doctor.whole')}
          </span>
          <span className={`t12 ${tone}`}>{t(`doctor.severity.${severity}`)}</span>
        </div>
        <p className="wrap" lang="en" dir="auto">
          {what}
        </p>
        {cure !== null && (
          <p className="wrap" dir="auto">
            <span className="em">{t(repair === null ? 'doctor.whatToDo' : 'doctor.willDo')} </span>
            <span lang="en">{cure}</span>
          </p>
        )}
        <p className="mono t12 t3 wrap" lang="en">
          {where}
        </p>
      </div>
    </li>
  );
}
