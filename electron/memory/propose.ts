import type { Proposal } from '../../shared/contract/approvals.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import { readAgent } from '../store/agents.ts';
import type { Read, Write } from '../store/database.ts';
import { insertProposal, listProposals } from '../store/proposals.ts';
import { firstWords } from '../store/memory-changes.ts';
import { checkText, cleanTags } from './archival.ts';
import { assertFits } from './block-rules.ts';
import type { BlockStep, EditContext } from './block-versions.ts';
import type { Cause } from './cause.ts';

/** Key of an agent's metadata: `true` makes its edits proposals once it has read what came from outside. */
export const REVIEW_EXTERNAL = 'review_external_writes';

/** Key of an agent's metadata: `true` makes all it files in its archive proposals. */
export const REVIEW_ARCHIVE = 'review_archive';

/** Whether an agent's edit of a block has to wait for a person. */
export async function needsReview(read: Read, block: Pick<Block, 'review'>, cause: Cause): Promise<boolean> {
  if (cause.actor !== 'agent') return false;
  return block.review || (cause.trust === 'tool_output_external' && asks(read, cause, REVIEW_EXTERNAL));
}

/** Whether what an agent files in its archive has to wait for a person. */
export async function entryNeedsReview(read: Read, cause: Cause): Promise<boolean> {
  if (cause.actor !== 'agent') return false;
  const is_external = cause.trust === 'tool_output_external';
  if (is_external && (await asks(read, cause, REVIEW_EXTERNAL))) return true;
  return asks(read, cause, REVIEW_ARCHIVE);
}

async function asks(read: Read, { agent_id }: Cause, key: string): Promise<boolean> {
  if (agent_id === null) return false;
  const { metadata } = await readAgent(read, agent_id);
  return metadata[key] === true;
}

/**
 * Keeps an edit as a proposal; memory stays as it is. The same edit again gives the proposal that waits already. Throws
 * `limit_exceeded`.
 */
export async function proposeEdit(
  tx: Write,
  { current, settings, value, operation }: BlockStep,
  { cause, clock }: EditContext,
): Promise<Proposal> {
  if (value !== null) assertFits(settings.label, value.length, settings.limit, current.value.length);
  return propose(tx, {
    kind: 'block',
    target_id: current.id,
    label: current.label,
    tags: [],
    operation,
    base_version: current.version,
    before: current.value,
    after: value,
    cause,
    clock,
  });
}

/** Keeps an archive entry as a proposal; the archive stays as it is. Throws `invalid_input`. */
export async function proposeEntry(
  tx: Write,
  entry: { readonly text: string; readonly tags: readonly string[] },
  { cause, clock }: EditContext,
): Promise<Proposal> {
  const text = checkText(entry.text);
  return propose(tx, {
    kind: 'passage',
    target_id: clock.newId('passage'),
    label: firstWords(text),
    tags: cleanTags(entry.tags),
    operation: 'create',
    base_version: 0,
    before: null,
    after: text,
    cause,
    clock,
  });
}

type Proposed = EditContext &
  Pick<Proposal, 'kind' | 'target_id' | 'label' | 'tags' | 'operation' | 'base_version' | 'before' | 'after'>;

async function propose(tx: Write, { cause, clock, ...edit }: Proposed): Promise<Proposal> {
  const { agent_id, message_id, conversation_id, run_id, step_id, tool_call_id } = cause;
  if (agent_id === null) throw new AppError('internal', 'A proposal needs the agent who makes it.');
  const pending = await listProposals(tx, { agent_id, states: ['pending'] });
  const same = pending.find(
    ({ kind, target_id, after, base_version }) =>
      kind === edit.kind &&
      (kind === 'passage' || target_id === edit.target_id) &&
      after === edit.after &&
      base_version === edit.base_version,
  );
  if (same !== undefined) return same;
  const { reason, trust, actor } = cause;
  const made = { message_id, conversation_id, run_id, step_id, tool_call_id, reason, trust, actor };
  return insertProposal(tx, {
    id: clock.newId('proposal'),
    agent_id,
    ...edit,
    ...made,
    created_at: clock.now(),
  });
}
