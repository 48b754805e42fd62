import { useEffect, useRef } from 'react';
import { idOf, reachingPeriod, type ActivityState } from './activity-state.ts';
import type { ActivityActions } from './activity-store.ts';
import type { Opened } from './use-opened.ts';

/** Pages that are read to reach a thing, at most. */
const MOST_PAGES = 40;

/**
 * Reads back to what the address names, so that it is seen among what happened around it: over a longer period where it
 * is older. What lies too far back, or is not of what is shown, is left to its details.
 */
export function useReach(opened: Opened, state: ActivityState, actions: ActivityActions): void {
  const sought = useRef({ id: '', pages: 0 });
  const { items, next, loading, filter } = state;
  useEffect(() => {
    if (opened.kind !== 'here' || loading !== null) return;
    const { id, activity } = opened;
    if (sought.current.id !== id) sought.current = { id, pages: 0 };
    const isPast = next === null || (items.at(-1)?.at ?? activity.at) < activity.at;
    const isListed = items.some((each) => idOf(each) === id);
    const period = reachingPeriod(filter.period, activity.at, Date.now());
    if (isListed || sought.current.pages >= MOST_PAGES) {
      sought.current.pages = MOST_PAGES;
    } else if (period !== filter.period && sought.current.pages === 0) {
      sought.current.pages = 1;
      actions.setFilter({ period });
    } else if (!isPast) {
      sought.current.pages += 1;
      void actions.loadMore();
    }
  }, [opened, items, next, loading, filter, actions]);
}
