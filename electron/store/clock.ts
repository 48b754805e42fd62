import { randomUUID } from 'node:crypto';
import { toTimestamp } from './encoding.ts';

/** Where times and ids come from; a test brings its own. */
export type Clock = {
  /** Now, as UTC text of fixed width. */
  readonly now: () => string;
  /** A new id `prefix-<uuid4>`. */
  readonly newId: (prefix: string) => string;
  /** Milliseconds on a clock that is never set, for what took how long. Default: the process's own. */
  readonly ticks?: () => number;
};

/** The system's clock and random ids. */
export const systemClock: Clock = {
  now: () => toTimestamp(new Date()),
  newId: (prefix) => `${prefix}-${randomUUID()}`,
};
