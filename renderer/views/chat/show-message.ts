import { flushSync } from 'react-dom';
import { t } from '../../messages/t.ts';
import { openConversation } from '../../state/navigation.ts';
import type { Stores } from '../../state/stores.ts';
import { reveal } from './reveal.ts';
import { messageElement } from './talk-elements.ts';

/** Where a message stands: its conversation when that may not be the open one. */
export type MessagePlace = { readonly message_id: string; readonly conversation_id: string | null };

/**
 * Goes to a message: opens its conversation and reads as far back as needed, brings it into view and marks it for two
 * seconds. It stays in view, whatever is drawn around it, until the reader scrolls. A message that is nowhere to be
 * found is said to be gone.
 */
export async function goToMessage(stores: Stores, place: MessagePlace): Promise<void> {
  const { talk } = stores;
  const elsewhere =
    place.conversation_id !== null && place.conversation_id !== talk.getState().conversation_id;
  if (elsewhere) await openConversation(stores, place.conversation_id);
  const { conversation_id } = talk.getState();
  while (!showMessage(place.message_id)) {
    await olderMessages(stores);
    // Somebody opened another conversation meanwhile.
    if (talk.getState().conversation_id !== conversation_id) return;
    if (!talk.getState().has_more && !showMessage(place.message_id)) {
      stores.toast.getState().show(t('change.messageGone'));
      return;
    }
  }
}

/** Reads the next older page, or waits for it when it is on its way already. */
async function olderMessages({ talk }: Stores): Promise<void> {
  if (!talk.getState().loading_older) return talk.getState().loadOlder();
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = talk.subscribe((state) => {
    if (!state.loading_older) resolve();
  });
  await promise;
  stop();
}

/** Goes to a message among the steps: every request and answer around it in full. */
export async function goToStep(stores: Stores, place: MessagePlace): Promise<void> {
  flushSync(() => stores.preferences.getState().change({ view: 'steps' }));
  await goToMessage(stores, place);
}

function showMessage(messageId: string): boolean {
  // What was read is to be among the rows before one of them is asked for.
  flushSync(() => undefined);
  if (!reveal(messageId)) return false;
  const found = messageElement(messageId);
  found?.classList.remove('told');
  // Reading the width restarts the animation of a message shown twice.
  void found?.offsetWidth;
  found?.classList.add('told');
  return true;
}
