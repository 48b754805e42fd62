import {
  ChevronDown,
  ChevronRight,
  CircleAlert,
  CircleCheck,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Check, CheckState } from '../../../shared/contract/diagnosis.ts';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';
import { CureButton } from './cure-button.tsx';
import { FactList } from './fact-list.tsx';

const ICONS: Readonly<Record<CheckState, { readonly icon: LucideIcon; readonly tone: string }>> = {
  ok: { icon: CircleCheck, tone: 'ok' },
  attention: { icon: TriangleAlert, tone: 'warn' },
  trouble: { icon: CircleAlert, tone: 'danger' },
};

/** Id of the element of a row. */
export function rowElementId(id: string): string {
  return `trouble-${id}`;
}

/** Props of {@link CheckRow}. */
export type CheckRowProps = { readonly check: Check; readonly log_path: string | null };

/** One row: how it is in words, cause and cure in the backend's English, the way there, and what was measured. */
export function CheckRow({ check, log_path }: CheckRowProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const { id, state, cause, cure, facts, action } = check;
  const title = t(`trouble.${id}`);
  const { icon, tone } = ICONS[state];
  const name = `${rowElementId(id)}-title`;
  return (
    <li id={rowElementId(id)} className="finding" aria-labelledby={name} tabIndex={-1}>
      <Icon icon={icon} className={tone} />
      <div className="grow">
        <div className="row">
          <h3 id={name} className="grow">
            {title}
          </h3>
          <span className={`t12 ${tone}`}>{t(`trouble.state.${state}`)}</span>
        </div>
        <p className={`wrap ${state === 'ok' ? 't12 t2' : ''}`} lang="en" dir="auto">
          {cause}
        </p>
        {cure !== null && (
          <p className={`wrap ${state === 'ok' ? 't12 t2' : ''}`} dir="auto">
            {state !== 'ok' && <span className="em">{t('trouble.cure')} </span>}
            <span lang="en">{cure}</span>
          </p>
        )}
        <div className="row acts">
          {action !== null && <CureButton action={action} title={title} log_path={log_path} />}
          <button
            type="button"
            className="link t12 row"
            aria-expanded={open}
            aria-label={t('trouble.measured', { row: title })}
            onClick={() => setOpen(!open)}
          >
            <Icon icon={open ? ChevronDown : ChevronRight} size={12} />
            {t('trouble.measured.short')}
          </button>
        </div>
        {open && <FactList facts={facts} />}
      </div>
    </li>
  );
}
