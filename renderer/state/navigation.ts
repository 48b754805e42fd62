import type { Conversation } from '../../shared/contract/conversations.ts';
import { toWire } from '../../shared/errors.ts';
import { t } from '../messages/t.ts';
import type { Stores } from './stores.ts';

/** Reads everything on screen again; opens the agent and the conversation that were open, else the newest ones. */
export async function reload(stores: Stores): Promise<void> {
  if (!(await stores.connection.getState().check())) return;
  forgetLostSend(stores);
  await Promise.all([
    stores.agents.getState().load(),
    stores.providers.getState().load(),
    stores.review.getState().load(),
  ]);
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

/** A message that met a silent backend is back in its box; once somebody answers there is nothing to warn of. */
function forgetLostSend({ talk }: Stores): void {
  if (talk.getState().send_error?.code === 'internal') talk.setState({ send_error: null });
}

/** Opens an agent with its memory and the conversation that was open in it, else its newest one. */
export async function openAgent(stores: Stores, agentId: string): Promise<void> {
  if (stores.agents.getState().selected_id !== agentId) stores.agents.getState().select(agentId);
  stores.preferences.getState().change({ last_agent_id: agentId });
  const openTalk = async (): Promise<void> => {
    await stores.conversations.getState().load(agentId);
    if (stores.agents.getState().selected_id !== agentId) return;
    await openConversation(stores, choose(stores)?.id ?? null);
  };
  await Promise.all([stores.memory.getState().load(agentId), openTalk()]);
}

/** Opens a conversation of the chosen agent; one of another agent together with that agent. */
export async function openConversation(stores: Stores, conversationId: string | null): Promise<void> {
  if (conversationId !== null && !isHere(stores, conversationId)) {
    await openElsewhere(stores, conversationId);
    return;
  }
  stores.conversations.getState().select(conversationId);
  if (conversationId !== null) stores.preferences.getState().change({ last_conversation_id: conversationId });
  await stores.talk.getState().open(conversationId);
  await readContext(stores);
}

/** Reads what fills the window of the open conversation. */
export async function readContext(stores: Stores): Promise<void> {
  const { agent_id, selected_id } = stores.conversations.getState();
  const { selected_id: agentId, loadContext } = stores.agents.getState();
  // Between two agents the conversation is still one of the agent before; opening the next one reads its own.
  if (agent_id !== agentId || selected_id === null || !isHere(stores, selected_id)) return;
  await loadContext(selected_id).catch((error: unknown) => {
    // It was deleted while it was asked for; the event that says so is on its way.
    if (toWire(error).code !== 'not_found') throw error;
  });
}

function isHere(stores: Stores, conversationId: string): boolean {
  return stores.conversations.getState().conversations.some(({ id }) => id === conversationId);
}

/** Opens a conversation that is not one of the chosen agent. Nothing happens when nobody has it. */
async function openElsewhere(stores: Stores, conversationId: string): Promise<void> {
  for (const { id } of stores.agents.getState().agents) {
    const { conversations } = await stores.client.call('conversations.list', { agent_id: id });
    if (conversations.some((each) => each.id === conversationId)) {
      stores.preferences.getState().change({ last_conversation_id: conversationId });
      await openAgent(stores, id);
      // An agent that was open already keeps the conversation that was open in it.
      if (isHere(stores, conversationId)) await openConversation(stores, conversationId);
      return;
    }
  }
}

/** Opens a new conversation with the chosen agent; one that is still empty is used again. */
export async function startConversation(stores: Stores): Promise<void> {
  const agentId = stores.agents.getState().selected_id;
  if (agentId === null) return;
  const { conversations, create } = stores.conversations.getState();
  const empty = conversations.find(
    (each) => each.message_count === 0 && each.parent_id === null && each.archived_at === null,
  );
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
    conversations.find((each) => each.archived_at === null) ??
    conversations[0]
  );
}

/** Makes an agent under the first free name and opens it. */
export async function createAgent(stores: Stores): Promise<void> {
  const { agents, create } = stores.agents.getState();
  let count = agents.length + 1;
  while (agents.some((agent) => agent.name === t('agents.newName', { count }))) count += 1;
  const agent = await create({
    name: t('agents.newName', { count }),
    blocks: [{ label: 'human' }, { label: 'persona' }],
  });
  await openAgent(stores, agent.id);
}
