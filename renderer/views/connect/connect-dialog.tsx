import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useProviders } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ConnectPanel } from './connect-panel.tsx';

/** The card "Connect a model". While it is open, and only then, servers on this computer are looked for. */
export function ConnectDialog(): JSX.Element {
  const { open, provider } = useProviders((state) => state.card);
  const close = useProviders((state) => state.closeCard);
  return (
    <Dialog
      open={open}
      onOpenChange={(wanted) => (wanted ? undefined : close())}
      title={t('connect.title')}
      description={t('connect.what')}
      width={720}
      foot={
        <>
          <span className="grow" />
          <Button size="l" onClick={close}>
            {t('close')}
          </Button>
        </>
      }
    >
      <ConnectPanel key={provider ?? ''} unfolded={provider} />
    </Dialog>
  );
}
