import type { Agent } from '../../shared/contract/agents.ts';
import type { Block } from '../../shared/contract/blocks.ts';
import type { Conversation } from '../../shared/contract/conversations.ts';
import { t } from '../messages/t.ts';
import { attempt } from './attempt.ts';
import { branchesOf } from './branches.ts';
import { openAgent, openConversation, reload, startConversation } from './navigation.ts';
import type { Stores } from './stores.ts';

/** Moves an agent to the trash, opens another one when it was open, and offers Undo. Rejects when it is busy. */
export async function deleteAgent(stores: Stores, agent: Agent): Promise<void> {
  const { remove, restore } = stores.agents.getState();
  await remove(agent.id);
  const bringBack = async (): Promise<void> => {
    await restore(agent.id);
    await openAgent(stores, agent.id);
  };
  stores.toast.getState().show(t('agents.deleted', { name: agent.name }), {
    label: t('undo'),
    run: () => attempt(stores, bringBack),
  });
  if (stores.agents.getState().selected_id === null) await reload(stores);
}

/**
 * Moves a conversation to the trash, opens another one when it was open, and offers Undo. Its branches stay: they keep
 * what they share with it. Rejects when it is busy.
 */
export async function deleteConversation(stores: Stores, conversation: Conversation): Promise<void> {
  const { conversations, selected_id, remove, restore } = stores.conversations.getState();
  const count = branchesOf(conversations, conversation.id).length;
  await remove(conversation.id);
  const title = titleOf(conversation);
  const bringBack = async (): Promise<void> => {
    const restored = await restore(conversation.id);
    await openConversation(stores, restored.id);
  };
  stores.toast
    .getState()
    .show(
      count === 0
        ? t('conversations.deleted', { title })
        : t('conversations.deletedBranches', { title, count }),
      { label: t('undo'), run: () => attempt(stores, bringBack) },
    );
  if (selected_id !== conversation.id) return;
  const next = stores.conversations.getState().conversations.find(({ archived_at }) => archived_at === null);
  await (next === undefined ? startConversation(stores) : openConversation(stores, next.id));
}

/** What a conversation is called. */
export function titleOf({ title }: Pick<Conversation, 'title'>): string {
  return title === '' ? t('conversations.untitled') : title;
}

/** Moves a block to the trash, for every agent that uses it, and offers Undo. */
export async function deleteBlock(stores: Stores, block: Block): Promise<void> {
  const memory = stores.memory.getState();
  await memory.deleteBlock(block.id);
  const count = block.agent_ids.length;
  const words =
    count > 1
      ? t('block.deletedShared', { label: block.label, count })
      : t('block.deleted', { label: block.label });
  stores.toast.getState().show(words, {
    label: t('undo'),
    run: () => attempt(stores, () => memory.undeleteBlock(block.id)),
  });
}

/** Takes a block out of the chosen agent and offers Undo. The block stays with its other agents, and can come back. */
export async function detachBlock(stores: Stores, block: Block): Promise<void> {
  const { agent_id, detachBlock: detach, attachBlock } = stores.memory.getState();
  if (agent_id === null) return;
  await detach(block.id, agent_id);
  stores.toast.getState().show(t('block.detached', { label: block.label }), {
    label: t('undo'),
    run: () => attempt(stores, () => attachBlock(block.id, agent_id)),
  });
}
