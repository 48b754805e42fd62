import { useState } from 'react';
import { AppError, toWire } from '../../../shared/errors.ts';

/** One act at a time, and what was said against the last one. */
export type Attempt = {
  readonly busy: boolean;
  /** Whole, for conflicts carry the texts they are about. */
  readonly failure: AppError | null;
  /** Does it, unless another one is under way. True when it went well. */
  readonly run: (act: () => Promise<unknown>) => Promise<boolean>;
  /** Takes the last failure away. */
  readonly forget: () => void;
};

/** Lets a card act and show what was said against it. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const run = async (act: () => Promise<unknown>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setFailure(null);
    try {
      await act();
      return true;
    } catch (error) {
      setFailure(error instanceof AppError ? error : new AppError('internal', toWire(error).message));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, run, forget: () => setFailure(null) };
}
