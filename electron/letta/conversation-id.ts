import type { Context } from 'hono';
import type { OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { readAgent } from './agents.ts';
import { API, defaultConversation, type LettaBackend } from './backend.ts';
import { detail, idError } from './errors.ts';
import { isId } from './input.ts';

/**
 * The id of the conversation that a path names; `default`, with an agent named beside it, is the agent's own thread.
 * 422 for what is no id, 400 for a default of nobody, 404 for an agent that is not here.
 */
export async function conversationOf(
  backend: LettaBackend,
  context: Context,
  agent_id: string | null | undefined,
): Promise<{ readonly id: string }> {
  const given = context.req.param('conversation_id') ?? '';
  if (given !== 'default') {
    if (!isId('conv', given)) throw idError('conversation_id', 'conv', given);
    return { id: given };
  }
  if (!agent_id) throw detail(400, "agent_id is required when the conversation is 'default'.");
  const { id } = await readAgent(backend, agent_id);
  return defaultConversation(backend.call, id);
}

/** Reads the conversation that a path names, see {@link conversationOf}. 404 when it is not here. */
export async function readConversationOf(
  backend: LettaBackend,
  context: Context,
  agent_id: string | null | undefined,
): Promise<OutputOf<'conversations.get'>> {
  const { id } = await conversationOf(backend, context, agent_id);
  try {
    return await backend.call('conversations.get', { conversation_id: id }, API);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') {
      throw detail(404, `Conversation not found with id='${id}'`);
    }
    throw error;
  }
}
