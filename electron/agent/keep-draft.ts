import type { Message, Run } from '../../shared/contract/conversations.ts';
import type { Clock } from '../store/clock.ts';
import type { Write } from '../store/database.ts';
import { takeDraft } from '../store/drafts.ts';
import { appendMessage } from '../store/messages.ts';
import { bodyOfAnswer } from './answer.ts';

/**
 * Keeps what was saved of an answer that never became whole, as an interrupted message in the transaction that ends its
 * run; `null` when nothing was.
 */
export async function keepDraft(tx: Write, clock: Clock, run: Run): Promise<Message | null> {
  const draft = await takeDraft(tx, run.id);
  if (draft === null) return null;
  const {
    id: agent_id,
    name,
    timezone,
    model,
  } = await tx
    .selectFrom('agent')
    .innerJoin('step', 'step.agent_id', 'agent.id')
    .select(['agent.id', 'agent.name', 'agent.timezone', 'step.model'])
    .where('step.id', '=', draft.step_id)
    .executeTakeFirstOrThrow();
  const { text, reasoning } = draft;
  const body = bodyOfAnswer({ text, reasoning, tool_calls: [] }, false);
  if (body.content.length === 0) return null;
  return appendMessage(tx, {
    ...body,
    id: draft.message_id,
    conversation_id: run.conversation_id,
    agent_id,
    role: 'assistant',
    name,
    tool_call_id: null,
    tool_status: null,
    otid: null,
    run_id: run.id,
    step_id: draft.step_id,
    status: 'interrupted',
    model,
    timezone,
    created_at: clock.now(),
  });
}
