import { useEffect, useId, useState, type JSX } from 'react';
import { toWire } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { SectionFrame } from './section-frame.tsx';

/** Hours that can be chosen; another one that was set elsewhere is shown beside them. */
const CHOICES: readonly number[] = [1, 8, 24, 72, 168, 720];

const NEVER = 'never';

/** How long calls wait for an answer. Applies at once, to calls that are asked for from then on. */
export function ApprovalsSection(): JSX.Element {
  const { client } = useStores();
  const id = useId();
  const [hours, setHours] = useState<number | null | undefined>(undefined);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    client.call('settings.get', {}).then(
      ({ approval_hours }) => setHours(approval_hours),
      (error: unknown) => setFailure(toWire(error).message),
    );
  }, [client]);
  const choose = async (value: string): Promise<void> => {
    try {
      const wanted = value === NEVER ? null : Number(value);
      setHours((await client.call('settings.update', { approval_hours: wanted })).approval_hours);
      setFailure(null);
    } catch (error) {
      setFailure(t('settings.saveFailed', { message: toWire(error).message }));
    }
  };
  return (
    <SectionFrame id="settings-approvals" title={t('settings.approvals')}>
      <p className="t12 t2">{t('settings.approvals.why')}</p>
      {hours !== undefined && (
        <div className="row line">
          <label htmlFor={id} className="grow">
            {t('settings.approvals.hours')}
          </label>
          <select
            id={id}
            className="field"
            value={hours ?? NEVER}
            onChange={(event) => void choose(event.target.value)}
          >
            {choicesWith(hours).map((choice) => (
              <option key={choice} value={choice}>
                {hoursWords(choice)}
              </option>
            ))}
            <option value={NEVER}>{t('settings.approvals.never')}</option>
          </select>
        </div>
      )}
      {failure !== null && (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
    </SectionFrame>
  );
}

function choicesWith(hours: number | null): readonly number[] {
  if (hours === null || CHOICES.includes(hours)) return CHOICES;
  return [...CHOICES, hours].toSorted((left, right) => left - right);
}

function hoursWords(hours: number): string {
  if (hours % 24 === 0) return t('settings.approvals.days', { count: hours / 24 });
  return t('settings.approvals.for', { count: hours });
}
