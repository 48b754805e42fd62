import type { Approval, ApprovalDecision } from '../../shared/contract/approvals.ts';
import type { GivenDecision } from './approval-input.ts';
import { EVERY_STATE } from './approval-wire.ts';
import { API, type LettaBackend } from './backend.ts';
import { detail, LettaError } from './errors.ts';
import type { Deciding } from './run-follow.ts';

/**
 * Finds the calls that a client decides about. They must be all that wait, 400 otherwise; calls decided before are a
 * repetition, which decides nothing and finds the same run. 400 when nothing was asked.
 */
export async function findDecided(
  { call }: LettaBackend,
  conversation_id: string,
  given: readonly GivenDecision[],
): Promise<Deciding> {
  const { run, approvals: pending } = await call('runs.current', { conversation_id }, API);
  const asked =
    run === null
      ? []
      : (await call('approvals.list', { run_id: run.id, states: [...EVERY_STATE] }, API)).approvals;
  const message_id = pending[0]?.message_id ?? asked.findLast((each) => isMeant(each, given))?.message_id;
  const ofMessage = asked.filter((each) => each.message_id === message_id);
  if (run === null || message_id === undefined) {
    throw detail(400, 'INVALID_ARGUMENT: No tool call is currently awaiting approval');
  }
  const isStranger = given.some(({ ref }) => !ofMessage.some((each) => isRef(each, ref)));
  if (isStranger || pending.some((each) => !isMeant(each, given))) {
    throw detail(400, `INVALID_ARGUMENT: Invalid tool call IDs. Expected '${ids(pending)}'.`);
  }
  const { messages } = await call('messages.list', { conversation_id, limit: 200 }, API);
  return {
    conversation_id,
    run_id: run.id,
    decisions: pending.length === 0 ? [] : ofMessage.flatMap((each) => decisionOf(each, given)),
    after_seq: messages.find(({ id }) => id === message_id)?.seq ?? 0,
  };
}

function isMeant(approval: Approval, given: readonly GivenDecision[]): boolean {
  return given.some(({ ref }) => isRef(approval, ref));
}

function isRef({ tool_call_id, message_id }: Approval, ref: string): boolean {
  return ref === tool_call_id || ref === message_id;
}

function ids(approvals: readonly Approval[]): string {
  return approvals.map(({ tool_call_id }) => tool_call_id).join("', '");
}

function decisionOf(approval: Approval, given: readonly GivenDecision[]): ApprovalDecision[] {
  const found = given.find(({ ref }) => isRef(approval, ref));
  if (found === undefined) return [];
  const { ref: _, ...decision } = found;
  return [{ approval_id: approval.id, ...decision }];
}

/** 409 when something waits for approval in a conversation, with the message that asked for it. */
export async function assertNothingPending(
  { call }: LettaBackend,
  conversation_id: string,
  otid: string,
): Promise<void> {
  const { approvals } = await call('runs.current', { conversation_id }, API);
  const [first] = approvals;
  if (first === undefined) return;
  const { state } = await call('messages.sent', { conversation_id, otid }, API);
  if (state !== 'unknown') return;
  throw new LettaError(409, {
    detail: {
      code: 'PENDING_APPROVAL',
      message:
        'Cannot send a new message: The agent is waiting for approval on a tool call. ' +
        'Please approve or deny the pending request before continuing.',
      pending_request_id: first.message_id,
    },
  });
}
