import type { Approval } from '../../shared/contract/approvals.ts';
import type { Message } from '../../shared/contract/conversations.ts';
import { API, defaultConversation, type LettaBackend } from './backend.ts';
import { part, wireBase } from './message-base.ts';
import { type Wire, wireDate } from './wire.ts';

/** The states of an approval, for those who want to see them all. */
export const EVERY_STATE = ['pending', 'approved', 'denied', 'returned', 'expired', 'cancelled'] as const;

/** A message and what was asked about its calls, in whatever state. */
export type ToldMessage = Message & { readonly approvals?: readonly Approval[] };

/** Puts what was asked beside the messages whose calls it concerns. */
export function told({
  messages,
  approvals,
}: {
  readonly messages: readonly Message[];
  readonly approvals: readonly Approval[];
}): ToldMessage[] {
  const byMessage = Map.groupBy(approvals, ({ message_id }) => message_id);
  return messages.map((message) => {
    const own = byMessage.get(message.id);
    return own === undefined ? message : { ...message, approvals: own };
  });
}

/** The calls of a message that were asked for, in V1's fields. */
export function approvalRequest(asked: readonly Approval[]): Wire {
  const calls = asked.map(({ name, arguments: text, tool_call_id }) => ({
    name,
    arguments: text,
    tool_call_id,
  }));
  return { tool_call: calls[0], tool_calls: calls };
}

/** What was decided, in V1's fields; `null` while a decision is missing. */
export function approvalResponse(message_id: string, asked: readonly Approval[]): Wire | null {
  if (asked.length === 0 || asked.some(({ state }) => state === 'pending')) return null;
  const [only] = asked;
  const is_single = asked.length === 1 && only !== undefined && only.state !== 'returned';
  return {
    approvals: asked.map(wireDecision),
    approve: is_single ? only.state === 'approved' : null,
    approval_request_id: message_id,
    reason: is_single ? only.reason : null,
  };
}

function wireDecision({ state, tool_call_id, reason, result, result_status }: Approval): Wire {
  if (state === 'returned') {
    const status = result_status ?? 'success';
    return { type: 'tool', tool_call_id, tool_return: result ?? '', status, stdout: null, stderr: null };
  }
  return { type: 'approval', tool_call_id, approve: state === 'approved', reason };
}

/** The open request of each agent's own thread, as a message, by the agent's id. */
export async function pendingApprovals(
  call: LettaBackend['call'],
  agent_ids: readonly string[],
): Promise<Map<string, Wire>> {
  const found = new Map<string, Wire>();
  const { approvals } = await call('approvals.list', { limit: 500 }, API);
  for (const agent_id of agent_ids) {
    const own = approvals.filter((approval) => approval.agent_id === agent_id);
    if (own.length === 0) continue;
    const { id } = await defaultConversation(call, agent_id);
    const asked = own.filter(({ conversation_id }) => conversation_id === id);
    const [first] = asked;
    if (first !== undefined) found.set(agent_id, requestMessage(first, asked));
  }
  return found;
}

function requestMessage(first: Approval, asked: readonly Approval[]): Wire {
  const { message_id, step_id, run_id, created_at } = first;
  const message_type = 'approval_request_message';
  const date = wireDate(created_at);
  return {
    ...wireBase({ id: message_id, date, message_type, otid: part(message_id, 0), step_id, run_id }),
    ...approvalRequest(asked),
  };
}
