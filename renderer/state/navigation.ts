import type { Conversation } from '../../shared/contract/conversations.ts';
import type { Stores } from './stores.ts';

/** Reads everything on screen again; opens the agent and the conversation that were open, else the newest ones. */
export async function reload(stores: Stores): Promise<void> {
  if (!(await stores.connection.getState().check())) return;
  await stores.agents.getState().load();
  const { agents, selected_id } = stores.agents.getState();
  const { last_agent_id } = stores.preferences.getState();
  const agent =
    agents.find((each) => each.id === selected_id) ??
    agents.find((each) => each.id === last_agent_id) ??
    agents[0];
  if (agent === undefined) {
    stores.agents.getState().select(null);
    await stores.talk.getState().open(null);
  } else await openAgent(stores, agent.id);
}

/** Opens an agent with its memory and the conversation that was open in it, else its newest one. */
export async function openAgent(stores: Stores, agentId: string): Promise<void> {
  if (stores.agents.getState().selected_id !== agentId) stores.agents.getState().select(agentId);
  stores.preferences.getState().change({ last_agent_id: agentId });
  const memory = stores.memory.getState().load(agentId);
  await stores.conversations.getState().load(agentId);
  if (stores.agents.getState().selected_id !== agentId) return;
  await Promise.all([memory, openConversation(stores, choose(stores)?.id ?? null)]);
}

/** Opens a conversation of the chosen agent. */
export async function openConversation(stores: Stores, conversationId: string | null): Promise<void> {
  stores.conversations.getState().select(conversationId);
  if (conversationId !== null) stores.preferences.getState().change({ last_conversation_id: conversationId });
  await stores.talk.getState().open(conversationId);
  await stores.agents.getState().loadContext(conversationId);
}

/** Opens a new conversation with the chosen agent; one that is still empty is used again. */
export async function startConversation(stores: Stores): Promise<void> {
  const agentId = stores.agents.getState().selected_id;
  if (agentId === null) return;
  const { conversations, create } = stores.conversations.getState();
  const empty = conversations.find((each) => each.message_count === 0);
  const conversation = empty ?? (await create(agentId));
  await openConversation(stores, conversation.id);
}

/** The conversation to show: the chosen one, the one open last time, or the newest. */
function choose(stores: Stores): Conversation | undefined {
  const { conversations, selected_id } = stores.conversations.getState();
  const { last_conversation_id } = stores.preferences.getState();
  return (
    conversations.find((each) => each.id === selected_id) ??
    conversations.find((each) => each.id === last_conversation_id) ??
    conversations[0]
  );
}
