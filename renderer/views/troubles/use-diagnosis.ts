import { useCallback, useEffect, useState } from 'react';
import type { Diagnosis } from '../../../shared/contract/diagnosis.ts';
import { toWire } from '../../../shared/errors.ts';
import { useStores } from '../../state/stores.ts';

/** A diagnosis on screen. */
export type DiagnosisView = {
  /** The newest one; `null` before the first. */
  readonly diagnosis: Diagnosis | null;
  readonly busy: boolean;
  /** Why the newest check could not be made. */
  readonly failure: string | null;
  readonly check: () => void;
};

/** Diagnoses an agent at once and whenever it is asked to. Answers that come too late are dropped. */
export function useDiagnosis(agent_id: string | null): DiagnosisView {
  const { client } = useStores();
  const [turn, setTurn] = useState(0);
  const [diagnosis, setDiagnosis] = useState<Diagnosis | null>(null);
  const [busy, setBusy] = useState(true);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let isOver = false;
    client
      .call('system.diagnose', agent_id === null ? {} : { agent_id })
      .then(
        (found) => {
          if (isOver) return;
          setDiagnosis(found);
          setFailure(null);
        },
        (error: unknown) => {
          if (!isOver) setFailure(toWire(error).message);
        },
      )
      .finally(() => {
        if (!isOver) setBusy(false);
      });
    return () => {
      isOver = true;
    };
  }, [client, agent_id, turn]);
  const check = useCallback(() => {
    setBusy(true);
    setTurn((last) => last + 1);
  }, []);
  return { diagnosis, busy, failure, check };
}
