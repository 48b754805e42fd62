import type { Proposal } from '../../shared/contract/approvals.ts';
import type { Actor, MemoryChange } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import { getStoredBlock, type StoredBlock } from '../store/blocks.ts';
import type { Clock } from '../store/clock.ts';
import type { Write } from '../store/database.ts';
import { getChange } from '../store/memory-changes.ts';
import { getBlockVersion } from '../store/memory-versions.ts';
import { decideProposal, readProposal } from '../store/proposals.ts';
import { addPassage } from './archival.ts';
import { type BlockEdit, changesNothing, settingsOf, writeBlockVersion } from './block-versions.ts';
import { conflictOf } from './blocks.ts';
import type { Cause } from './cause.ts';
import { mergeText } from './merge.ts';
import type { PassageEdit } from './passage-versions.ts';
import { cleanText } from './text.ts';

/** What a person says to a proposed edit. */
export type ProposalDecision = {
  readonly proposal_id: string;
  readonly decision: 'accept' | 'reject';
  /** Accepted instead of the agent's text. */
  readonly text?: string | undefined;
  /** The version `text` was written on; left out: the one the agent had read. */
  readonly base_version?: number | undefined;
  readonly reason?: string | undefined;
};

/** A decided proposal. */
export type DecidedProposal = {
  readonly proposal: Proposal;
  /** What accepting it did to a block now. */
  readonly edit: BlockEdit | null;
  /** What accepting it did to the archive now. */
  readonly passage_edit: PassageEdit | null;
  readonly change: MemoryChange | null;
  /** Not so when the same was decided before. */
  readonly is_new: boolean;
};

/**
 * Accepts a proposed edit onto the newest text, merged with what came since, or rejects it. The same decision again
 * changes nothing. Throws `not_found`, `conflict` (with the texts, as an undo does), `limit_exceeded`, `read_only`.
 */
export async function decideProposedEdit(
  tx: Write,
  decision: ProposalDecision,
  { clock, actor }: { readonly clock: Clock; readonly actor: Actor },
): Promise<DecidedProposal> {
  const current = await readProposal(tx, decision.proposal_id);
  const state = decision.decision === 'accept' ? 'accepted' : 'rejected';
  if (current.state !== 'pending') return repeat(tx, current, { ...decision, state });
  const accepted =
    state === 'accepted' ? await accept(tx, { current, decision, clock, actor }) : NOTHING_WRITTEN;
  const proposal = await decideProposal(tx, current.id, {
    state,
    edited: state === 'accepted' ? (decision.text ?? null) : null,
    answer: decision.reason ?? null,
    change_id: accepted.change?.id ?? null,
    decided_at: clock.now(),
  });
  return { proposal, ...accepted, is_new: true };
}

async function repeat(
  tx: Write,
  current: Proposal,
  { state, text }: Pick<ProposalDecision, 'text'> & { readonly state: Proposal['state'] },
): Promise<DecidedProposal> {
  const change = current.change_id === null ? null : await getChange(tx, current.change_id);
  // Other words than those that were accepted are in memory nowhere.
  const is_same = current.state === state && (state === 'rejected' || (text ?? null) === current.edited);
  if (is_same) return { proposal: current, ...NOTHING_WRITTEN, change, is_new: false };
  throw new AppError('conflict', `This proposal is ${current.state} already; nothing was changed.`, {
    details: { proposal_id: current.id, state: current.state },
  });
}

type Accepting = {
  readonly current: Proposal;
  readonly decision: ProposalDecision;
  readonly clock: Clock;
  readonly actor: Actor;
};

type Accepted = Pick<DecidedProposal, 'edit' | 'passage_edit' | 'change'>;

const NOTHING_WRITTEN: Accepted = { edit: null, passage_edit: null, change: null };

async function accept(tx: Write, accepting: Accepting): Promise<Accepted> {
  if (accepting.current.kind === 'block') {
    const edit = await acceptEdit(tx, accepting);
    return { edit, passage_edit: null, change: edit.change };
  }
  const passage_edit = await acceptEntry(tx, accepting);
  return { edit: null, passage_edit, change: passage_edit.change };
}

async function acceptEntry(tx: Write, { current, decision, clock, actor }: Accepting): Promise<PassageEdit> {
  const { agent_id, tags } = current;
  const text = decision.text ?? current.after ?? '';
  const cause = causeOf(current, howOf(current, decision, actor));
  return addPassage(tx, { agent_id, text, tags }, { clock, cause });
}

function howOf(proposal: Proposal, { text }: ProposalDecision, actor: Actor): string {
  return `accepted by ${actor}${text !== undefined && text !== proposal.after ? ' with changes' : ''}`;
}

async function acceptEdit(tx: Write, accepting: Accepting): Promise<BlockEdit> {
  const { current: proposal, decision, clock, actor } = accepting;
  const block = await getStoredBlock(tx, proposal.target_id);
  if (block === null || block.deleted_at !== null) {
    throw new AppError('conflict', `${proposal.label} is in the trash. Take it out first, or reject this.`, {
      details: { block_id: proposal.target_id },
    });
  }
  const wanted = decision.text === undefined ? (proposal.after ?? '') : cleanText(decision.text);
  const base = await baseText(tx, block, { proposal, base_version: decision.base_version });
  const value = mergeText(base, block.value, wanted);
  if (value === null) throw conflictOf(block, base, wanted);
  const step = { current: block, settings: settingsOf(block), value, operation: proposal.operation };
  const { deleted_at: _, ...unchanged } = block;
  if (changesNothing(step)) return { block: unchanged, change: null };
  const cause = causeOf(proposal, howOf(proposal, decision, actor));
  const written = await writeBlockVersion(tx, step, { clock, cause });
  return { block: written.block ?? unchanged, change: written.change };
}

async function baseText(
  tx: Write,
  block: StoredBlock,
  from: { readonly proposal: Proposal; readonly base_version: number | undefined },
): Promise<string> {
  if (from.base_version === undefined) return from.proposal.before ?? '';
  const base = await getBlockVersion(tx, block.id, from.base_version);
  if (base !== null && base.change.after !== null) return base.change.after;
  throw new AppError('conflict', `${block.label} has no version ${from.base_version} to build on.`, {
    details: { block_id: block.id, current: block.value, version: block.version },
  });
}

/** The edit stays the agent's own, with what caused it; the reason says who let it in. */
function causeOf(proposal: Proposal, how: string): Cause {
  return {
    actor: proposal.actor,
    trust: proposal.trust,
    agent_id: proposal.agent_id,
    run_id: proposal.run_id,
    step_id: proposal.step_id,
    tool_call_id: proposal.tool_call_id,
    message_id: proposal.message_id,
    conversation_id: proposal.conversation_id,
    reason: proposal.reason === null ? how : `${proposal.reason} (${how})`,
  };
}
