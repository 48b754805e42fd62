import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** Props of {@link Empty}: one sentence of fact, one line of why, one action. */
export type EmptyProps = {
  readonly icon: LucideIcon;
  readonly fact: string;
  readonly why?: ReactNode;
  readonly action?: ReactNode;
};

/** What stands where a list would be. */
export function Empty({ icon, fact, why, action }: EmptyProps): JSX.Element {
  return (
    <div className="empty">
      <Icon icon={icon} size={20} />
      <p>
        <b className="text-text">{fact}</b>
      </p>
      {why !== undefined && <p className="t12">{why}</p>}
      {action}
    </div>
  );
}
