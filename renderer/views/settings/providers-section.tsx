import { useEffect, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { ConnectPanel } from '../connect/connect-panel.tsx';
import { SectionFrame } from './section-frame.tsx';

/** Where models come from: the same parts as the card, but this computer is searched only when asked to. */
export function ProvidersSection(): JSX.Element {
  const { providers } = useStores();
  useEffect(() => () => providers.getState().stopLooking(), [providers]);
  return (
    <SectionFrame id="settings-providers" title={t('settings.providers')}>
      <p className="t12 t2">{t('settings.providers.why')}</p>
      <ConnectPanel unfolded={null} />
    </SectionFrame>
  );
}
