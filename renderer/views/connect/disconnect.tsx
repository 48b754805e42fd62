import { useState, type JSX } from 'react';
import type { Provider } from '../../../shared/contract/providers.ts';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useProviders } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { isOutside } from './provider-state.ts';

/** Props of {@link Disconnect}: `onEnd` runs when it was done or called off. */
export type DisconnectProps = { readonly provider: Provider; readonly onEnd: () => void };

/** Asks before a key is forgotten, since that cannot be undone. */
export function Disconnect({ provider, onEnd }: DisconnectProps): JSX.Element {
  const disconnect = useProviders((state) => state.disconnect);
  const [failure, setFailure] = useState<string | null>(null);
  const act = async (): Promise<void> => {
    try {
      await disconnect(provider.id);
      onEnd();
    } catch (error) {
      setFailure(t('connect.failed', { message: toWire(error).message }));
    }
  };
  const outside = isOutside(provider);
  const { label } = provider;
  return (
    <div className="note warn connect-ask" role="alert">
      <p className="wrap">
        {t(outside ? 'connect.disconnect.askEnvironment' : 'connect.disconnect.ask', { provider: label })}
      </p>
      {failure !== null && <p className="wrap">{failure}</p>}
      <div className="row">
        <Button size="s" onClick={onEnd}>
          {t('cancel')}
        </Button>
        <Button size="s" kind="danger" onClick={() => void act()}>
          {t('connect.disconnect.act', { provider: label })}
        </Button>
      </div>
    </div>
  );
}
