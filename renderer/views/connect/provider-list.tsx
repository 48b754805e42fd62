import { Check, KeyRound, Lock, Server, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useId, useState, type JSX } from 'react';
import type { Provider } from '../../../shared/contract/providers.ts';
import { t } from '../../messages/t.ts';
import { useProviders } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ProviderPage } from './provider-page.tsx';
import { stateOf, type ProviderStateKind } from './provider-state.ts';

const ICONS: Readonly<Record<ProviderStateKind, LucideIcon>> = {
  none: KeyRound,
  connected: Check,
  locked: Lock,
  problem: TriangleAlert,
  incomplete: TriangleAlert,
};

/** Props of {@link ProviderList}: `unfolded` is the provider whose form is open at first. */
export type ProviderListProps = { readonly unfolded: string | null };

/** Every provider with how things stand with it; one at a time unfolds. Connected ones come first. */
export function ProviderList({ unfolded }: ProviderListProps): JSX.Element {
  const title = useId();
  const providers = useProviders((state) => state.providers);
  const [open, setOpen] = useState(unfolded);
  // In the order they had at first: a row does not jump away under the pointer when it connects.
  const [first] = useState(() => providers.filter(isInUse).map(({ id }) => id));
  const sorted = providers.toSorted((one, other) => rank(one, first) - rank(other, first));
  return (
    <section aria-labelledby={title}>
      <div className="row connect-head">
        <h3 id={title}>{t('connect.providers')}</h3>
        <span className="t12 t3 cut grow">{t('connect.providers.sub')}</span>
      </div>
      <ul aria-label={t('connect.providers')}>
        {sorted.map((provider) => (
          <ProviderRow
            key={provider.id}
            provider={provider}
            open={provider.id === open}
            onToggle={() => setOpen(provider.id === open ? null : provider.id)}
          />
        ))}
      </ul>
    </section>
  );
}

function isInUse({ connected, problem }: Provider): boolean {
  return connected || problem !== null;
}

function rank(provider: Provider, first: readonly string[]): number {
  if (first.includes(provider.id)) return 0;
  return provider.kind === 'cloud' ? 1 : 2;
}

type ProviderRowProps = {
  readonly provider: Provider;
  readonly open: boolean;
  readonly onToggle: () => void;
};

function ProviderRow({ provider, open, onToggle }: ProviderRowProps): JSX.Element {
  const page = useId();
  const { kind, words } = stateOf(provider);
  const tone = kind === 'connected' ? 'ok' : kind === 'none' ? 't3' : 'warn';
  const act = open ? 'hide' : kind !== 'none' ? 'manage' : provider.needs_key ? 'add.key' : 'add.address';
  return (
    <li className="connect-provider" data-open={open}>
      <div className="connect-row">
        <Icon icon={kind === 'none' && provider.kind === 'local' ? Server : ICONS[kind]} className={tone} />
        <span className="cut" title={t('connect.provider.state', { provider: provider.label, state: words })}>
          <span className="em">{provider.label}</span>{' '}
          <span className={tone === 'warn' ? 'warn' : 't2'}>{words}</span>
        </span>
        <Button
          size="s"
          kind={open ? 'ghost' : 'plain'}
          aria-expanded={open}
          aria-controls={open ? page : undefined}
          aria-label={t(`connect.${act}.name`, { provider: provider.label })}
          onClick={onToggle}
        >
          {t(`connect.${act}`)}
        </Button>
      </div>
      {open && <ProviderPage provider={provider} id={page} />}
    </li>
  );
}
