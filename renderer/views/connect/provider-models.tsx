import { RefreshCw } from 'lucide-react';
import { useEffect, type JSX } from 'react';
import type { Provider } from '../../../shared/contract/providers.ts';
import type { ModelInfo } from '../../../shared/contract/system.ts';
import { t } from '../../messages/t.ts';
import { placeOf, rowsOfKnown, rowsOfRemote } from '../../state/providers-standing.ts';
import type { Reading } from '../../state/providers.ts';
import { useConnection, useProviders } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { OfferedModel } from './model-line.tsx';
import { ModelList } from './model-list.tsx';
import { Asking, Trouble } from './test-words.tsx';

/** The models of a connected provider: as they are remembered, and as it lists them once it was asked. */
export function ProviderModels({ provider }: { readonly provider: Provider }): JSX.Element {
  const known = useConnection((state) => state.models);
  const reading = useProviders((state) => state.readings[provider.id]);
  const read = useProviders((state) => state.read);
  const stop = useProviders((state) => state.stopReading);
  // Whoever leaves waits no longer.
  useEffect(() => {
    return () => stop(provider.id);
  }, [stop, provider.id]);
  const models = offersOf(provider, reading, known);
  const isNew = provider.listed_at === null && reading?.kind !== 'read';
  return (
    <div className="connect-models">
      <div className="row">
        <h4 className="t12 t2 grow">{t('connect.models', { provider: provider.label })}</h4>
        <Button
          kind="ghost"
          size="s"
          disabled={reading?.kind === 'asking'}
          aria-label={t('connect.models.againName', { provider: provider.label })}
          onClick={() => void read(provider.id)}
        >
          <Icon icon={RefreshCw} size={12} />
          {t(isNew ? 'connect.models.read' : 'connect.models.again')}
        </Button>
      </div>
      <ReadingWords provider={provider} reading={reading} />
      {models.length > 0 && <ModelList label={provider.label} models={models} />}
      {models.length === 0 && reading?.kind === 'read' && (
        <p className="t12 t2 connect-line">{t('connect.models.none')}</p>
      )}
    </div>
  );
}

type ReadingWordsProps = { readonly provider: Provider; readonly reading: Reading | undefined };

function ReadingWords({ provider, reading }: ReadingWordsProps): JSX.Element | null {
  const stop = useProviders((state) => state.stopReading);
  if (reading?.kind === 'asking') {
    return <Asking place={placeOf(provider.base_url)} onStop={() => stop(provider.id)} />;
  }
  if (reading?.kind === 'failed') {
    return <Trouble title={t('connect.models.failed')} cause={reading.error.message} cure="" />;
  }
  return null;
}

function offersOf(
  provider: Provider,
  reading: Reading | undefined,
  known: readonly ModelInfo[],
): readonly OfferedModel[] {
  const rows =
    reading?.kind === 'read' ? rowsOfRemote(reading.models, known) : rowsOfKnown(known, provider.id);
  return rows.map((row) => ({ ...row, provider: provider.id, server: provider.label, connect: null }));
}
