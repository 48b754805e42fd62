import { flushSync } from 'react-dom';
import { t } from '../../messages/t.ts';
import { openConversation } from '../../state/navigation.ts';
import type { Stores } from '../../state/stores.ts';

/** Where a message stands: its conversation when that may not be the open one. */
export type MessagePlace = { readonly message_id: string; readonly conversation_id: string | null };

/**
 * Goes to a message: opens its conversation and reads as far back as needed, brings it into view and marks it for two
 * seconds. A message that is nowhere to be found is said to be gone.
 */
export async function goToMessage(stores: Stores, place: MessagePlace): Promise<void> {
  const { talk } = stores;
  const elsewhere =
    place.conversation_id !== null && place.conversation_id !== talk.getState().conversation_id;
  if (elsewhere) await openConversation(stores, place.conversation_id);
  await nextPaint();
  while (!showMessage(place.message_id)) {
    if (!talk.getState().has_more) {
      stores.toast.getState().show(t('change.messageGone'));
      return;
    }
    await talk.getState().loadOlder();
    await nextPaint();
  }
  await settleOn(place.message_id);
}

/** Looks at most so often at where a message stands. */
const LOOKS = 60;
/** Still for so many looks, the place has settled: older messages may come in between. */
const CALM = 12;

// Turns that were out of sight take their real height once they are near: then the place is a little off.
async function settleOn(messageId: string): Promise<void> {
  let last: number | undefined;
  let calm = 0;
  for (let look = 0; look < LOOKS && calm < CALM; look += 1) {
    await nextPaint();
    const place = placeOf(messageId);
    place?.scrollIntoView({ block: 'center' });
    const top = place?.getBoundingClientRect().top;
    calm = top === last ? calm + 1 : 0;
    last = top;
  }
}

/** Goes to a message among the steps: every request and answer around it in full. */
export async function goToStep(stores: Stores, place: MessagePlace): Promise<void> {
  flushSync(() => stores.preferences.getState().change({ view: 'steps' }));
  await goToMessage(stores, place);
}

// Of an answer only its first message carries the id itself; the others stand inside it under `m-`.
function placeOf(messageId: string): HTMLElement | null {
  return document.getElementById(`m-${messageId}`) ?? document.getElementById(messageId);
}

function showMessage(messageId: string): boolean {
  const found = placeOf(messageId);
  if (found === null) return false;
  found.scrollIntoView({ block: 'center' });
  found.classList.remove('told');
  // Reading the width restarts the animation of a message shown twice.
  void found.offsetWidth;
  found.classList.add('told');
  return true;
}

// Two frames: in the first the talk still follows its end as it grows.
function nextPaint(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}
