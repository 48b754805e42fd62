import { useCallback, useEffect, useState } from 'react';
import type { Checkup, Repair } from '../../../shared/contract/doctor.ts';
import { toWire } from '../../../shared/errors.ts';
import type { MemoirEvent } from '../../../shared/events.ts';
import { useStores } from '../../state/stores.ts';

/** What the Doctor is doing. */
export type DoctorWork = 'check' | 'repair';

/** What the Doctor found and did, on screen. */
export type DoctorView = {
  /** The newest look; `null` before the first. */
  readonly checkup: Checkup | null;
  /** The repair that look came after; `null` when it came after none. */
  readonly repair: Repair | null;
  readonly busy: DoctorWork | null;
  /** Messages looked at so far, told while it takes long. */
  readonly progress: { readonly done: number; readonly of: number } | null;
  /** What could not be done, and why. */
  readonly failure: { readonly work: DoctorWork; readonly message: string } | null;
  readonly start: (work: DoctorWork) => void;
};

type Found = Pick<DoctorView, 'checkup' | 'repair' | 'failure'>;

const NOTHING: Found = { checkup: null, repair: null, failure: null };

/** Looks and repairs when asked to. A look may take seconds, so none is made by itself. */
export function useDoctor(): DoctorView {
  const { client } = useStores();
  const [found, setFound] = useState<Found>(NOTHING);
  const [busy, setBusy] = useState<DoctorWork | null>(null);
  const progress = useProgress(busy !== null);
  const start = useCallback(
    (work: DoctorWork) => {
      const done: Promise<Found> =
        work === 'check'
          ? client.call('doctor.check', {}).then((checkup) => ({ ...NOTHING, checkup }))
          : client
              .call('doctor.repair', {})
              .then((repair) => ({ ...NOTHING, repair, checkup: repair.after }));
      setBusy(work);
      void done
        .then(setFound, (error: unknown) => {
          const failure = { work, message: toWire(error).message };
          setFound((last) => ({ ...last, failure }));
        })
        .finally(() => setBusy(null));
    },
    [client],
  );
  return { ...found, busy, progress, start };
}

function useProgress(is_busy: boolean): DoctorView['progress'] {
  const { listeners } = useStores();
  const [progress, setProgress] = useState<DoctorView['progress']>(null);
  useEffect(() => {
    const hear = (event: MemoirEvent): void => {
      if (event.type === 'doctor.progress') setProgress({ done: event.done, of: event.of });
    };
    if (is_busy) listeners.add(hear);
    return () => {
      listeners.delete(hear);
      setProgress(null);
    };
  }, [listeners, is_busy]);
  return progress;
}
