import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/client.ts';
import type { Agent } from '../../shared/contract/agents.ts';
import type { ContextOverview } from '../../shared/contract/context.ts';
import type { InputOf } from '../../shared/contract/index.ts';
import { upsertVersioned, without } from './entities.ts';
import { createMeanwhile } from './meanwhile.ts';

/** The agents as the backend last told them, the chosen one, and what fills its window. */
export type AgentsState = {
  /** False until the first list came. */
  readonly loaded: boolean;
  readonly agents: readonly Agent[];
  readonly selected_id: string | null;
  readonly context: ContextOverview | null;
  readonly load: () => Promise<void>;
  /** Only remembers the choice; opening its talk is `openAgent` of `navigation.ts`. */
  readonly select: (agentId: string | null) => void;
  readonly create: (fields: InputOf<'agents.create'>) => Promise<Agent>;
  readonly update: (fields: InputOf<'agents.update'>) => Promise<Agent>;
  readonly remove: (agentId: string) => Promise<void>;
  readonly restore: (agentId: string) => Promise<Agent>;
  /** Reads what fills the window of a conversation of the chosen agent. */
  readonly loadContext: (conversationId: string) => Promise<void>;
  /** Takes over an agent from an event or an answer, unless a newer version is here. */
  readonly put: (agent: Agent) => void;
  readonly drop: (agentId: string) => void;
};

/** Makes the store of the agents. */
export function createAgentsStore(client: Client): StoreApi<AgentsState> {
  return createStore<AgentsState>()((set, get) => {
    // An answer about a conversation that was left meanwhile is dropped.
    let question = 0;
    const news = createMeanwhile<Agent | { readonly dropped: string }>((told) =>
      set(({ agents, selected_id }) =>
        'dropped' in told
          ? {
              agents: without(agents, told.dropped),
              selected_id: selected_id === told.dropped ? null : selected_id,
            }
          : { agents: upsertVersioned(agents, told) },
      ),
    );
    const put = (agent: Agent): Agent => {
      news.tell(agent);
      return agent;
    };
    const drop = (agentId: string): void => news.tell({ dropped: agentId });
    return {
      loaded: false,
      agents: [],
      selected_id: null,
      context: null,
      load: () =>
        news.read(
          () => client.call('agents.list', {}),
          (told) => set({ ...told, loaded: true }),
        ),
      select: (agentId) => set({ selected_id: agentId, context: null }),
      create: async (fields) => put(await client.call('agents.create', fields)),
      update: async (fields) => put(await client.call('agents.update', fields)),
      remove: async (agentId) => {
        await client.call('agents.delete', { agent_id: agentId });
        drop(agentId);
      },
      restore: async (agentId) => put(await client.call('agents.restore', { agent_id: agentId })),
      loadContext: async (conversationId) => {
        const agentId = get().selected_id;
        if (agentId === null) return;
        const input = { agent_id: agentId, conversation_id: conversationId };
        question += 1;
        const own = question;
        const context = await client.call('agents.context', input);
        if (own === question && get().selected_id === agentId) set({ context });
      },
      put: (agent) => void put(agent),
      drop,
    };
  });
}
