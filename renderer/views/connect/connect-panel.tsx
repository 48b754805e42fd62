import type { JSX } from 'react';
import { useProviders } from '../../state/stores.ts';
import { LocalServers } from './local-servers.tsx';
import { ProviderList } from './provider-list.tsx';
import './connect.css';

/** Props of {@link ConnectPanel}: `unfolded` is the provider whose form is open at first. */
export type ConnectPanelProps = { readonly unfolded: string | null };

/** Everything about connecting models: servers on this computer, and providers with a key or an address. */
export function ConnectPanel({ unfolded }: ConnectPanelProps): JSX.Element {
  const loaded = useProviders((state) => state.loaded);
  return (
    <div className="connect">
      <LocalServers />
      {loaded && <ProviderList unfolded={unfolded} />}
    </div>
  );
}
