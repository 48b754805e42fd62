import { t } from '../../messages/t.ts';
import type { Stores } from '../../state/stores.ts';
import { routeHref, writeAddress } from '../frame/route.ts';

/** Frames that the chat page and its blocks may take to be drawn. */
const MOST_FRAMES = 120;

const PANE = '.side.rr';
/** The pencil of the first block, or what adds one. */
const FIRST = '.blk .blk-h button, .more';

/**
 * Goes to the blocks beside the talk, with the focus on the first: shows their pane where it is hidden, and opens it over
 * the talk in a narrow window.
 */
export async function showBlocks({ preferences, memory }: Stores): Promise<void> {
  preferences.getState().change({ right_open: true });
  writeAddress(routeHref('chat'), 'push');
  let asked = false;
  for (let frames = 0; frames < MOST_FRAMES; frames += 1) {
    const pane = document.querySelector(PANE);
    if (pane?.checkVisibility() !== true) asked ||= openDrawer();
    else if (memory.getState().loaded && focusFirst(pane)) return;
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
}

function focusFirst(pane: Element): boolean {
  const first = pane.querySelector<HTMLElement>(FIRST);
  first?.focus();
  return first !== null;
}

/** Presses what shows the pane in a narrow window; `false` while it is not there. */
function openDrawer(): boolean {
  const label = t('chat.showRight');
  const buttons = [...document.querySelectorAll<HTMLElement>('.page > .head button')];
  const button = buttons.find((each) => each.ariaLabel === label && each.checkVisibility());
  button?.click();
  return button !== undefined;
}
