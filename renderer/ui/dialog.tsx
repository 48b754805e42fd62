import { Dialog as Radix } from 'radix-ui';
import type { JSX, ReactNode } from 'react';
import { useReturnFocus } from './use-return-focus.ts';

/** Props of {@link Dialog}: `foot` holds the buttons, the act last. */
export type DialogProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Heading and accessible name. */
  readonly title: string;
  /** One or two sentences below the heading. */
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  readonly foot?: ReactNode;
  /** Pixels; 480 unless told. */
  readonly width?: number;
};

/** A dialog over the page. Esc and the scrim close it; the focus returns where it was. */
export function Dialog(props: DialogProps): JSX.Element {
  const { open, onOpenChange, title, description, children, foot, width = 480 } = props;
  const returnFocus = useReturnFocus(open);
  const described = description === undefined ? { 'aria-describedby': undefined } : {};
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="overlay" />
        <Radix.Content className="dialog" style={{ width }} onCloseAutoFocus={returnFocus} {...described}>
          <div className="in">
            <Radix.Title className="title">{title}</Radix.Title>
            {description !== undefined && (
              <Radix.Description asChild>
                <div className="t2" style={{ marginTop: 6 }}>
                  {description}
                </div>
              </Radix.Description>
            )}
            {children}
          </div>
          {foot !== undefined && <div className="foot">{foot}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
