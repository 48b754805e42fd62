import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/client.ts';
import type { Effect } from '../../shared/contract/branches.ts';
import type { Message } from '../../shared/contract/conversations.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { toWire, type WireError } from '../../shared/errors.ts';

/** What is about to become a branch: a message that is said in other words, or the same again for another answer. */
export type BranchTask = {
  readonly kind: 'edit' | 'again';
  /** The talk it leaves. */
  readonly conversation_id: string;
  /** What a person said. */
  readonly message: Message;
  /** Id of the turn below which it is asked about: of the message, or of its answer. */
  readonly turn_id: string;
  /** Makes a repeated attempt the same one. */
  readonly otid: string;
  /** What the turns left behind changed in memory; `null` until it is known. */
  readonly effects: readonly Effect[] | null;
  /** Takes those back as well. */
  readonly revert: boolean;
  readonly sending: boolean;
  readonly error: WireError | null;
};

/** What is about to be forked: a talk up to a message, or as it is now. */
export type ForkTask = { readonly conversation_id: string; readonly message_id: string | null };

/** Branches and forks that are being prepared: one of each at a time. */
export type BranchingState = {
  readonly task: BranchTask | null;
  readonly fork: ForkTask | null;
  /** Opens the question about a branch and reads what it would leave behind. Never rejects. */
  readonly begin: (
    start: Pick<BranchTask, 'kind' | 'conversation_id' | 'message' | 'turn_id'>,
  ) => Promise<void>;
  readonly setRevert: (revert: boolean) => void;
  readonly cancel: () => void;
  /** Makes the branch; `text` in place of what was said. `null` when it failed: the task says why. */
  readonly send: (text?: string) => Promise<OutputOf<'conversations.branch'> | null>;
  readonly askFork: (fork: ForkTask | null) => void;
};

/** Makes the store of the branches that are being prepared. */
export function createBranchingStore(client: Client, newOtid: () => string): StoreApi<BranchingState> {
  return createStore<BranchingState>()((set, get) => {
    // What comes for a task that was given up meanwhile is dropped.
    const change = (otid: string, part: Partial<BranchTask>): void =>
      set(({ task }) => (task?.otid === otid ? { task: { ...task, ...part } } : {}));
    return {
      task: null,
      fork: null,
      begin: async (start) => {
        const otid = newOtid();
        set({ task: { ...start, otid, effects: null, revert: false, sending: false, error: null } });
        const part = { conversation_id: start.conversation_id, from_seq: start.message.seq };
        try {
          change(otid, await client.call('messages.effects', part));
        } catch (error) {
          change(otid, { error: toWire(error) });
        }
      },
      setRevert: (revert) => set(({ task }) => (task === null ? {} : { task: { ...task, revert } })),
      cancel: () => set({ task: null }),
      send: async (text) => {
        const { task } = get();
        if (task === null || task.sending) return null;
        const { conversation_id, message, otid, revert } = task;
        change(otid, { sending: true, error: null });
        try {
          const words = text === undefined ? {} : { text };
          const input = { conversation_id, message_id: message.id, otid, revert_memory: revert, ...words };
          const made = await client.call('conversations.branch', input);
          if (get().task?.otid === otid) set({ task: null });
          return made;
        } catch (error) {
          change(otid, { sending: false, error: toWire(error) });
          return null;
        }
      },
      askFork: (fork) => set({ fork }),
    };
  });
}
