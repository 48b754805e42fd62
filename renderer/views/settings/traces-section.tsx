import { useEffect, useId, useState, type JSX } from 'react';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SectionFrame } from './section-frame.tsx';

/** Days one can choose; `null`: for ever. */
const CHOICES = [null, 7, 30, 90, 365] as const;

/** How far reading or saving has come. */
type Standing =
  | { readonly kind: 'reading' }
  | { readonly kind: 'known'; readonly saved: number | null }
  | { readonly kind: 'failed'; readonly message: string };

/** For how long the exact requests and answers of steps are kept. */
export function TracesSection(): JSX.Element {
  const { client } = useStores();
  const [standing, setStanding] = useState<Standing>({ kind: 'reading' });
  const [chosen, setChosen] = useState<number | null | undefined>(undefined);
  const fail = (error: unknown): void => setStanding({ kind: 'failed', message: toWire(error).message });
  const read = (): void => {
    client
      .call('settings.get', {})
      .then(({ trace_days }) => setStanding({ kind: 'known', saved: trace_days }), fail);
  };
  useEffect(read, [client]);
  const save = (): void => {
    client.call('settings.update', { trace_days: chosen ?? null }).then(({ trace_days }) => {
      setStanding({ kind: 'known', saved: trace_days });
      setChosen(undefined);
    }, fail);
  };
  return (
    <SectionFrame id="settings-traces" title={t('settings.traces')}>
      <p className="t2">{t('settings.traces.why')}</p>
      {standing.kind === 'reading' && <Skeleton lines={1} />}
      {standing.kind === 'failed' && (
        <div className="note warn" role="alert">
          <span className="grow">{t('settings.saveFailed', { message: standing.message })}</span>
          <Button size="s" onClick={read}>
            {t('archive.again')}
          </Button>
        </div>
      )}
      {standing.kind === 'known' && (
        <Days
          saved={standing.saved}
          chosen={chosen === undefined ? standing.saved : chosen}
          onChoose={setChosen}
          onSave={save}
        />
      )}
    </SectionFrame>
  );
}

type DaysProps = {
  readonly saved: number | null;
  readonly chosen: number | null;
  readonly onChoose: (days: number | null) => void;
  readonly onSave: () => void;
};

function Days({ saved, chosen, onChoose, onSave }: DaysProps): JSX.Element {
  const id = useId();
  const days = [...new Set([...CHOICES, saved])].toSorted((one, other) => (one ?? 0) - (other ?? 0));
  const deletes = chosen !== null && (saved === null || chosen < saved);
  return (
    <>
      <div className="labelled">
        <label htmlFor={id}>{t('settings.traces.keep')}</label>
        <select
          id={id}
          className="field"
          value={chosen ?? 0}
          onChange={(event) => onChoose(Number(event.target.value) === 0 ? null : Number(event.target.value))}
        >
          {days.map((each) => (
            <option key={each ?? 0} value={each ?? 0}>
              {each === null ? t('settings.traces.ever') : t('settings.traces.days', { count: each })}
            </option>
          ))}
        </select>
      </div>
      {deletes && <p className="note warn">{t('settings.traces.deletes', { count: chosen })}</p>}
      <div className="row">
        <Button
          kind="prim"
          disabled={chosen === saved}
          aria-label={deletes ? undefined : t('settings.save', { section: t('settings.traces') })}
          onClick={onSave}
        >
          {t(deletes ? 'settings.traces.act' : 'save')}
        </Button>
      </div>
    </>
  );
}
