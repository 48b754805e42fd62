import { MAX_BLOCK_LIMIT } from '../../shared/contract/agents.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import { findLabelOwners, listBlocksOfAgent } from '../store/blocks.ts';
import type { Read } from '../store/database.ts';
import type { Cause } from './cause.ts';
import { formatCount } from './text.ts';

/** Throws `read_only` when an agent is about to change a block that is not its to change. */
export function assertWritable(block: Pick<Block, 'label' | 'read_only'>, cause: Cause): void {
  if (cause.actor !== 'agent' || !block.read_only) return;
  throw new AppError('read_only', `${block.label} is read-only for agents. Nothing was changed.`, {
    details: { label: block.label },
  });
}

/**
 * Throws `limit_exceeded` when a text is longer than its limit. A block that is over already (an imported one) may only
 * shrink or stay: `current_length` is what it has now, in characters.
 */
export function assertFits(label: string, length: number, limit: number, current_length: number): void {
  if (length <= limit || length <= current_length) return;
  throw new AppError(
    'limit_exceeded',
    `${label} would be ${formatCount(length)} characters; its limit is ${formatCount(limit)}. Nothing was changed. ` +
      'Shorten the text or take something out first.',
    { details: { label, length, limit } },
  );
}

/** Throws `limit_exceeded` when a limit is set below what the block holds, `invalid_input` when it is no limit. */
export function assertLimit(label: string, limit: number, length: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_BLOCK_LIMIT) {
    throw new AppError(
      'invalid_input',
      `The limit of ${label} must be a whole number from 1 to ${formatCount(MAX_BLOCK_LIMIT)}, not ${formatCount(limit)}. ` +
        'Nothing was changed.',
    );
  }
  if (length <= limit) return;
  throw new AppError(
    'limit_exceeded',
    `${label} holds ${formatCount(length)} characters, so its limit can not be ${formatCount(limit)}. Nothing was ` +
      'changed. Shorten the text first.',
    { details: { label, length, limit } },
  );
}

/** Throws `conflict` when one of the agents has another block of this label. */
export async function assertLabelFree(
  read: Read,
  label: string,
  agent_ids: readonly string[],
  block_id: string,
): Promise<void> {
  const [owner] = await findLabelOwners(read, label, agent_ids, block_id);
  if (owner === undefined) return;
  throw new AppError(
    'conflict',
    `${owner} has a block named ${label} already. Nothing was changed. Choose another label.`,
    { details: { label } },
  );
}

/** The block an agent knows by this label; throws `not_found` naming the labels there are. */
export async function findBlockByLabel(read: Read, agent_id: string, label: string): Promise<Block> {
  const blocks = await listBlocksOfAgent(read, agent_id);
  const found = blocks.find((block) => block.label === label);
  if (found !== undefined) return found;
  const labels = blocks.map((block) => block.label);
  const there = labels.length === 0 ? 'This agent has no blocks.' : `There are: ${labels.join(', ')}.`;
  throw new AppError('not_found', `There is no block named "${label}". ${there}`, {
    details: { label, labels },
  });
}
