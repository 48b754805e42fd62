import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/client.ts';
import type { Conversation } from '../../shared/contract/conversations.ts';
import { upsertVersioned, without } from './entities.ts';
import { createMeanwhile } from './meanwhile.ts';

/** The conversations of the chosen agent, newest talk first. */
export type ConversationsState = {
  readonly agent_id: string | null;
  readonly loaded: boolean;
  readonly conversations: readonly Conversation[];
  readonly selected_id: string | null;
  readonly load: (agentId: string) => Promise<void>;
  readonly select: (conversationId: string | null) => void;
  readonly create: (agentId: string) => Promise<Conversation>;
  readonly rename: (conversationId: string, title: string) => Promise<void>;
  /** Puts a conversation aside, or takes it back into the list. */
  readonly archive: (conversationId: string, archived: boolean) => Promise<void>;
  readonly restore: (conversationId: string) => Promise<Conversation>;
  readonly remove: (conversationId: string) => Promise<void>;
  /** Takes over a conversation from an event, unless a newer version is here or it belongs to another agent. */
  readonly put: (conversation: Conversation) => void;
  readonly drop: (conversationId: string) => void;
};

/** Makes the store of the conversations. */
export function createConversationsStore(client: Client): StoreApi<ConversationsState> {
  return createStore<ConversationsState>()((set, get) => {
    const news = createMeanwhile<Conversation | { readonly dropped: string }>((told) => {
      if ('dropped' in told) {
        set((state) => ({ conversations: without(state.conversations, told.dropped) }));
      } else if (told.agent_id === get().agent_id) {
        set((state) => ({
          conversations: upsertVersioned(state.conversations, told).toSorted(byNewestTalk),
        }));
      }
    });
    const put = news.tell;
    const drop = (conversationId: string): void => news.tell({ dropped: conversationId });
    return {
      agent_id: null,
      loaded: false,
      conversations: [],
      selected_id: null,
      load: async (agentId) => {
        if (get().agent_id !== agentId)
          set({ agent_id: agentId, loaded: false, conversations: [], selected_id: null });
        await news.read(
          () => client.call('conversations.list', { agent_id: agentId }),
          ({ conversations }) => {
            if (get().agent_id === agentId)
              set({ conversations: conversations.toSorted(byNewestTalk), loaded: true });
          },
        );
      },
      select: (conversationId) => set({ selected_id: conversationId }),
      create: async (agentId) => {
        const conversation = await client.call('conversations.create', { agent_id: agentId });
        put(conversation);
        return conversation;
      },
      rename: async (conversationId, title) =>
        put(await client.call('conversations.update', { conversation_id: conversationId, title })),
      archive: async (conversationId, archived) =>
        put(await client.call('conversations.update', { conversation_id: conversationId, archived })),
      restore: async (conversationId) => {
        const conversation = await client.call('conversations.restore', { conversation_id: conversationId });
        put(conversation);
        return conversation;
      },
      remove: async (conversationId) => {
        await client.call('conversations.delete', { conversation_id: conversationId });
        drop(conversationId);
      },
      put,
      drop,
    };
  });
}

function byNewestTalk(left: Conversation, right: Conversation): number {
  const at = (each: Conversation): string => each.last_message_at ?? each.created_at;
  return at(right).localeCompare(at(left));
}
