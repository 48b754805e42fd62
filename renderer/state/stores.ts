import { createContext, use } from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { Client } from '../../shared/client.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { createAgentsStore, type AgentsState } from './agents.ts';
import { createBranchingStore, type BranchingState } from './branching.ts';
import { createConnectionStore, type ConnectionState } from './connection.ts';
import { createConversationsStore, type ConversationsState } from './conversations.ts';
import { createDraftsStore, type DraftsState } from './drafts.ts';
import { createMemoryStore, type MemoryState } from './memory.ts';
import { createPreferencesStore, type PreferencesHost, type PreferencesState } from './preferences.ts';
import { createProvidersStore, type ProvidersState } from './providers.ts';
import { createReviewStore, type ReviewState } from './review.ts';
import { createTalkStore, type TalkState } from './talk.ts';
import { createToastStore, type ToastState } from './toast.ts';

/** Hears every event of the backend, after the stores have applied it. */
export type EventListener = (event: MemoirEvent) => void;

/** Everything a window knows: its stores, the client they call, and who else hears events. */
export type Stores = {
  readonly client: Client;
  readonly listeners: Set<EventListener>;
  readonly connection: StoreApi<ConnectionState>;
  readonly providers: StoreApi<ProvidersState>;
  readonly agents: StoreApi<AgentsState>;
  readonly conversations: StoreApi<ConversationsState>;
  readonly talk: StoreApi<TalkState>;
  readonly branching: StoreApi<BranchingState>;
  readonly memory: StoreApi<MemoryState>;
  readonly review: StoreApi<ReviewState>;
  readonly preferences: StoreApi<PreferencesState>;
  readonly drafts: StoreApi<DraftsState>;
  readonly toast: StoreApi<ToastState>;
};

/** What a window offers its stores: `null` for a storage that its browser forbids. */
export type StoresHost = PreferencesHost & {
  /** Of this tab. */
  readonly session: Storage | null;
};

/** Makes the stores of a window. */
export function createStores(client: Client, host: StoresHost): Stores {
  const memory = createMemoryStore(client);
  const newOtid = (): string => crypto.randomUUID();
  const review = createReviewStore(client);
  return {
    client,
    listeners: new Set(),
    connection: createConnectionStore(client),
    providers: createProvidersStore(client),
    agents: createAgentsStore(client),
    conversations: createConversationsStore(client),
    talk: createTalkStore({
      client,
      putRead: ({ changes, ...reviewed }) => {
        memory.getState().putChanges(changes);
        review.getState().put(reviewed);
      },
      newOtid,
    }),
    branching: createBranchingStore(client, newOtid),
    memory,
    review,
    preferences: createPreferencesStore(host),
    drafts: createDraftsStore(host.session),
    toast: createToastStore(),
  };
}

/** Carries the stores to the views. */
export const StoresContext = createContext<Stores | null>(null);

/** All stores of this window, for event handlers and effects. Throws outside of {@link StoresContext}. */
export function useStores(): Stores {
  const stores = use(StoresContext);
  if (stores === null) throw new Error('useStores needs a StoresContext above it.');
  return stores;
}

/** A part of the agents' state. The selector must give the same value for the same state. */
export function useAgents<Part>(select: (state: AgentsState) => Part): Part {
  return useStore(useStores().agents, select);
}

/** A part of the conversations' state. */
export function useConversations<Part>(select: (state: ConversationsState) => Part): Part {
  return useStore(useStores().conversations, select);
}

/** A part of the talk's state. */
export function useTalk<Part>(select: (state: TalkState) => Part): Part {
  return useStore(useStores().talk, select);
}

/** A part of the state of branches that are being prepared. */
export function useBranching<Part>(select: (state: BranchingState) => Part): Part {
  return useStore(useStores().branching, select);
}

/** A part of the memory's state. */
export function useMemory<Part>(select: (state: MemoryState) => Part): Part {
  return useStore(useStores().memory, select);
}

/** A part of what is to be reviewed. */
export function useReview<Part>(select: (state: ReviewState) => Part): Part {
  return useStore(useStores().review, select);
}

/** A part of the connection's state. */
export function useConnection<Part>(select: (state: ConnectionState) => Part): Part {
  return useStore(useStores().connection, select);
}

/** A part of the providers' state. */
export function useProviders<Part>(select: (state: ProvidersState) => Part): Part {
  return useStore(useStores().providers, select);
}

/** A part of the preferences. */
export function usePreferences<Part>(select: (state: PreferencesState) => Part): Part {
  return useStore(useStores().preferences, select);
}

/** A part of the toast's state. */
export function useToast<Part>(select: (state: ToastState) => Part): Part {
  return useStore(useStores().toast, select);
}

/** The chosen agent, or `null`. */
export function useAgent(): AgentsState['agents'][number] | null {
  return useAgents((state) => state.agents.find((agent) => agent.id === state.selected_id) ?? null);
}
