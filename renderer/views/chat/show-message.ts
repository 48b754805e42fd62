import { flushSync } from 'react-dom';
import { t } from '../../messages/t.ts';
import { beginsIn } from '../../state/branches.ts';
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
  const { message_id, conversation_id: home } = place;
  const open = stores.talk.getState().conversation_id;
  // A branch reads on in the talk it left: what they share is shown where one is.
  const shares = home !== null && beginsIn(stores.conversations.getState().conversations, open, home);
  if (shares && (await seek(stores, message_id)) !== 'missing') return;
  if (home !== null && home !== open) await openConversation(stores, home);
  if ((await seek(stores, message_id)) === 'missing') {
    stores.toast.getState().show(t('change.messageGone'));
  }
}

/** Shows a message of the open talk, reading back until it is there; `left` when another talk was opened meanwhile. */
async function seek(stores: Stores, messageId: string): Promise<'shown' | 'left' | 'missing'> {
  const { talk } = stores;
  const { conversation_id } = talk.getState();
  while (!showMessage(messageId)) {
    if (!talk.getState().has_more) return 'missing';
    await olderMessages(stores);
    if (talk.getState().conversation_id !== conversation_id) return 'left';
  }
  return 'shown';
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
