import type { LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { JSX, ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** A line of a menu. */
export type MenuItem = {
  /** Tells lines with the same words apart. */
  readonly id?: string;
  readonly label: string;
  readonly onSelect: () => void;
  readonly icon?: LucideIcon;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Shows a check: makes the line one of a choice. */
  readonly checked?: boolean;
  /** Second voice at the end of the line. */
  readonly hint?: string;
};

/** Props of {@link Menu}: `trigger` is one focusable element. */
export type MenuProps = {
  readonly trigger: ReactNode;
  readonly items: readonly MenuItem[];
  readonly align?: 'start' | 'end';
};

/** A menu that drops from its trigger. */
export function Menu({ trigger, items, align = 'end' }: MenuProps): JSX.Element {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {items.map((item) => (
            <Line key={item.id ?? item.label} item={item} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Line({ item }: { readonly item: MenuItem }): JSX.Element {
  const inside = (
    <>
      {item.icon !== undefined && <Icon icon={item.icon} size={14} />}
      <span className={`grow cut ${item.danger === true ? 'danger' : ''}`}>{item.label}</span>
      {item.hint !== undefined && <span className="t12 t3">{item.hint}</span>}
    </>
  );
  const shared = { disabled: item.disabled === true, onSelect: item.onSelect };
  if (item.checked === undefined) return <DropdownMenu.Item {...shared}>{inside}</DropdownMenu.Item>;
  return (
    <DropdownMenu.CheckboxItem {...shared} checked={item.checked}>
      <span className={`dot ${item.checked ? '' : 'off'}`} />
      {inside}
    </DropdownMenu.CheckboxItem>
  );
}
