import { useSyncExternalStore } from 'react';

/** A page of the app. */
export type Route = (typeof ROUTES)[number];

const ROUTES = ['chat', 'context', 'archive', 'activity', 'review', 'settings'] as const;

/** Whether what is open on a page is a conversation. */
export function showsTalk(page: Route): boolean {
  return page === 'chat' || page === 'context';
}

/**
 * What an address names: a page, whose it is, and what is open: a conversation (chat, context), an entry (archive), a step
 * or change (activity, which is nobody's own), a row (settings).
 */
export type Address = {
  readonly page: Route;
  readonly agent_id: string | null;
  readonly item_id: string | null;
};

/** The page the address names; `chat` for any other. Follows the address. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => parseAddress(location.hash)?.page ?? 'chat');
}

/** Address of a page, for links; what of it is open is added once one is there. */
export function routeHref(route: Route): string {
  return `#/${route}`;
}

/**
 * The hash of an address: `#/<page>/<agent>/<conversation, entry or row>` as far as it is known, `#/activity/<step or
 * change>`.
 */
export function addressHref({ page, agent_id, item_id }: Address): string {
  if (page === 'activity') return ['#', page, item_id].filter((part) => part !== null).join('/');
  return ['#', page, agent_id, agent_id === null ? null : item_id].filter((part) => part !== null).join('/');
}

/** What a hash names; the chat for an empty one, `null` for one that names no page. */
export function parseAddress(hash: string): Address | null {
  const [name = '', first = '', second = ''] = hash.replace(/^#?\/?/, '').split('/');
  const page = name === '' ? 'chat' : ROUTES.find((each) => each === name);
  if (page === undefined) return null;
  const [agent_id, item_id] = page === 'activity' ? ['', first] : [first, second];
  return {
    page,
    agent_id: agent_id === '' ? null : agent_id,
    item_id: item_id === '' ? null : item_id,
  };
}

/** Puts an address in the bar, as a new place to come back to or in place of the present one, and tells who follows. */
export function writeAddress(href: string, how: 'push' | 'replace'): void {
  if (href === location.hash) return;
  if (how === 'push') history.pushState(null, '', href);
  else history.replaceState(null, '', href);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
