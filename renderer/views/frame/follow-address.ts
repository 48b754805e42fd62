import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { openAgent, openConversation } from '../../state/navigation.ts';
import type { Stores } from '../../state/stores.ts';
import { addressHref, parseAddress, routeHref, showsTalk, writeAddress, type Address } from './route.ts';

/** Lets the first reading open what the address names. Call it before anything is read. */
export function beginAtAddress(stores: Stores): void {
  const address = parseAddress(location.hash);
  if (address === null || address.agent_id === null) return;
  stores.agents.getState().select(address.agent_id);
  preferConversation(stores, address);
}

/**
 * Keeps the address and what is open the same: opens what a link, Back or Forward names, and writes down what was
 * opened otherwise. An address that names nothing leads to the start. Returns the function that ends it.
 */
export function followAddress(stores: Stores): () => void {
  // What was dealt with: an address that is newer than this waits for its event, and is not overwritten meanwhile.
  let settled = location.hash;
  let begun = false;
  const arrive = (): void => {
    settled = location.hash;
    if (parseAddress(settled) === null) writeAddress(routeHref('chat'), 'replace');
    else if (begun) attempt(stores, () => open(stores, refuse).then(write));
  };
  const write = (): void => {
    const href = hrefOfOpen(stores);
    if (!begun || href === null || settled !== location.hash) return;
    writeAddress(href, isMet(stores) ? 'push' : 'replace');
    settled = location.hash;
  };
  const refuse = (words: string): void => {
    stores.toast.getState().show(words);
    writeAddress(routeHref('chat'), 'replace');
  };
  const begin = (): void => {
    if (begun || !stores.agents.getState().loaded) return write();
    begun = true;
    const agentId = parseAddress(location.hash)?.agent_id ?? null;
    if (agentId !== null && !isAgent(stores, agentId)) refuse(t('address.noAgent'));
    write();
  };
  addEventListener('hashchange', arrive);
  const ends = [stores.agents.subscribe(begin), stores.conversations.subscribe(write)];
  arrive();
  begin();
  return () => {
    removeEventListener('hashchange', arrive);
    for (const end of ends) end();
  };
}

/** Opens what the address names, where that is not open. */
async function open(stores: Stores, refuse: (words: string) => void): Promise<void> {
  const address = parseAddress(location.hash);
  if (address === null || address.agent_id === null) return;
  if (!isAgent(stores, address.agent_id)) return refuse(t('address.noAgent'));
  const { page, agent_id, item_id } = address;
  if (stores.agents.getState().selected_id !== agent_id) {
    preferConversation(stores, address);
    return openAgent(stores, agent_id);
  }
  const { selected_id } = stores.conversations.getState();
  if (!showsTalk(page) || item_id === null || item_id === selected_id) return;
  if (selected_id === null) return preferConversation(stores, address);
  if (!isConversation(stores, item_id)) return refuse(t('address.noConversation'));
  await openConversation(stores, item_id);
}

/** The hash of what is open; `null` while one is between two places. */
function hrefOfOpen(stores: Stores): string | null {
  const address = parseAddress(location.hash);
  const { agents, selected_id: agent_id } = stores.agents.getState();
  if (address === null) return null;
  if (address.page === 'activity') return addressHref(address);
  if (agent_id === null) return agents.length === 0 ? addressHref({ ...address, agent_id }) : null;
  if (!isAgent(stores, agent_id)) return null;
  if (!showsTalk(address.page)) {
    const item_id = address.agent_id === agent_id ? address.item_id : null;
    return addressHref({ ...address, agent_id, item_id });
  }
  const { agent_id: owner, loaded, conversations, selected_id } = stores.conversations.getState();
  if (owner !== agent_id || !loaded || (selected_id === null && conversations.length > 0)) return null;
  return addressHref({ ...address, agent_id, item_id: selected_id });
}

/** Whether the address as it is written names a place one can come back to. */
function isMet(stores: Stores): boolean {
  const address = parseAddress(location.hash);
  if (address === null || address.agent_id === null || !isAgent(stores, address.agent_id)) return false;
  if (!showsTalk(address.page)) return true;
  if (address.item_id === null) return false;
  // Conversations of another agent are not known here; they were when the address was written.
  const known = address.agent_id === stores.agents.getState().selected_id;
  return !known || isConversation(stores, address.item_id);
}

function preferConversation(stores: Stores, { page, item_id }: Address): void {
  if (showsTalk(page) && item_id !== null) {
    stores.preferences.getState().change({ last_conversation_id: item_id });
  }
}

function isAgent(stores: Stores, agentId: string): boolean {
  return stores.agents.getState().agents.some(({ id }) => id === agentId);
}

function isConversation(stores: Stores, conversationId: string): boolean {
  return stores.conversations.getState().conversations.some(({ id }) => id === conversationId);
}
