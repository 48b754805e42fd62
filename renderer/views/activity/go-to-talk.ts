import { openConversation } from '../../state/navigation.ts';
import type { Stores } from '../../state/stores.ts';
import { goToMessage } from '../chat/show-message.ts';
import { routeHref, writeAddress } from '../frame/route.ts';

/** Frames that the talk may take to be drawn. */
const MOST_FRAMES = 120;

/** Leaves this page for the talk, and shows a message there. */
export async function goToTalk(
  stores: Stores,
  place: { readonly conversation_id: string; readonly message_id: string },
): Promise<void> {
  await openConversation(stores, place.conversation_id);
  writeAddress(routeHref('chat'), 'push');
  for (let frames = 0; frames < MOST_FRAMES && document.querySelector('.talk') === null; frames += 1) {
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  await goToMessage(stores, place);
}
