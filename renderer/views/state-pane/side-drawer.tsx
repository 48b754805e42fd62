import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useState, useSyncExternalStore, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { Drawer, type DrawerProps } from '../../ui/drawer.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';

/** Props of {@link SideDrawer}: `note` stands beside the title. */
export type SideDrawerProps = Omit<DrawerProps, 'open' | 'onOpenChange'> & {
  readonly note?: string;
  readonly onClose: () => void;
};

/**
 * A drawer of the state pane: stands in the place of the pane, beside a talk that goes on; over the page where the
 * window is so narrow that the pane itself lies over it. Esc closes it.
 */
export function SideDrawer({ note, onClose, ...drawer }: SideDrawerProps): JSX.Element {
  const narrow = useSyncExternalStore(watchWidth, isNarrow);
  if (narrow) return <Drawer {...drawer} open onOpenChange={(open) => !open && onClose()} />;
  return <Beside {...drawer} {...(note === undefined ? {} : { note })} onClose={onClose} />;
}

function Beside({ title, note, children, foot, onClose }: SideDrawerProps): JSX.Element {
  const [pane] = useState(() => document.querySelector<HTMLElement>('.cols > .side.rr'));
  const returnFocus = useReturnFocus(true);
  return (
    <Radix.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal container={pane}>
        <Radix.Content
          className="drawer beside"
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          // What is done beside it is no reason to close it.
          onInteractOutside={(event) => event.preventDefault()}
        >
          <div className="head">
            <Radix.Title className="cut">{title}</Radix.Title>
            {note !== undefined && <span className="t12 t2 num whitespace-nowrap">{note}</span>}
            <span className="grow" />
            <IconButton icon={X} label={t('close')} onClick={onClose} />
          </div>
          {children}
          {foot !== undefined && <div className="foot">{foot}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Below this width the side columns lie over the page. */
const NARROW = '(max-width: 899px)';

function isNarrow(): boolean {
  return matchMedia(NARROW).matches;
}

function watchWidth(onChange: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}
