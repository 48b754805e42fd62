import type { ModelToolCall } from '../models/model.ts';
import type { MadeCall } from '../store/tool-calls.ts';

// The same call with the same arguments this often in one turn is a loop.
const LOOP_CALLS = 5;

const REFUSAL = 'Not run: this same call was made ';

/** How often each call was made in a run, from its start. */
export type CallCounts = {
  /** Counts a call; the words that refuse it when it was made too often. */
  readonly refuse: (call: Pick<ModelToolCall, 'name' | 'arguments'>) => string | null;
  /** Whether a call of the step under way was refused. */
  readonly isLoop: () => boolean;
};

/**
 * Counts from what a run made so far, in order. Whoever resumes a run that was stopped for a loop lets it make the call
 * as often again. `goes_on`: the last step of `made` is still under way.
 */
export function createCallCounts(made: readonly MadeCall[], goes_on: boolean): CallCounts {
  const counts = new Map<string, number>();
  const last_step = made.at(-1)?.step_id;
  let looped = false;
  for (const call of made) {
    const was_refused = call.result?.startsWith(REFUSAL) === true;
    if (was_refused) counts.delete(keyOf(call));
    else counts.set(keyOf(call), (counts.get(keyOf(call)) ?? 0) + 1);
    looped ||= goes_on && was_refused && call.step_id === last_step;
  }
  return {
    refuse: (call) => {
      const count = (counts.get(keyOf(call)) ?? 0) + 1;
      counts.set(keyOf(call), count);
      if (count < LOOP_CALLS) return null;
      looped = true;
      return `${REFUSAL}${count} times in one turn.`;
    },
    isLoop: () => looped,
  };
}

/** Why a run ends whose calls go round in circles. */
export const LOOP_MESSAGE = `The model made the same tool call ${LOOP_CALLS} times, so the turn was stopped. All is kept.`;

function keyOf({ name, arguments: text }: Pick<ModelToolCall, 'name' | 'arguments'>): string {
  return `${name}\n${text}`;
}
