import { randomUUID } from 'node:crypto';

/** A request that came. */
export type Asked = {
  /** Equal for equal requests. */
  readonly key: string;
  /** The client's own otid, if it gave one. */
  readonly given: string | undefined;
  /** Whether the client says that it repeats itself. */
  readonly isRepeat: boolean;
};

/** A request being answered. */
export type Answering = {
  /** Names what is said; the same for a request that came before and is repeated. */
  readonly otid: string;
  /** Call it when the run has ended: what is said from then on is new. */
  readonly forget: () => void;
};

/** Knows which requests are being answered, so that a client that repeats one joins its run. */
export type Repeats = {
  /**
   * Takes up a request. `isAnswered` tells whether a run has ended by its otid: a client that left did not see the end,
   * and a repetition that came after it says something new.
   */
  readonly open: (asked: Asked, isAnswered: (otid: string) => Promise<boolean>) => Promise<Answering>;
};

/** A client that went away for good leaves its request behind; only so many of the latest are kept. */
const MOST = 1000;

/** Makes an empty {@link Repeats}. */
export function createRepeats(): Repeats {
  const otids = new Map<string, string>();
  return {
    open: async ({ key, given, isRepeat }, isAnswered) => {
      const earlier = isRepeat ? otids.get(key) : undefined;
      const living = earlier === undefined || (await isAnswered(earlier)) ? undefined : earlier;
      const otid = given ?? living ?? randomUUID();
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
