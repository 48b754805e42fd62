import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** Props of {@link Badge}: a state with its icon, its words and why on hover. */
export type BadgeProps = {
  readonly tone?: 'plain' | 'line' | 'warn' | 'ok' | 'danger' | 'acc';
  readonly icon?: LucideIcon;
  readonly title?: string | undefined;
  readonly children: ReactNode;
};

/** A state in words, never by colour alone. */
export function Badge({ tone = 'plain', icon, title, children }: BadgeProps): JSX.Element {
  return (
    <span className={`tag ${tone === 'plain' ? '' : tone}`} title={title}>
      {icon !== undefined && <Icon icon={icon} size={12} />}
      {children}
    </span>
  );
}
