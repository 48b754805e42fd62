import { useCallback, useEffect, useState } from 'react';
import type { OutputOf } from '../../../shared/contract/index.ts';
import { toWire } from '../../../shared/errors.ts';
import type { MemoirEvent } from '../../../shared/events.ts';
import { useStores } from '../../state/stores.ts';

/** A step with all that is kept of it. */
export type WholeStep = OutputOf<'steps.get'>;

/** How far reading a step has come; `again` reads it anew. */
export type StepReading = {
  readonly whole: WholeStep | null;
  /** Why it could not be read. */
  readonly failure: string | null;
  readonly again: () => void;
};

/** Reads a step, and reads it again while its run goes on. */
export function useStep(step_id: string): StepReading {
  const { client, listeners } = useStores();
  const [whole, setWhole] = useState<WholeStep | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);
  const again = useCallback(() => setAsked((times) => times + 1), []);
  useEffect(() => {
    let isAsked = true;
    client.call('steps.get', { step_id }).then(
      (answer) => {
        if (!isAsked) return;
        setWhole(answer);
        setFailure(null);
      },
      (error: unknown) => isAsked && setFailure(toWire(error).message),
    );
    return () => {
      isAsked = false;
    };
  }, [client, step_id, asked]);
  const run_id = whole?.step.run_id ?? null;
  useEffect(() => {
    const hear = (event: MemoirEvent): void => {
      if (run_id !== null && runOf(event) === run_id) again();
    };
    listeners.add(hear);
    return () => void listeners.delete(hear);
  }, [listeners, run_id, again]);
  return { whole, failure, again };
}

/** The run that an event brings news of, for a step that is read. */
function runOf(event: MemoirEvent): string | null {
  if (event.type === 'run.started' || event.type === 'run.finished' || event.type === 'run.paused') {
    return event.run.id;
  }
  return event.type === 'message.added' ? event.message.run_id : null;
}
