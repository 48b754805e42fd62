/** Readings of one store, and what it is told while they are under way. */
export type Meanwhile<News> = {
  /** Applies what was told. */
  readonly tell: (news: News) => void;
  /**
   * Asks, takes the answer, then applies once more what was told since the question, in its order: an answer may be
   * older than what was told before it came. Rejects, and takes nothing, when asking does.
   */
  readonly read: <Answer>(ask: () => Promise<Answer>, take: (answer: Answer) => void) => Promise<void>;
};

/** Keeps readings from undoing what a store was told meanwhile. Applying the same news twice must change nothing. */
export function createMeanwhile<News>(apply: (news: News) => void): Meanwhile<News> {
  const underWay = new Set<News[]>();
  return {
    tell: (news) => {
      for (const told of underWay) told.push(news);
      apply(news);
    },
    read: async (ask, take) => {
      const told: News[] = [];
      underWay.add(told);
      try {
        take(await ask());
      } finally {
        underWay.delete(told);
      }
      for (const news of told) apply(news);
    },
  };
}
