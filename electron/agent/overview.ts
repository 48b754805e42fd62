import type { ContextOverview } from '../../shared/contract/agents.ts';
import { AppError } from '../../shared/errors.ts';
import { readAgent } from '../store/agents.ts';
import { readConversation, readDefaultConversation } from '../store/conversations.ts';
import { countMessagesOfAgent } from '../store/messages.ts';
import { countArchivalMemory } from '../store/window.ts';
import { planRequest, windowOf } from './plan.ts';
import { modelOf, toolsOf } from './run-worker.ts';
import type { RuntimeDeps } from './runtime-deps.ts';

/** Says what the next request of a conversation holds, without changing anything. Throws `not_found`. */
export async function overviewOf(
  deps: RuntimeDeps,
  agent_id: string,
  conversation_id?: string,
): Promise<ContextOverview> {
  const db = deps.database.read;
  const agent = await readAgent(db, agent_id);
  const conversation =
    conversation_id === undefined
      ? await readDefaultConversation(db, agent_id)
      : await readConversation(db, conversation_id);
  if (conversation.agent_id !== agent_id) {
    throw new AppError('not_found', 'This conversation belongs to another agent.', {
      details: { conversation_id },
    });
  }
  const model = modelOf(deps, agent);
  const tools = toolsOf(deps, agent).map(({ name, description, parameters }) => ({
    name,
    description,
    parameters,
  }));
  const { context } = await planRequest(db, {
    agent,
    conversation_id: conversation.id,
    model,
    tools,
    wording: deps.wording,
    now: deps.clock.now(),
    note_id: deps.clock.newId('note'),
  });
  return {
    window: windowOf(agent, model),
    used: context.used,
    parts: [...context.parts],
    num_messages: context.request.messages.length - 1,
    num_recall_memory: await countMessagesOfAgent(db, agent_id),
    num_archival_memory: await countArchivalMemory(db, agent_id),
  };
}
