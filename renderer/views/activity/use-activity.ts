import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useConnection, useStores } from '../../state/stores.ts';
import type { ActivityState } from './activity-state.ts';
import { createActivityStore, type ActivityActions } from './activity-store.ts';

/** What happened as far as it is loaded, and what can be done with it. */
export type ActivityFeed = { readonly state: ActivityState; readonly actions: ActivityActions };

/** Reads what happened, follows events and reads again after a lost connection. */
export function useActivity(): ActivityFeed {
  const { client, listeners } = useStores();
  const store = useMemo(() => createActivityStore(client), [client]);
  const { actions } = store;
  // A new answer of the connection means events may have been missed.
  const info = useConnection((connection) => connection.info);
  useEffect(() => {
    void actions.refresh();
  }, [actions, info]);
  useEffect(() => {
    listeners.add(actions.apply);
    return () => void listeners.delete(actions.apply);
  }, [actions, listeners]);
  return { state: useStore(store), actions };
}
