import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { JSX, ReactNode } from 'react';
import { t } from '../messages/t.ts';
import { IconButton } from './icon-button.tsx';
import { useReturnFocus } from './use-return-focus.ts';

/** Props of {@link Drawer}. */
export type DrawerProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Heading and accessible name. */
  readonly title: string;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
};

/** A sheet at the end side of the window; a `dialog` named by its title. The focus returns where it was. */
export function Drawer({ open, onOpenChange, title, children, foot }: DrawerProps): JSX.Element {
  const returnFocus = useReturnFocus(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="overlay" />
        <Radix.Content className="drawer over" aria-describedby={undefined} onCloseAutoFocus={returnFocus}>
          <div className="head">
            <Radix.Title className="cut">{title}</Radix.Title>
            <span className="grow" />
            <Radix.Close asChild>
              <IconButton icon={X} label={t('close')} />
            </Radix.Close>
          </div>
          <div className="scroll">{children}</div>
          {foot !== undefined && <div className="foot">{foot}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
