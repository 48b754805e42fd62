import { useEffect, useRef, useState, type JSX } from 'react';
import type { Provider } from '../../../shared/contract/providers.ts';
import { t } from '../../messages/t.ts';
import { ConnectForm } from './connect-form.tsx';
import { isOutside } from './provider-state.ts';
import { Connected } from './connected.tsx';
import { UnlockForm } from './unlock-form.tsx';

/** Props of {@link ProviderPage}: `id` is what the button of the row points to. */
export type ProviderPageProps = { readonly provider: Provider; readonly id: string };

/** What is unfolded below a provider: its form, or once it is connected its models and what can be changed. */
export function ProviderPage({ provider, id }: ProviderPageProps): JSX.Element {
  const [changing, setChanging] = useState(false);
  const { connected, locked } = provider;
  const outside = isOutside(provider);
  const isThere = connected || locked;
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What had the focus may have gone with the form it belonged to.
    if (document.activeElement === document.body) page.current?.focus();
  }, [isThere, locked, changing]);
  return (
    <div ref={page} id={id} className="connect-page" role="group" aria-label={provider.label} tabIndex={-1}>
      {locked && <UnlockForm provider={provider} />}
      <Notes provider={provider} />
      {isThere && (
        <Connected
          provider={provider}
          isUsable={connected && !locked && provider.problem === null}
          changing={changing}
          onChange={outside ? null : () => setChanging(!changing)}
        />
      )}
      {!outside && (changing || !isThere) && (
        <ConnectForm provider={provider} onDone={() => setChanging(false)} />
      )}
    </div>
  );
}

/** What keeps the provider from being used, and where its key can be changed when that is not here. */
function Notes({ provider }: { readonly provider: Provider }): JSX.Element {
  const { locked, problem, label, key_env, source } = provider;
  return (
    <>
      {!locked && problem !== null && (
        <p className="note warn wrap" role="note">
          {problem}
        </p>
      )}
      {(source === 'environment' || source === 'file') && (
        <p className="note wrap" role="note">
          {t(`connect.outside.${source}`, { provider: label, name: key_env ?? '' })}
        </p>
      )}
    </>
  );
}
