import type { JSX } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Approval, Proposal } from '../../../shared/contract/approvals.ts';
import type { Message, MessageToolCall } from '../../../shared/contract/conversations.ts';
import { useAgent, useMemory, useReview } from '../../state/stores.ts';
import { CallCard } from '../review/call-card.tsx';
import { DecidedLine } from '../review/decided-line.tsx';
import { DecidedProposal } from '../review/decided-proposal.tsx';
import { ProposalCard } from '../review/proposal-card.tsx';
import { ChangeChip } from './change-chip.tsx';
import { ToolLine } from './tool-line.tsx';
import { useChangesOfCall } from './turn-changes.ts';

/** Props of {@link CallPiece}: `results` are the messages of the turn, where the stored answer is. */
export type CallPieceProps = {
  readonly call: MessageToolCall;
  /** The one that made the call. */
  readonly message: Message;
  readonly results: readonly Message[];
};

/** A call at its place in the talk: what waits for a person, what it changed or proposed in memory, else a line. */
export function CallPiece({ call, message, results }: CallPieceProps): JSX.Element {
  const changes = useChangesOfCall(call.tool_call_id);
  const approval = useApprovalOf(call, message.id);
  const proposals = useProposalsOf(call, message.step_id);
  const blocks = useMemory((state) => state.blocks);
  const agent = useAgent()?.name ?? '';
  if (approval?.state === 'pending') return <CallCard approval={approval} agent={agent} blocks={blocks} />;
  const result = results.find((each) => each.tool_call_id === call.tool_call_id) ?? null;
  const isShown = changes.length > 0 || proposals.length > 0;
  return (
    <>
      {!isShown && <ToolLine call={call} result={result} refused={isRefused(approval)} />}
      {proposals.map((proposal) =>
        proposal.state === 'pending' ? (
          <ProposalCard
            key={proposal.id}
            proposal={proposal}
            agent={agent}
            block={blocks.find(({ id }) => id === proposal.target_id) ?? null}
          />
        ) : (
          <DecidedProposal key={proposal.id} proposal={proposal} agent={agent} />
        ),
      )}
      {changes.map((change) => (
        <ChangeChip key={change.id} change={change} call={call} />
      ))}
      {approval !== null && <DecidedLine approval={approval} />}
    </>
  );
}

/** Whether a person, or the time, kept a call from running. */
function isRefused(approval: Approval | null): boolean {
  return approval !== null && ['denied', 'expired', 'cancelled'].includes(approval.state);
}

function useApprovalOf({ tool_call_id }: MessageToolCall, message_id: string): Approval | null {
  return useReview(
    (state) =>
      Object.values(state.approvals).find(
        (each) => each.tool_call_id === tool_call_id && each.message_id === message_id,
      ) ?? null,
  );
}

function useProposalsOf({ tool_call_id }: MessageToolCall, step_id: string | null): readonly Proposal[] {
  return useReview(
    useShallow((state) =>
      Object.values(state.proposals).filter(
        (each) => each.tool_call_id === tool_call_id && each.step_id === step_id,
      ),
    ),
  );
}
