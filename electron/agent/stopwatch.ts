/** Measures how long answers take, in whole milliseconds from when their requests were sent. */
export type Stopwatch = {
  readonly start: (step_id: string) => void;
  /** The first piece of the answer came; later pieces change nothing. */
  readonly begin: (step_id: string) => void;
  /** The answer is there: `model_ms` in all, `first_token_ms` until it began when pieces of it came. */
  readonly read: (step_id: string) => Readonly<Record<string, number>>;
};

/** Makes a stopwatch on a clock that is never set; `ticks` gives its milliseconds. */
export function createStopwatch(ticks: () => number): Stopwatch {
  const started = new Map<string, number>();
  const began = new Map<string, number>();
  const elapsed = (step_id: string): number => {
    const now = ticks();
    return Math.round(now - (started.get(step_id) ?? now));
  };
  return {
    start: (step_id) => void started.set(step_id, ticks()),
    begin: (step_id) => {
      if (!began.has(step_id)) began.set(step_id, elapsed(step_id));
    },
    read: (step_id) => {
      const first_token_ms = began.get(step_id);
      const model_ms = elapsed(step_id);
      return first_token_ms === undefined ? { model_ms } : { model_ms, first_token_ms };
    },
  };
}
