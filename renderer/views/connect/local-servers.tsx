import { CircleSlash, RefreshCw, Server, TriangleAlert } from 'lucide-react';
import { useId, type JSX } from 'react';
import type { FoundServer, Provider } from '../../../shared/contract/providers.ts';
import { t } from '../../messages/t.ts';
import { isLoopback, placeOf, rowsOfRemote } from '../../state/providers-standing.ts';
import type { Search } from '../../state/providers.ts';
import { useConnection, useProviders } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { OfferedModel } from './model-line.tsx';
import { ModelList } from './model-list.tsx';

/** Ids of the servers that `providers.discover` looks for. */
const LOOKED_FOR: readonly string[] = ['ollama', 'lmstudio', 'llamacpp'];

/** Servers of models on this computer, and what they offer. Looks when asked to, and never at another computer. */
export function LocalServers(): JSX.Element {
  const title = useId();
  const search = useProviders((state) => state.search);
  const look = useProviders((state) => state.look);
  return (
    <section aria-labelledby={title}>
      <div className="row connect-head">
        <h3 id={title}>{t('connect.local')}</h3>
        <span className="t12 t3 cut grow">
          {search.kind === 'found' && search.servers.length > 0 && t('connect.local.found')}
        </span>
        <Button
          kind={search.kind === 'idle' ? 'plain' : 'ghost'}
          size="s"
          disabled={search.kind === 'looking'}
          onClick={() => void look()}
        >
          <Icon icon={RefreshCw} size={12} />
          {t(search.kind === 'idle' ? 'connect.local.look' : 'connect.local.again')}
        </Button>
      </div>
      <Found search={search} />
    </section>
  );
}

function Found({ search }: { readonly search: Search }): JSX.Element {
  const providers = useProviders((state) => state.providers).filter(({ id }) => LOOKED_FOR.includes(id));
  if (search.kind === 'idle') return <p className="t12 t2 connect-line">{t('connect.local.idle')}</p>;
  if (search.kind === 'failed') {
    return (
      <p className="note warn" role="alert">
        {t('connect.local.failed', { message: search.error.message })}
      </p>
    );
  }
  const isLooking = search.kind === 'looking';
  const { servers } = search;
  return (
    <>
      <p className={isLooking ? 't12 t2 connect-line' : 'sr'} role="status">
        {isLooking && t('connect.local.looking')}
      </p>
      {servers.length > 0 && <Servers servers={servers} />}
      {!isLooking &&
        (servers.length === 0 ? (
          <Nothing providers={providers} />
        ) : (
          providers
            .filter(({ id }) => !servers.some((server) => server.provider === id))
            .map((provider) => <Silent key={provider.id} provider={provider} />)
        ))}
    </>
  );
}

function Servers({ servers }: { readonly servers: readonly FoundServer[] }): JSX.Element {
  const known = useConnection((state) => state.models);
  const models: readonly OfferedModel[] = servers.flatMap((server) =>
    rowsOfRemote(server.models, known).map((row) => ({
      ...row,
      provider: server.provider,
      server: server.label,
      connect: server.connected ? null : { provider: server.provider, base_url: server.base_url },
    })),
  );
  return (
    <>
      {models.length > 0 && <ModelList label={t('connect.local')} models={models} showsServer />}
      {servers
        .filter(({ problem }) => problem !== null)
        .map(({ provider, label, problem }) => (
          <div key={provider} className="connect-row">
            <Icon icon={TriangleAlert} className="warn" />
            <span className="wrap">
              <span className="em">{label}</span> <span className="t2">{problem}</span>
            </span>
          </div>
        ))}
    </>
  );
}

function Nothing({ providers }: { readonly providers: readonly Provider[] }): JSX.Element {
  const places = providers.map(({ base_url }) => placeOf(base_url)).join(', ');
  return (
    <div className="connect-none">
      <Empty icon={Server} fact={t('connect.local.none')} why={t('connect.local.none.why', { places })} />
    </div>
  );
}

function Silent({ provider }: { readonly provider: Provider }): JSX.Element {
  // Where the address in use leads elsewhere, the usual place on this computer was looked at.
  const words = isLoopback(provider.base_url)
    ? t('connect.local.silent', { place: placeOf(provider.base_url) })
    : t('connect.local.elsewhere');
  return (
    <div className="connect-row">
      <Icon icon={CircleSlash} className="t3" />
      <span className="cut t2">
        {provider.label} <span className="t3">{words}</span>
      </span>
    </div>
  );
}
