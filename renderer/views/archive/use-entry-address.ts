import { useEffect, useRef } from 'react';
import { t } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { addressHref, parseAddress, writeAddress } from '../frame/route.ts';
import { isKnown } from './archive-state.ts';
import type { Archive } from './use-archive.ts';

/** Keeps the chosen entry in the address, and chooses the one the address names; `onShow` runs when that one is here. */
export function useEntryAddress(agent_id: string, archive: Archive, onShow: () => void): void {
  const { toast } = useStores();
  const latest = useRef({ archive, onShow });
  useEffect(() => {
    latest.current = { archive, onShow };
  });
  const { selected_id, loading, next } = archive.state;
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    const follow = (): void => {
      const named = entryOf(agent_id);
      if (named === latest.current.archive.state.selected_id) return;
      latest.current.archive.actions.select(named);
      wanted.current = named;
      if (named !== null) latest.current.onShow();
    };
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [agent_id]);
  // An entry far down is read page by page until it is here.
  useEffect(() => {
    const { state, actions } = latest.current.archive;
    if (wanted.current === null || state.loading !== null || state.failure !== null) return;
    if (isKnown(state, wanted.current)) wanted.current = null;
    else if (state.next !== null) void actions.loadMore();
    else {
      wanted.current = null;
      actions.select(null);
      toast.getState().show(t('address.noEntry'));
    }
  }, [loading, next, selected_id, toast]);
  const written = useRef(selected_id);
  useEffect(() => {
    if (written.current === selected_id) return;
    written.current = selected_id;
    const how = entryOf(agent_id) === null ? 'push' : 'replace';
    writeAddress(addressHref({ page: 'archive', agent_id, item_id: selected_id }), how);
  }, [agent_id, selected_id]);
}

/** The entry the address names in the archive of this agent. */
function entryOf(agent_id: string): string | null {
  const address = parseAddress(location.hash);
  return address?.page === 'archive' && address.agent_id === agent_id ? address.item_id : null;
}
