import { useId, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { findModels } from '../../state/providers-standing.ts';
import { useAgent } from '../../state/stores.ts';
import { ModelLine, type OfferedModel } from './model-line.tsx';

/** Rows that are drawn at most: a provider may offer hundreds, and a search finds them sooner than a scroll. */
const MOST_ROWS = 40;

/** Rows that are overlooked without a search. */
const FEW_ROWS = 8;

/** Props of {@link ModelList}: `showsServer` names the server in each row. */
export type ModelListProps = {
  readonly label: string;
  readonly models: readonly OfferedModel[];
  readonly showsServer?: boolean;
};

/** Models to use, with a search where they are many. */
export function ModelList({ label, models, showsServer = false }: ModelListProps): JSX.Element {
  const search = useId();
  const [query, setQuery] = useState('');
  const agent = useAgent();
  const handles = new Set(findModels(models, query).map(({ handle }) => handle));
  const found = models.filter(({ handle }) => handles.has(handle));
  const shown = found.slice(0, MOST_ROWS);
  const isUsed = models.some(({ handle }) => handle === agent?.model);
  const best = isUsed ? undefined : models.find(({ tools }) => tools === 'ok' || tools === 'claimed');
  return (
    <>
      {models.length > FEW_ROWS && (
        <div className="row connect-find">
          <input
            id={search}
            type="search"
            className="field grow"
            aria-label={t('connect.models.find', { provider: label })}
            placeholder={t('connect.models.find', { provider: label })}
            spellCheck={false}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
          <span className="t12 t3 num" role="status">
            {shown.length < models.length
              ? t('connect.models.shown', { shown: shown.length, total: models.length })
              : t('connect.models.count', { count: models.length })}
          </span>
        </div>
      )}
      {shown.length === 0 && (
        <p className="t12 t2 connect-line wrap">{t('connect.models.noMatch', { query })}</p>
      )}
      <ul aria-label={label}>
        {shown.map((model) => (
          <ModelLine
            key={model.handle}
            model={model}
            isBest={model.handle === best?.handle}
            showsServer={showsServer}
          />
        ))}
      </ul>
    </>
  );
}
