import { useSyncExternalStore } from 'react';

/** A page of the app; its address is the hash `#/<name>`. */
export type Route = 'chat' | 'archive' | 'settings';

/** The page the address names; `chat` for any other. Follows the address. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, readRoute);
}

/** Address of a page, for links. */
export function routeHref(route: Route): string {
  return `#/${route}`;
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}

function readRoute(): Route {
  const name = location.hash.slice(2).split('/')[0];
  return name === 'archive' || name === 'settings' ? name : 'chat';
}
