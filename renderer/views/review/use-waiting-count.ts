import { useEffect, useMemo } from 'react';
import { t } from '../../messages/t.ts';
import { waitingOf } from '../../state/review.ts';
import { useAgents, useReview } from '../../state/stores.ts';

/** How much waits for a person, of all agents that are here. */
export function useWaitingCount(): number {
  const approvals = useReview((state) => state.approvals);
  const proposals = useReview((state) => state.proposals);
  const agents = useAgents((state) => state.agents);
  return useMemo(() => {
    const ids = new Set(agents.map(({ id }) => id));
    return waitingOf({ approvals, proposals }).filter(({ agent_id }) => ids.has(agent_id)).length;
  }, [approvals, proposals, agents]);
}

/** Says in the title of the window, and of its tab, how much waits. */
export function useWindowTitle(): void {
  const count = useWaitingCount();
  useEffect(() => {
    document.title = count === 0 ? t('app') : t('review.window', { count, name: t('app') });
  }, [count]);
}
