import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Activity } from '../../../shared/contract/activity.ts';
import { toWire, type WireError } from '../../../shared/errors.ts';
import { useStores } from '../../state/stores.ts';
import { addressHref, parseAddress, writeAddress } from '../frame/route.ts';
import { idOf } from './activity-state.ts';

/** The thing the address names, as far as it is known. */
export type Opened =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly id: string }
  | { readonly kind: 'here'; readonly id: string; readonly activity: Activity }
  | { readonly kind: 'failed'; readonly id: string; readonly error: WireError };

/** The id the address names, and opening another one; `null` closes. */
export function useOpenedId(): [string | null, (id: string | null) => void] {
  const id = useSyncExternalStore(subscribe, openedId);
  const open = useCallback((next: string | null) => {
    const how = openedId() === null || next === null ? 'push' : 'replace';
    writeAddress(addressHref({ page: 'activity', agent_id: null, item_id: next }), how);
  }, []);
  return [id, open];
}

/** What an id names: of the list when it is loaded there, else read by itself. */
export function useOpened(id: string | null, items: readonly Activity[]): Opened {
  const { client } = useStores();
  const listed = id === null ? undefined : items.find((each) => idOf(each) === id);
  const [read, setRead] = useState<Opened>({ kind: 'none' });
  const isMissing = id !== null && listed === undefined;
  useEffect(() => {
    if (!isMissing) return undefined;
    let isAsked = true;
    client.call('activity.get', { id }).then(
      (activity) => isAsked && setRead({ kind: 'here', id, activity }),
      (error: unknown) => isAsked && setRead({ kind: 'failed', id, error: toWire(error) }),
    );
    return () => {
      isAsked = false;
    };
  }, [client, id, isMissing]);
  if (id === null) return { kind: 'none' };
  if (listed !== undefined) return { kind: 'here', id, activity: listed };
  return read.kind !== 'none' && read.id === id ? read : { kind: 'reading', id };
}

function openedId(): string | null {
  const address = parseAddress(location.hash);
  return address?.page === 'activity' ? address.item_id : null;
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
