import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, JSX } from 'react';
import { Icon } from './icon.tsx';

/** Props of {@link IconButton}: `label` is its accessible name and its tooltip. */
export type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> & {
  readonly icon: LucideIcon;
  readonly label: string;
  /** Pixels of the icon. */
  readonly iconSize?: 12 | 14 | 16 | 20;
};

/** A button that is an icon, always with a name. */
export function IconButton({
  icon,
  label,
  iconSize = 16,
  className = '',
  ...rest
}: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={`btn ghost s ico ${className}`}
    >
      <Icon icon={icon} size={iconSize} />
    </button>
  );
}
