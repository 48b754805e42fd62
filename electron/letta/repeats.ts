import { randomUUID } from 'node:crypto';

/** A request being answered. */
export type Answering = {
  /** Names what is said; the same for a request that came before and is repeated. */
  readonly otid: string;
  /** Call it when the run has ended: what is said from then on is new. */
  readonly forget: () => void;
};

/** Knows which requests are being answered, so that a client that repeats one joins its run. */
export type Repeats = {
  /** Takes up a request. `key` is equal for equal requests; `given` is the client's own otid, if it gave one. */
  readonly open: (key: string, given: string | null, isRepeat: boolean) => Answering;
};

/** A client that went away for good leaves its request behind; only so many of the latest are kept. */
const MOST = 1000;

/** Makes an empty {@link Repeats}. */
export function createRepeats(): Repeats {
  const otids = new Map<string, string>();
  return {
    open: (key, given, isRepeat) => {
      const otid = given ?? (isRepeat ? otids.get(key) : undefined) ?? randomUUID();
      otids.delete(key);
      otids.set(key, otid);
      const [oldest] = otids.keys();
      if (otids.size > MOST && oldest !== undefined) otids.delete(oldest);
      const forget = (): void => {
        if (otids.get(key) === otid) otids.delete(key);
      };
      return { otid, forget };
    },
  };
}
