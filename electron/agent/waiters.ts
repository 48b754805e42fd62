import type { Run } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';

/** Those who wait for something to end in a conversation. */
export type Waiters = {
  /** Resolves when the next run of the conversation ends; rejects when `inbox_id` is withdrawn or work fails. */
  readonly next: (conversation_id: string, inbox_id: string | null) => Promise<void>;
  readonly settle: (run: Run) => void;
  readonly withdraw: (conversation_id: string, inbox_id: string) => void;
  readonly fail: (conversation_id: string, error: unknown) => void;
};

type Waiter = {
  readonly inbox_id: string | null;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** Makes an empty list of waiters. */
export function createWaiters(): Waiters {
  const waiting = new Map<string, Waiter[]>();
  const take = (conversation_id: string, wanted: (waiter: Waiter) => boolean): Waiter[] => {
    const all = waiting.get(conversation_id) ?? [];
    waiting.set(
      conversation_id,
      all.filter((waiter) => !wanted(waiter)),
    );
    return all.filter(wanted);
  };
  return {
    next: (conversation_id, inbox_id) => {
      const ended = new Promise<void>((resolve, reject) => {
        const waiter = { inbox_id, resolve, reject };
        waiting.set(conversation_id, [...(waiting.get(conversation_id) ?? []), waiter]);
      });
      // Whoever stopped listening must not turn a failure into an unhandled one.
      ended.catch(() => undefined);
      return ended;
    },
    settle: (run) => {
      for (const waiter of take(run.conversation_id, () => true)) waiter.resolve();
    },
    withdraw: (conversation_id, inbox_id) => {
      const error = new AppError('cancelled', 'This message was taken back before its run.');
      for (const waiter of take(conversation_id, (each) => each.inbox_id === inbox_id)) waiter.reject(error);
    },
    fail: (conversation_id, error) => {
      for (const waiter of take(conversation_id, () => true)) waiter.reject(error);
    },
  };
}
