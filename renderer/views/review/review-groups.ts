import type { Agent } from '../../../shared/contract/agents.ts';
import { isWaiting, type ReviewItem } from '../../state/review.ts';

/** What is to be reviewed of one agent, or was. */
export type ReviewGroup = { readonly agent: Agent; readonly items: readonly ReviewItem[] };

/** Which items are shown. */
export type ReviewShow = 'waiting' | 'decided';

/** When it was asked, or decided. */
export function timeOf(item: ReviewItem): string {
  const { created_at, decided_at } = item.kind === 'call' ? item.call : item.edit;
  return decided_at ?? created_at;
}

/**
 * The items by agent, the agent with the newest one first. Of an agent, what waits stands in the order it came and what
 * was decided the other way round. Items of agents that are gone are left out.
 */
export function groupItems(
  items: readonly ReviewItem[],
  agents: readonly Agent[],
  show: ReviewShow,
): readonly ReviewGroup[] {
  const shown = items.filter((item) => isWaiting(item) === (show === 'waiting'));
  const order = show === 'waiting' ? 1 : -1;
  return agents
    .map((agent) => ({
      agent,
      items: shown
        .filter((item) => item.agent_id === agent.id)
        .toSorted((left, right) => order * timeOf(left).localeCompare(timeOf(right))),
    }))
    .filter((group) => group.items.length > 0)
    .toSorted((left, right) => newest(right).localeCompare(newest(left)));
}

/** Which item takes the place of one that goes: the one after it, else the one before. */
export function afterwards(groups: readonly ReviewGroup[], id: string): string | null {
  const ids = groups.flatMap(({ items }) => items.map((item) => item.id));
  const at = ids.indexOf(id);
  return ids[at + 1] ?? ids[at - 1] ?? null;
}

function newest({ items }: ReviewGroup): string {
  return items.reduce((latest, item) => (timeOf(item) > latest ? timeOf(item) : latest), '');
}
