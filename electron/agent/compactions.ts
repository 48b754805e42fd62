import { AppError } from '../../shared/errors.ts';

/** The compactions that people asked for and that are under way: one a conversation at most. */
export type Compactions = {
  readonly has: (conversation_id: string) => boolean;
  /** Throws `conflict` while one of the conversation is under way. `onEnd` runs once it no longer is. */
  readonly start: <Result>(
    conversation_id: string,
    work: (signal: AbortSignal) => Promise<Result>,
    onEnd: () => void,
  ) => Promise<Result>;
  /** `false` when there is none. */
  readonly cancel: (conversation_id: string) => boolean;
  /** Stops all and waits for them. */
  readonly close: () => Promise<void>;
};

/** Keeps track of compactions on demand, so that each can be stopped. */
export function createCompactions(): Compactions {
  const controllers = new Map<string, AbortController>();
  const under_way = new Set<Promise<unknown>>();
  return {
    has: (conversation_id) => controllers.has(conversation_id),
    start: async (conversation_id, work, onEnd) => {
      if (controllers.has(conversation_id)) throw busy(conversation_id);
      const controller = new AbortController();
      controllers.set(conversation_id, controller);
      const ended = work(controller.signal).finally(() => {
        controllers.delete(conversation_id);
        under_way.delete(ended);
        onEnd();
      });
      under_way.add(ended);
      return ended;
    },
    cancel: (conversation_id) => {
      const controller = controllers.get(conversation_id);
      controller?.abort('cancelled');
      return controller !== undefined;
    },
    close: async () => {
      for (const controller of controllers.values()) controller.abort('interrupted');
      await Promise.allSettled(under_way);
    },
  };
}

function busy(conversation_id: string): AppError {
  return new AppError(
    'conflict',
    'This conversation is being compacted already. Wait until that is done, or stop it. Nothing was changed.',
    { details: { conversation_id } },
  );
}
