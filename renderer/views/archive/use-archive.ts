import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useConnection, useStores } from '../../state/stores.ts';
import type { ArchiveState } from './archive-state.ts';
import { createArchiveStore, type ArchiveActions } from './archive-store.ts';

/** The archive of one agent as it stands, and what can be done with it. */
export type Archive = { readonly state: ArchiveState; readonly actions: ArchiveActions };

/** Reads the archive of an agent, follows its events and reads again after a lost connection. */
export function useArchive(agent_id: string): Archive {
  const { client, listeners } = useStores();
  const store = useMemo(() => createArchiveStore(client, agent_id), [client, agent_id]);
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
