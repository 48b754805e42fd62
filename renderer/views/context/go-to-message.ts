import type { Stores } from '../../state/stores.ts';
import { goToMessage } from '../chat/show-message.ts';
import { addressHref, writeAddress } from '../frame/route.ts';
import type { TalkPlaceName } from './use-context-page.ts';

/** Leaves the page for the talk and goes to a message there. */
export async function leaveForMessage(
  stores: Stores,
  { agent_id, conversation_id }: TalkPlaceName,
  message_id: string,
): Promise<void> {
  writeAddress(addressHref({ page: 'chat', agent_id, item_id: conversation_id }), 'push');
  await talkIsShown();
  await goToMessage(stores, { message_id, conversation_id });
}

/** Resolves once the talk is in the page and was laid out. */
async function talkIsShown(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (document.querySelector('.talk [role="log"]') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve());
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true });
  look();
  await promise;
}
