import { Plug } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useProviders } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Opens the card, from the head of the talk; in a narrow window {@link ConnectIcon} takes its place. */
export function ConnectButton(): JSX.Element {
  const open = useProviders((state) => state.openCard);
  return (
    <Button kind="ghost" size="s" className="hide-m" onClick={() => open()}>
      <Icon icon={Plug} size={14} />
      {t('connect.title')}
    </Button>
  );
}

/** Opens the card, from the top bar of a narrow window. */
export function ConnectIcon(): JSX.Element {
  const open = useProviders((state) => state.openCard);
  return <IconButton icon={Plug} label={t('connect.title')} className="only-m" onClick={() => open()} />;
}
