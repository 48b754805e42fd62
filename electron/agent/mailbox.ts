/** The runs at work, one a conversation. */
export type Mailbox = {
  /** Starts working on a conversation unless someone is; the worker looks again before it leaves. */
  readonly wake: (conversation_id: string) => void;
  /**
   * Keeps a conversation for the caller, as a worker would, until the returned function is called, which wakes it.
   * `null` when someone is at work there.
   */
  readonly claim: (conversation_id: string) => (() => void) | null;
  readonly isBusy: (conversation_id: string) => boolean;
  /** Resolves when no one works any more. */
  readonly idle: () => Promise<void>;
};

/**
 * Makes a mailbox. `work` does one thing for a conversation and says whether there may be more. There is never more
 * than one worker in a conversation; different conversations go side by side. A throw ends the worker through `fail`.
 */
export function createMailbox(
  work: (conversation_id: string) => Promise<boolean>,
  fail: (conversation_id: string, error: unknown) => void,
): Mailbox {
  const workers = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const drain = async (conversation_id: string): Promise<void> => {
    try {
      do again.delete(conversation_id);
      while ((await work(conversation_id)) || again.has(conversation_id));
    } catch (error) {
      fail(conversation_id, error);
    } finally {
      workers.delete(conversation_id);
    }
  };
  const wake = (conversation_id: string): void => {
    again.add(conversation_id);
    if (workers.has(conversation_id)) return;
    // Entered in the map before it starts, since it takes itself out when it ends.
    workers.set(
      conversation_id,
      Promise.resolve().then(() => drain(conversation_id)),
    );
  };
  return {
    wake,
    claim: (conversation_id) => {
      if (workers.has(conversation_id)) return null;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      workers.set(
        conversation_id,
        promise.then(() => drain(conversation_id)),
      );
      return () => resolve(undefined);
    },
    isBusy: (conversation_id) => workers.has(conversation_id),
    idle: async () => {
      while (workers.size > 0) await Promise.all(workers.values());
    },
  };
}
