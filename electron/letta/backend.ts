import type { Conversation } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import type { CallContext, Dispatch } from '../api/dispatch.ts';
import type { EventHub } from '../api/event-hub.ts';

/** What the Letta routes stand on: the one dispatch and its events. */
export type LettaBackend = {
  readonly call: Dispatch;
  readonly subscribe: EventHub['subscribe'];
  /** Ends waiting requests and streams. */
  readonly closing: AbortSignal;
  readonly log: (line: string) => void;
};

/** Changes made through these routes are recorded as made by a program. */
export const API: CallContext = { actor: 'api' };

/** An agent's own thread, which Letta calls the agent's messages. */
export async function defaultConversation(call: Dispatch, agent_id: string): Promise<Conversation> {
  const { conversations } = await call('conversations.list', { agent_id }, API);
  const own = conversations.find((conversation) => conversation.is_default);
  if (own === undefined) throw new AppError('not_found', `Agent ${agent_id} has no conversation of its own.`);
  return own;
}
